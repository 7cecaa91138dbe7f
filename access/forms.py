"""Forms of the gate: an email address and the page it is for, a code, a confirmation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from access import email_addresses
from access.models.pages import live_now

CODE_DIGITS = 6


class AddressField(forms.CharField):
    """An email address, cleaned to its canonical form."""

    default_error_messages = {
        "required": _("Enter your email address."),
        "invalid": _("That doesn’t look like an email address. Use the form name@example.org."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
        )
        super().__init__(**{"label": _("Email address"), "max_length": 320, "widget": widget, **kwargs})

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            return email_addresses.canonical(typed)
        except email_addresses.InvalidAddress as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class PointedField(forms.BoundField):
    """Takes the focus while it is wrong: what a failed form comes back for is read first, and typed over at once."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        return {**attrs, "autofocus": True} if self.errors else attrs


class LearnersForm(forms.Form):
    bound_field_class = PointedField


class AskForm(LearnersForm):
    """Ask for a mail. `page` is where the button will lead; one that is not there any more is simply forgotten."""

    email = AddressField()
    page = forms.Field(required=False, widget=forms.HiddenInput)

    second = forms.Field(required=False, widget=forms.HiddenInput)

    def clean_second(self) -> int:
        """Where in the page's video to go on; 0, the start, when that is not a moment of a day."""
        typed = str(self.cleaned_data["second"])
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0

    def clean_page(self) -> Page | None:
        typed = str(self.cleaned_data["page"])
        if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
            return None
        page = Page.objects.filter(live_now(), pk=int(typed)).first()
        return page.specific if page else None


class CodeForm(LearnersForm):
    """The six digits, typed in the tab that asked. Spaces and hyphens, which mail programs add, do not count."""

    code = forms.CharField(
        label=_("Code from the email"),
        help_text=_("Six digits."),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Enter the six digits from the email.")},
    )

    def clean_code(self) -> str:
        code = "".join(character for character in self.cleaned_data["code"] if character not in " -\u2009\u00a0")
        if not (code.isascii() and code.isdigit() and len(code) == CODE_DIGITS):
            raise forms.ValidationError(_("The code is six digits, such as 123456."), code="invalid")
        return code


class ConfirmForm(LearnersForm):
    """The address, typed in a browser other than the one that asked."""

    email = AddressField(help_text=_("The address this email was sent to."))
