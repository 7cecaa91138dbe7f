"""What buyers type: their address, where none is proved yet."""

from django import forms
from wagtail.models import Page

from access.forms import AddressField, AskForm, LearnersForm


class BuyForm(LearnersForm):
    """`page` is the lesson from which they came, and to which the paid checkout leads back."""

    email = AddressField()
    page = forms.Field(required=False, widget=forms.HiddenInput)

    def clean_page(self) -> Page | None:
        return AskForm.clean_page(self)  # type: ignore[arg-type]


class PayForm(LearnersForm):
    page = forms.Field(required=False, widget=forms.HiddenInput)

    def clean_page(self) -> Page | None:
        return AskForm.clean_page(self)  # type: ignore[arg-type]
