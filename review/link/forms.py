"""Forms of review links: what a reviewer looks at and says, and how an editor makes a link."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access.forms import AddressField, LearnersForm
from review.link.links import DEFAULT_DAYS, MOST_DAYS


class LookForm(forms.Form):
    """Whose eyes to look with, and when. Sent by GET: it is a choice, and nothing is kept of it."""

    audience = forms.ChoiceField(label=_("Preview as"))
    at = forms.DateTimeField(
        label=_("At"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"invalid": _("That date or time doesn’t exist.")},
    )

    def __init__(self, data: Any, *, audiences: list[tuple[str, Any]], zone: str) -> None:
        self.default = audiences[-1][0]  # the one who sees the most
        super().__init__({"audience": data.get("audience", self.default), "at": data.get("at", "")})
        self.fields["audience"].choices = audiences  # type: ignore[attr-defined]
        self.fields["at"].help_text = _("Time in %(zone)s. Leave empty for as soon as it’s out.") % {"zone": zone}

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if at is not None and not 2000 <= at.year < 2200:
            raise forms.ValidationError(_("That date or time doesn’t exist."), code="invalid")
        return at


class SayForm(LearnersForm):
    """A comment or a decision, about the revision that was looked at."""

    page_id = forms.IntegerField(widget=forms.HiddenInput, max_value=2**62)
    revision_id = forms.IntegerField(widget=forms.HiddenInput, max_value=2**62)
    text = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The author sees this with your email. To send the page back, say what should change."),
    )
    in_spite_of = forms.CharField(
        label=_("Why it should be published anyway"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Required to approve it as it is. It’s kept in the page’s history."),
    )


class LinkForm(forms.Form):
    mailbox = AddressField(
        label=_("For"), help_text=_("The reviewer’s email: only they can comment, approve or send back.")
    )
    days = forms.IntegerField(
        label=_("Open for, in days"), initial=DEFAULT_DAYS, min_value=1, max_value=MOST_DAYS, help_text=_("1 to 30.")
    )
    with_lessons = forms.BooleanField(
        label=_("Include lessons"), required=False, help_text=_("Includes its lessons, as drafted.")
    )
