"""CoursePage: its public page is the syllabus, and what it asks of readers holds for its lessons."""

from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import StreamField
from wagtail.models import Page

from access.models import OpenPageMixin
from access.policy import Level, Status
from courses.content import blocks, search_text
from courses.content.forms import CoursePageForm
from courses.content.money import Money
from courses.content.panels import PricePanel
from courses.models.preview import AudiencePreviewMixin
from courses.models.stage import StagedPageMixin
from courses.models.topic import Topic
from library import renditions
from library.models import CustomImage


class Difficulty(models.TextChoices):
    BEGINNER = "beginner", _("Beginner")
    INTERMEDIATE = "intermediate", _("Intermediate")
    ADVANCED = "advanced", _("Advanced")


class CoursePage(OpenPageMixin, AudiencePreviewMixin, StagedPageMixin, Page):
    """A course. The page itself is open to everyone while it is live; `access` is what its lessons ask."""

    summary = models.CharField(
        _("summary"),
        max_length=300,
        help_text=_("One or two sentences on why to take this course."),
    )
    description = StreamField(
        blocks.DescriptionBlock(),
        blank=True,
        verbose_name=_("description"),
        help_text=_("What the course covers and who it’s for. Public."),
    )
    thumbnail = models.ForeignKey(
        "library.CustomImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("image"),
        help_text=_("Wide (16:9). Without one, the course gets a pattern of its own."),
    )
    thumbnail_alt = models.CharField(
        _("image alt text"),
        max_length=200,
        blank=True,
        help_text=_("Describe the image for people who can’t see it. Leave empty if it’s purely decorative."),
    )
    topics = ParentalManyToManyField(Topic, blank=True, related_name="courses", verbose_name=_("topics"))
    difficulty = models.CharField(_("difficulty"), max_length=16, choices=Difficulty, default=Difficulty.BEGINNER)
    access = models.CharField(
        _("access"),
        max_length=16,
        choices=Level,
        default=Level.ANYONE,
        help_text=_("What visitors need to open the lessons. Lessons marked as free preview are open to anyone."),
    )
    price = models.PositiveIntegerField(
        _("price"),
        null=True,
        blank=True,
        help_text=_("What the course costs, if it’s paid. Without a price it isn’t on sale."),
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    # Folded public text, written when the page is saved: what the catalogue searches.
    search_text = models.TextField(editable=False, default="", blank=True)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("summary", widget=AdminAutoHeightTextInput(attrs={"rows": 2})), FieldPanel("description")],
            heading=_("About the course"),
            help_text=_(
                "Everyone can read this once the course is published or coming soon: the summary in the catalogue "
                "and when the course is shared, the description on its page."
            ),
        ),
        MultiFieldPanel(
            [FieldPanel("thumbnail"), FieldPanel("thumbnail_alt")],
            heading=_("Image"),
            help_text=_("Visitors see it on the course’s card, at the top of its page, and when it’s shared."),
        ),
        MultiFieldPanel(
            [FieldPanel("topics", widget=forms.CheckboxSelectMultiple), FieldPanel("difficulty")],
            heading=_("In the catalogue"),
            help_text=_("Visitors find the course by its topics. The difficulty is shown on its card."),
        ),
        MultiFieldPanel(
            [
                FieldPanel("access"),
                PricePanel("price", permission="courses.set_price"),
                FieldPanel("currency", permission="courses.set_price"),
                FieldPanel("availability"),
            ],
            heading=_("Access and availability"),
            help_text=_("Visitors only notice a change here once it’s published."),
        ),
    ]

    parent_page_types = ["courses.CourseIndexPage"]
    subpage_types = ["courses.LessonPage"]
    admin_default_ordering = "ord"  # lessons are ordered by dragging
    template = "courses/course_page.html"
    base_form_class = CoursePageForm

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [
            *StagedPageMixin.Meta.constraints,
            models.CheckConstraint(name="course_access_is_known", condition=models.Q(access__in=Level.values)),
            models.CheckConstraint(
                name="course_difficulty_is_known", condition=models.Q(difficulty__in=Difficulty.values)
            ),
            models.CheckConstraint(
                name="course_price_has_currency",
                condition=models.Q(price=None, currency="") | models.Q(price__gt=0, currency__regex="^[A-Z]{3}$"),
            ),
        ]
        permissions = [("set_price", _("Can set the price of courses"))]

    @property
    def status(self) -> Status:
        return self.own_status

    @property
    def level(self) -> Level:
        """What it asks of its readers. ValueError for what no level is, which opens nothing."""
        return Level(self.access)

    @property
    def money(self) -> Money | None:
        """What a purchase costs, where one is asked for; None without a price."""
        return Money(self.price, self.currency) if self.price else None

    def uses(self, *, media: models.Model) -> bool:
        is_thumbnail = isinstance(media, CustomImage) and media.pk == self.thumbnail_id
        return is_thumbnail or blocks.shows(self.description, media)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = self.folded()
        super().save(*args, **kwargs)
        self.prepare_pictures()

    def write_search_text(self) -> None:
        """Bring the column up to date for the page as it is stored."""
        type(self).objects.filter(pk=self.pk).update(search_text=self.folded())

    def prepare_pictures(self) -> None:
        """Make the sizes that cards and the course page show, now, so that no visitor waits for them."""
        if self.live and self.thumbnail:
            renditions.prepare([self.thumbnail], [renditions.CARD, renditions.COVER])
        if self.live:
            renditions.prepare(blocks.images_in(self.description), renditions.BODY)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from courses.public import catalogue, syllabus

        entries = syllabus.entries_for(self, request)
        return {
            **super().get_context(request, *args, **kwargs),
            "card": catalogue.card(self, request, size=renditions.COVER, lessons=entries),
            "syllabus": entries,
            "sections": syllabus.sections(entries),
            "is_coming_soon": self.status.is_coming_soon,
        }

    def folded(self) -> str:
        description = self.description.stream_block.get_searchable_content(self.description)
        topics = [topic.name for topic in self.topics.all()]
        return search_text.fold(" ".join([self.title, self.summary, *map(str, description), *topics]))
