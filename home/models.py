"""HomePage, the front page; and the brand settings of the whole site."""

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page, Site

from access.models import OpenPageMixin
from access.models.pages import live_now
from courses.models import CourseIndexPage
from courses.models.preview import AudiencePreviewMixin
from courses.preview_time import Audience
from courses.public import catalogue
from home.demo import COURSES, LEARNER


class HomePage(OpenPageMixin, AudiencePreviewMixin, Page):
    """The front page: what the site is, and its newest courses."""

    headline = models.CharField(
        _("headline"),
        max_length=120,
        blank=True,
        help_text=_("The large line at the top. Leave empty to use the page’s title."),
    )
    lead = models.TextField(_("lead"), blank=True, help_text=_("One or two sentences below the headline."))

    content_panels = [*Page.content_panels, FieldPanel("headline"), FieldPanel("lead")]

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["courses.CourseIndexPage"]
    max_count = 1
    preview_modes = Audience.choices[:1]  # it reads the same to everyone
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        index = CourseIndexPage.objects.filter(live_now()).first()
        cards = catalogue.newest(request, self.as_of)
        has_demo = settings.IS_LOCAL and any(card.url.endswith(f"/{COURSES[0].slug}/") for card in cards)
        return {
            **super().get_context(request, *args, **kwargs),
            "cards": cards,
            "demo_learner": LEARNER if has_demo else "",
            "coming_soon": catalogue.coming_soon(request, self.as_of),
            "catalogue_url": index.get_url(request) if index else None,
        }


@register_setting(icon="home")
class BrandSettings(BaseSiteSetting):
    """The site's name and the words at its foot."""

    site_name = models.CharField(_("site name"), max_length=60, default="Lectern")
    tagline = models.CharField(_("tagline"), max_length=120, blank=True)
    footer_text = models.CharField(_("footer text"), max_length=255, blank=True)

    panels = [FieldPanel("site_name"), FieldPanel("tagline"), FieldPanel("footer_text")]

    class Meta:
        verbose_name = _("brand")

    @classmethod
    def for_site(cls, site: Site) -> "BrandSettings":
        """The site's brand, or the defaults: Wagtail's own would write a row on a visitor's first GET."""
        return cls.objects.filter(site=site).first() or cls(site=site)
