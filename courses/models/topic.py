"""Topics: what courses are about, and what the catalogue filters by."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.snippets.models import register_snippet


@register_snippet
class Topic(models.Model):
    courses: Any  # the other end of CoursePage.topics

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True, help_text=_("Used in the catalogue’s address."))

    panels = [TitleFieldPanel("name", targets=["slug"]), FieldPanel("slug")]

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        for course in self.courses.all():
            course.write_search_text()  # its name is part of what the catalogue searches

    def __str__(self) -> str:
        return self.name
