"""Forms for staff about orders: an amount to refund, another address, and many addresses at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.forms import AddressField
from access.staff.forms import GiveForm, ReasonForm
from courses.content import money
from courses.content.money import Money
from purchases.gifts import bulk_gifts

CLOSE, KEEP = "close", "keep"


class RefundForm(ReasonForm):
    """`shown` is what had been refunded when the form was shown: a second click, or a second person's, is refused."""

    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter how much to refund.")},
    )
    access = forms.ChoiceField(
        label=gettext_lazy("The course"),
        choices=[
            (CLOSE, gettext_lazy("Close it")),
            (KEEP, gettext_lazy("Let them keep it")),
        ],
        initial=CLOSE,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Only applies to a full refund. After a partial refund they keep the course anyway."),
    )
    shown = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ["amount", "access", "reason"]

    def __init__(self, data: Any = None, *, left: Money, shown: int, asks_access: bool) -> None:
        super().__init__(data, initial={"amount": f"{left.decimal:f}", "shown": shown})
        self.left = left
        self.fields["amount"].help_text = _(
            "In %(currency)s; %(left)s is left. A smaller amount is a partial refund."
        ) % {
            "currency": left.currency,
            "left": left,
        }
        if not asks_access:
            del self.fields["access"]

    def clean_amount(self) -> int:
        """Minor units."""
        try:
            amount = money.amount(self.cleaned_data["amount"], self.left.currency)
        except money.NotAPrice as problem:
            raise forms.ValidationError(str(problem), code="invalid") from problem
        if amount.minor <= 0:
            raise forms.ValidationError(_("Enter more than zero."), code="too_little")
        if amount.minor > self.left.minor:
            raise forms.ValidationError(_("You can refund at most %s.") % self.left, code="too_much")
        return amount.minor


class MoveForm(ReasonForm):
    address = AddressField(
        label=gettext_lazy("New address"),
        help_text=gettext_lazy("The email the buyer wants to use for the course."),
        error_messages={"required": gettext_lazy("Enter the email to transfer the order to.")},
    )

    field_order = ["address", "reason"]


class GiftForm(GiveForm):
    addresses = forms.CharField(
        label=gettext_lazy("Addresses"),
        max_length=bulk_gifts.MOST * 400,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=gettext_lazy("One per line or comma-separated; at most 500."),
        error_messages={"required": gettext_lazy("Enter or paste the addresses.")},
    )

    giver = forms.CharField(
        label=gettext_lazy("Given by"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("The name in the email, so that people know who gave them the course."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why you’re giving it, in the email. Everybody in this list gets the same."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["course", "addresses", "giver", "note", "reason"])

    def clean_giver(self) -> str:
        return " ".join(str(self.cleaned_data["giver"]).split())

    def clean_note(self) -> str:
        return " ".join(str(self.cleaned_data["note"]).split())

    def clean_addresses(self) -> list[str]:
        """In their canonical form, each once. Addresses that cannot get it are named line by line."""
        found, wrong = bulk_gifts.read(self.cleaned_data["addresses"])
        if wrong:
            raise forms.ValidationError([forms.ValidationError(said, code="invalid") for said in wrong])
        if len(found) > bulk_gifts.MOST:
            told = {"count": len(found), "most": bulk_gifts.MOST}
            raise forms.ValidationError(
                _("That’s %(count)s addresses; the limit is %(most)s at a time. Nothing was granted.") % told,
                code="many",
            )
        return found
