"""LessonChapter: a named part of a lesson's video."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel

from courses.content.timecode import TimecodeField


class LessonChapter(models.Model):
    """From a second on, until the next one begins; drafted and reviewed with the lesson."""

    lesson = ParentalKey("courses.LessonPage", on_delete=models.CASCADE, related_name="chapters")
    start = TimecodeField(_("start"), help_text=_("Where it starts, as minutes and seconds: 1:23, or 1:02:03."))
    title = models.CharField(_("title"), max_length=120)

    panels = [FieldPanel("start"), FieldPanel("title")]

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        # That no two start at the same second is for the form to see: rows are written one by one, and a database that
        # saw it would refuse chapters that are all moved by half a minute.
        ordering = ["start"]

    def __str__(self) -> str:
        return self.title
