"""CourseIndexPage, the catalogue's page."""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from access.models import OpenPageMixin
from courses.models.preview import AudiencePreviewMixin
from courses.preview_time import Audience


class CourseIndexPage(OpenPageMixin, AudiencePreviewMixin, Page):
    """Lists the live courses; visitors search and filter them."""

    intro = models.TextField(_("introduction"), blank=True, help_text=_("One or two sentences above the courses."))

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    parent_page_types = ["home.HomePage"]
    subpage_types = ["courses.CoursePage"]
    max_count = 1
    preview_modes = Audience.choices[:1]  # it reads the same to everyone
    template = "courses/course_index_page.html"

    class Meta:
        verbose_name = _("catalogue")
        verbose_name_plural = _("catalogues")

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        from courses.public import catalogue

        form = catalogue.CatalogueForm(request.GET)
        results = catalogue.search(request, form, self.as_of) if form.is_valid() else None
        if results is None:
            context = {"problems": form.problems(), "catalogue_url": self.get_url(request)}
            return render(request, "courses/bad_filter.html", context, status=400)
        context = {
            **self.get_context(request, *args, **kwargs),
            "form": form,
            "cards": results.cards,
            "page_obj": results.page,
            "total": results.page.paginator.count,
            "is_filtered": any(value for name, value in form.cleaned_data.items() if name != "page"),
        }
        is_swap = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
        response = render(request, self.template + ("#results" if is_swap else ""), context)
        patch_vary_headers(response, ["HX-Request"])
        return response
