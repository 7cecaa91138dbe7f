"""The editor's forms: a course's price is typed as money, and stored in minor units; chapters fit into the video."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from courses.content import money, timecode


class LessonPageForm(WagtailAdminPageForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if chapters := self.formsets.get("chapters"):
            self._place(chapters, end=cleaned["video"].duration if cleaned.get("video") else 0)
        return cleaned

    def _place(self, chapters: Any, *, end: float) -> None:
        """Each has a second of its own, before the end of the video where its length is known."""
        taken = set()
        for form in chapters.forms:
            start = None if form in chapters.deleted_forms else form.cleaned_data.get("start")
            if start is None:
                continue
            if end and start >= end:
                form.add_error("start", _("The video ends at %(length)s.") % {"length": timecode.written(int(end))})
            if start in taken:
                form.add_error("start", _("Another chapter starts at that second."))
            taken.add(start)


class CoursePageForm(WagtailAdminPageForm):
    """Who may not set prices has neither field (the panels' permission), and what is stored stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "price" not in self.fields:
            return
        model_field = self.fields["price"]
        self.fields["price"] = forms.CharField(
            label=model_field.label,
            help_text=model_field.help_text,
            required=False,
            max_length=20,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )
        self.fields["currency"] = forms.ChoiceField(
            label=_("currency"), choices=money.choices(), initial=money.default_currency()
        )
        price = self.instance.money
        self.initial["price"] = f"{price.decimal:f}" if price else ""
        self.initial["currency"] = self.instance.currency or money.default_currency()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        typed, currency = cleaned.get("price"), cleaned.get("currency")
        if "price" not in self.fields or currency is None:
            return cleaned
        cleaned |= {"price": None, "currency": ""}
        if typed and not currency:
            self.add_error("currency", _("Choose the currency of the price."))
        elif typed:
            try:
                price = money.read(typed, currency)
                cleaned |= {"price": price.minor, "currency": price.currency}
            except money.NotAPrice as problem:
                self.add_error("price", str(problem))
        return cleaned
