"""The page 'Give a course to many': a course, addresses, a reason; nothing is done until all addresses are right."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from access.models import Grant
from access.staff import history
from purchases.gifts import bulk_gifts
from purchases.gifts.bulk_gifts import Given
from purchases.staff.forms import GiftForm


class GiftsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, View):
    model = Grant
    permission_required = "add"
    template_name = "purchases/staff/gifts.html"
    page_title = gettext_lazy("Give a course to several people")
    header_icon = "group"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._shown(GiftForm(initial={"giver": _giver(request)}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = GiftForm(request.POST)
        if not form.is_valid():
            return self._shown(form)
        given = self._give(form)
        self._tell(given, form.cleaned_data["course"].title)
        return redirect(reverse("gifts:index"))

    def _give(self, form: GiftForm) -> Given:
        """Nothing is given that is not logged."""
        asked = form.cleaned_data
        course_key, giver = asked["course"].translation_key, asked["giver"] or _giver(self.request)
        with transaction.atomic():
            given = bulk_gifts.give(
                asked["addresses"], course_key=course_key, giver=giver, note=asked["note"], now=timezone.now()
            )
            for email in given.to:
                history.write(self.request, email, history.GIVE, reason=asked["reason"], about=asked["course"].title)
        return given

    def _tell(self, given: Given, title: str) -> None:
        if given.to:
            said = ngettext(
                "“%(course)s” was given to %(count)s person. We’re sending them an email.",
                "“%(course)s” was given to %(count)s people. We’re emailing each of them.",
                len(given.to),
            )
            messages.success(self.request, said % {"course": title, "count": len(given.to)})
        if given.had_it:
            said = _("These already had “%(course)s” and won’t get an email: %(addresses)s")
            addresses = ", ".join(email.address for email in given.had_it)
            messages.warning(self.request, said % {"course": title, "addresses": addresses})

    def _shown(self, form: GiftForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": str(self.page_title)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "media": kwargs["form"].media,
            "action_url": self.request.path,
            "submit_button_label": _("Give the course"),
            "submit_button_active_label": _("Giving"),
        }


def _giver(request: HttpRequest) -> str:
    """The staff member's name, or else the site's. Never what they log in with: the mail goes to strangers."""
    user = request.user
    return (user.get_full_name() if isinstance(user, AbstractUser) else "") or settings.WAGTAIL_SITE_NAME
