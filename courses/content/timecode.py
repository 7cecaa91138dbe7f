"""Timecode: a place in a video as people write it, 1:23 or 1:02:03, stored as whole seconds."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import FieldComparison, register_comparison_class

TYPED = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)", re.ASCII)


def written(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def read(text: str) -> int | None:
    """None for what is no timecode. More than an hour may be written in minutes: 75:00."""
    typed = TYPED.fullmatch(text.strip())
    if typed is None or (typed[1] and int(typed[2]) >= 60):
        return None
    return int(typed[1] or 0) * 3600 + int(typed[2]) * 60 + int(typed[3])


class TimecodeFormField(forms.Field):
    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        seconds = read(str(value))
        if seconds is None:
            raise ValidationError(_("Write the time as minutes and seconds, such as 1:23 or 1:02:03."))
        return seconds

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))


class TimecodeField(models.PositiveIntegerField):  # type: ignore[type-arg]
    def formfield(self, **kwargs: Any) -> Any:
        given = {"label": self.verbose_name, "help_text": self.help_text, "required": not self.blank}
        return TimecodeFormField(**given | {name: kwargs[name] for name in ("required", "widget") if name in kwargs})


class TimecodeComparison(FieldComparison):
    """As it was typed, where two versions of a page are compared."""

    val_a: Any
    val_b: Any

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.val_a, self.val_b = ("" if seconds is None else written(seconds) for seconds in (self.val_a, self.val_b))


register_comparison_class(TimecodeField, comparison_class=TimecodeComparison)
