"""The buyer's form: an email address, where none is proved yet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from access.forms import AddressField, AskForm, LearnersForm


class PayForm(LearnersForm):
    """`page` is the lesson from which they came, and to which the paid checkout leads back."""

    page = forms.Field(required=False, widget=forms.HiddenInput)

    def clean_page(self) -> Page | None:
        return AskForm.clean_page(self)  # type: ignore[arg-type]


class BuyForm(PayForm):
    email = AddressField()


class MoveForm(LearnersForm):
    """Another address than `own`, which has bought."""

    email = AddressField(label=_("New email address"))

    def __init__(self, *args: Any, own: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if address == self.own:
            raise forms.ValidationError(_("Your purchases are already at that address. Enter the other one."))
        return address
