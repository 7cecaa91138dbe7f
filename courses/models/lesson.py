"""LessonPage: what is taught, on one page. It inherits its access from its course, or is a free preview."""

import math
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtailmedia.edit_handlers import MediaChooserPanel

from access import policy
from access.models import RestrictedPageMixin
from access.policy import Status
from access.teaser import Teaser
from courses.content import blocks, captions, search_text
from courses.content.forms import LessonPageForm
from courses.models.course import CoursePage
from courses.models.preview import AudiencePreviewMixin
from courses.models.stage import StagedPageMixin
from library import renditions
from library.models import Video

MOST_MINUTES = 1000
WORDS_A_MINUTE = 200  # of somebody who reads to learn


class LessonPage(RestrictedPageMixin, AudiencePreviewMixin, StagedPageMixin, Page):
    """A lesson. Public while live: title, summary, section, minutes, place and poster. All else is for readers."""

    _course: CoursePage | None = None

    summary = models.CharField(
        _("summary"),
        max_length=300,
        help_text=_("What learners will be able to do after this lesson."),
    )
    video = models.ForeignKey(
        "library.Video", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("video")
    )
    body = StreamField(blocks.LessonBlock(), blank=True, verbose_name=_("body"))
    section = models.CharField(
        _("section"),
        max_length=120,
        blank=True,
        help_text=_("If a new section of the course starts with this lesson, its title. Leave empty otherwise."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=0,
        blank=True,
        validators=[MaxValueValidator(MOST_MINUTES)],
        help_text=_("How long the lesson takes. Leave empty to use the video’s length, or the text’s reading time."),
    )
    is_free_preview = models.BooleanField(
        _("free preview"), default=False, help_text=_("Open to anyone, whatever the course requires.")
    )

    # The translation key of the course whose access it had when it was last live there. Wagtail copies it like any
    # field, and moving leaves it alone. So a copy, or a moved lesson, is known under a course that asks for less: it
    # goes on asking what it asked (courses.public.restriction) until a publisher decides (courses.staff.own_access). It
    # belongs to the page, not to its revisions: an old draft must not bring back what was decided.
    origin_course = models.UUIDField(null=True, editable=False)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("summary", widget=AdminAutoHeightTextInput(attrs={"rows": 2})),
                FieldPanel("minutes"),
                FieldPanel("section"),
            ],
            heading=_("In the syllabus"),
            help_text=_("Everyone can read this and the title once the lesson is published, even while it’s locked."),
        ),
        MultiFieldPanel(
            [
                MediaChooserPanel("video", media_type="video"),
                InlinePanel("captions", heading=_("Captions"), label=_("captions")),
                InlinePanel("chapters", heading=_("Chapters"), label=_("chapter")),
            ],
            heading=_("Video"),
            help_text=_(
                "Shown above the text to people with access; only its poster is public. Its transcript is made from "
                "the captions. Without captions it’s the text that’s written with the video, under Media."
            ),
        ),
        MultiFieldPanel(
            [FieldPanel("body")],
            heading=_("Text"),
            help_text=_("Shown only to people with access. Use headings, starting at level 2."),
        ),
        MultiFieldPanel(
            [FieldPanel("is_free_preview"), FieldPanel("availability")],
            heading=_("Access and availability"),
            help_text=_(
                "Access is set on the course. Visitors notice a change here once it’s published, and never before "
                "the course opens."
            ),
        ),
    ]

    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []
    template = "courses/lesson_page.html"
    base_form_class = LessonPageForm

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        constraints = StagedPageMixin.Meta.constraints

    @property
    def status(self) -> Status:
        """Never further along than its course."""
        course = self.course
        return policy.least([self.own_status, course.status if course else Status.DRAFT])

    @property
    def course(self) -> CoursePage | None:
        """The course it stands in, in one query; None for an orphan. Looked up once, until the lesson is moved."""
        place = self.path[: -self.steplen]
        if self._course is None or self._course.path != place:
            self._course = self.as_of.find(CoursePage, place)
        return self._course

    @course.setter
    def course(self, found: CoursePage) -> None:
        """Keep the course that somebody has just looked up."""
        self._course = found

    def unpublished_holder(self) -> CoursePage | None:
        course = CoursePage.objects.filter(path=self.path[: -self.steplen], live=False).first()
        return course and (course.get_scheduled_revision_as_object() or course.get_latest_revision_as_object())

    def restriction(self) -> policy.Restriction:
        from courses.public import restriction

        return restriction.restriction_for(self)

    def teaser(self, request: HttpRequest) -> Teaser:
        from courses.public import lesson_teaser

        return lesson_teaser.teaser(self, request)

    def uses(self, *, media: models.Model) -> bool:
        return (isinstance(media, Video) and media.pk == self.video_id) or blocks.shows(self.body, media)

    def clean(self) -> None:
        super().clean()
        if not self.minutes:
            needed = self.video.duration / 60 if self.video else search_text.words_in(self.body) / WORDS_A_MINUTE
            self.minutes = min(math.ceil(needed), MOST_MINUTES)

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            if not kwargs.get("update_fields"):
                self.settle_origin()
                self._let_captions_trade_languages()
            super().save(*args, **kwargs)
        self.prepare_pictures()

    def _let_captions_trade_languages(self) -> None:
        """Rows are saved one by one: none may find its new language taken by one that is about to give it up."""
        given = {caption.pk: caption.language for caption in self.captions.all() if caption.pk}
        for stored in LessonCaption.objects.filter(pk__in=given) if given else ():
            if stored.language != given[stored.pk]:
                LessonCaption.objects.filter(pk=stored.pk).update(language=f"~{stored.pk}")

    def settle_origin(self) -> None:
        """Let it follow the course it stands in: at once when it is new, and once it is live there unless that course
        asks for less than the one it came from."""
        from courses.public import restriction

        key = self.course.translation_key if self.course else None
        if key is None or self.origin_course == key:
            return
        if self.origin_course is None or (self.live and not restriction.is_looser(key, than=self.origin_course)):
            self.origin_course = key

    def with_content_json(self, content: dict[str, Any]) -> "LessonPage":
        found: LessonPage = super().with_content_json(content)
        found.origin_course = self.origin_course
        return found

    def prepare_pictures(self) -> None:
        """Make the sizes the body shows, now, so that no reader waits for them."""
        if self.live:
            renditions.prepare(blocks.images_in(self.body), renditions.BODY)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from courses.public import lesson_context

        return {**super().get_context(request, *args, **kwargs), **lesson_context.context(self, request)}


class LessonCaption(Orderable):
    """The captions of a lesson's video in one language, as WebVTT text; drafted and reviewed with the lesson."""

    lesson = ParentalKey(LessonPage, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(
        _("language"),
        max_length=12,
        default="en",
        validators=[RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$", _("Use a language code such as en or pt-BR."))],
        help_text=_("A language code such as en, de or pt-BR."),
    )
    label = models.CharField(
        _("label"), max_length=40, default="English", help_text=_("Its name in the player’s menu, in that language.")
    )
    vtt = models.TextField(
        _("captions"),
        help_text=_("The text of a WebVTT file: WEBVTT on the first line, then timings and text."),
    )

    panels = [FieldPanel("language"), FieldPanel("label"), FieldPanel("vtt")]

    class Meta(Orderable.Meta):
        verbose_name = _("captions")
        verbose_name_plural = _("captions")
        constraints = [models.UniqueConstraint(name="captions_once_a_language", fields=["lesson", "language"])]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        super().clean()
        if problem := captions.problem(self.vtt):
            raise ValidationError({"vtt": problem})
