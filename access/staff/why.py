"""The form 'Why can't they see this?': an address and a page in, the policy's decision and its reasons out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from access.models import Email
from access.staff import explain
from access.staff.forms import WhyForm


class WhyView(PermissionCheckedMixin, WagtailAdminTemplateMixin, View):
    """Posted, though nothing changes: an address does not belong into a URL, which servers write down."""

    model = Email
    permission_required = "view"
    template_name = "access/staff/why.html"
    page_title = gettext_lazy("Why can’t they open this?")
    header_icon = "help"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        learner = request.GET.get("learner", "")
        is_number = learner.isascii() and learner.isdigit() and len(learner) < 19
        email = Email.objects.filter(pk=int(learner)).first() if is_number else None
        form = WhyForm(initial={"address": email.address} if email else None)
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WhyForm(request.POST)
        found: dict[str, Any] = {}
        if form.is_valid():
            address, page = form.cleaned_data["address"], form.cleaned_data["page"].specific
            answer = explain.why(address, page, now=timezone.now())
            email = Email.objects.filter(address=address).first()
            found = {"answer": answer, "is_allowed": answer.decision.is_allowed, "page": page, "email": email}
        return self.render_to_response(self.get_context_data(form=form, **found))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("learners:index"), "label": _("Learners")},
            {"url": "", "label": str(self.page_title)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "media": kwargs["form"].media,
            "action_url": self.request.path,
            "submit_button_label": _("Explain"),
            "submit_button_active_label": _("Looking"),
        }
