"""Actions of staff on an address (block, sign out, give a course): a page asks for a reason, the POST is logged."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from access import grants
from access.limits import blocking
from access.models import Email, Grant
from access.sessions import learner_sessions
from access.staff import explain, history
from access.staff.address import breadcrumbs
from access.staff.forms import GiveForm, ReasonForm


class ActionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, View):
    """Shows a form and, once it is posted, acts. `act` returns what to say, or "" where there was nothing to do."""

    model: Any = Email
    permission_required = "change"
    template_name = "access/staff/action.html"
    form_class: type[ReasonForm] = ReasonForm
    page_title: Any = ""
    header_icon = "user"
    explanation: Any = ""
    too_late: Any = ""

    @cached_property
    def email(self) -> Email:
        return get_object_or_404(Email, pk=self.kwargs["pk"])

    def act(self, form: ReasonForm) -> str:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form_class()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        with transaction.atomic():  # nothing is done that is not logged
            done = self.act(form)
        if done:
            messages.success(request, done)
        else:
            messages.warning(request, self.too_late)
        return redirect(self.done_url)

    @property
    def done_url(self) -> str:
        """Where they go on once it is done."""
        return reverse("learners:address", args=[self.email.pk])

    def write(self, action: str, form: ReasonForm, *, about: str = "") -> None:
        history.write(self.request, self.email, action, reason=form.cleaned_data["reason"], about=about)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return breadcrumbs(self.email, str(self.page_title))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "email": self.email,
            "explanation": self.explanation,
            "media": kwargs["form"].media,
            "action_url": self.request.path,
            "submit_button_label": self.page_title,
            "submit_button_active_label": _("Saving"),
        }


class BlockView(ActionView):
    page_title = gettext_lazy("Block this address")
    explanation = gettext_lazy(
        "They get no more email and are signed out everywhere right away. They keep their courses. Anyone who "
        "requests an email to this address isn’t told that it’s blocked."
    )
    too_late = gettext_lazy("It was already blocked.")

    def act(self, form: ReasonForm) -> str:
        if not blocking.block(self.email, now=timezone.now()):
            return ""
        self.write(history.BLOCK, form)
        return _("Blocked.")


class UnblockView(ActionView):
    page_title = gettext_lazy("Unblock this address")
    explanation = gettext_lazy("They can request emails again, and confirm again on each device.")
    too_late = gettext_lazy("It wasn’t blocked.")

    def act(self, form: ReasonForm) -> str:
        if not blocking.unblock(self.email):
            return ""
        self.write(history.UNBLOCK, form)
        return _("Unblocked.")


class EndSessionsView(ActionView):
    page_title = gettext_lazy("Sign out everywhere")
    explanation = gettext_lazy("Every device signed in with this email has to confirm it again.")
    too_late = gettext_lazy("It wasn’t signed in anywhere.")

    def act(self, form: ReasonForm) -> str:
        if not learner_sessions.end_all(self.email.address, now=timezone.now()):
            return ""
        self.write(history.END_SESSIONS, form)
        return _("Signed out everywhere.")


class GiveView(ActionView):
    model = Grant
    permission_required = "add"
    page_title = gettext_lazy("Grant a course")
    form_class = GiveForm
    explanation = gettext_lazy("The learner can open the whole course, as if they’d bought it, until you revoke it.")
    too_late = gettext_lazy("Staff have already granted this course to this address.")

    def act(self, form: ReasonForm) -> str:
        course = form.cleaned_data["course"]
        try:
            grants.give(self.email, course_key=course.translation_key, source=Grant.Source.STAFF, now=timezone.now())
        except grants.AlreadyGiven:
            return ""
        self.write(history.GIVE, form, about=course.title)
        return _("“%s” was granted.") % course.title


class TakeView(ActionView):
    model = Grant
    page_title = gettext_lazy("Revoke a course")
    too_late = gettext_lazy("It was already revoked, or it was bought: to end a purchase, open its order.")

    @cached_property
    def grant(self) -> Grant:
        return get_object_or_404(Grant, pk=self.kwargs["pk"])

    @cached_property
    def email(self) -> Email:
        return get_object_or_404(Email, grants=self.grant)  # an erased address has left its grants behind

    @cached_property
    def course(self) -> str:
        return explain.course_titles([self.grant.course_key])[self.grant.course_key]

    @property
    def explanation(self) -> str:
        return _(
            "“%(course)s” (%(source)s) closes to this address with their next click. This doesn’t refund any money."
        ) % {
            "course": self.course,
            "source": self.grant.get_source_display(),
        }

    def act(self, form: ReasonForm) -> str:
        # What is paid for would be given back by the next look at the payment: its order is the place for that.
        if self.grant.source == Grant.Source.PURCHASE or not grants.take(self.grant, now=timezone.now()):
            return ""
        self.write(history.TAKE, form, about=self.course)
        return _("“%s” was revoked.") % self.course
