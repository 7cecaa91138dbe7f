"""Forms for staff: a reason, a course, an address and a page; and the one for a new password."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import PasswordResetForm
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page, get_page_models

from access.forms import AddressField
from access.models import RestrictedPageMixin
from access.sessions import network
from access.staff_accounts import password_reset


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        strip=True,
        help_text=_("Kept in the site history with your name. Don’t write anything personal about the learner."),
        error_messages={"required": _("Say why. It’s kept with your name, in case someone asks later.")},
    )


class GiveForm(ReasonForm):
    """A page that holds restricted pages is what a grant opens: a course."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        models = [model for model in get_page_models() if _holds_restricted_pages(model)]
        self.fields["course"] = forms.ModelChoiceField(
            queryset=Page.objects.type(*models),
            label=_("Course"),
            widget=AdminPageChooser(target_models=models),
            error_messages={"required": _("Choose the course.")},
        )
        self.order_fields(["course", "reason"])


class NewPasswordForm(PasswordResetForm):
    """Wagtail's, but that it queues a request instead of mailing while a stranger waits."""

    def save(self, *, request: HttpRequest, **options: Any) -> None:
        client = network.client_network(request)
        password_reset.request_mail(self.cleaned_data["email"], client=client, now=timezone.now())


class WhyForm(forms.Form):
    address = AddressField(help_text=_("As the learner typed it."))
    page = forms.ModelChoiceField(
        queryset=Page.objects.filter(depth__gt=1),
        label=_("Page"),
        widget=AdminPageChooser(),
        error_messages={"required": _("Choose the page they can’t open.")},
    )


def _holds_restricted_pages(model: type[Page]) -> bool:
    return any(issubclass(child, RestrictedPageMixin) for child in model.allowed_subpage_models())
