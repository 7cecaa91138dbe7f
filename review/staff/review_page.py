"""The review page in the admin: a reviewer looks at what waits, and decides."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
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
from wagtail.models import Page, Revision, TaskState

from courses.editing import access_change, readiness
from courses.preview_time import Audience
from release import release_summary
from review import changes, decisions
from review.models import ReviewNote, ReviewTask
from review.reviewers import AccountReviewer
from review.staff.links import may_link
from review.staff.preview import DEFAULT


class DecisionForm(forms.Form):
    revision_id = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The author sees this with your name. To send it back, say what should change."),
    )
    in_spite_of = forms.CharField(
        label=gettext_lazy("Why it should be published anyway"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Something is missing. Your reason is kept in the page’s history."),
    )
    keep = forms.BooleanField(
        label=gettext_lazy("Grant the course to everyone who would lose it"),
        required=False,
    )


# Where a refusal is fixed, if it is in the form.
FIELDS: dict[type[decisions.DecisionRefused], str] = {
    decisions.NothingSaid: "text",
    decisions.BlockedByChecks: "in_spite_of",
}


class LookView(WagtailAdminTemplateMixin, View):
    template_name = "review/staff/look.html"
    page_title = gettext_lazy("Review")
    header_icon = "clipboard-list"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        rights = self.page.permissions_for_user(request.user)
        if not (self.may_decide or rights.can_edit() or rights.can_publish()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def task_state(self) -> TaskState:
        states = TaskState.objects.filter(task__in=ReviewTask.objects.all(), revision__isnull=False)
        found: TaskState = get_object_or_404(states, pk=self.kwargs["task_state_id"])
        return found

    @cached_property
    def revision(self) -> Revision:
        return self.task_state.revision

    @cached_property
    def page(self) -> Page:
        return get_object_or_404(Page, pk=self.revision.object_id).specific

    @cached_property
    def is_waiting(self) -> bool:
        return decisions.waiting(self.page) == self.task_state

    @cached_property
    def may_decide(self) -> bool:
        """Once it is decided nobody: what a reviewer without any other right was shown is closed again."""
        return self.is_waiting and bool(self.task_state.task.specific.get_actions(self.page, self.request.user))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DecisionForm(initial={"revision_id": self.revision.pk})
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DecisionForm(request.POST)
        act = self.acts().get(request.POST.get("act", ""))
        if act is None or not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            said = act(form.cleaned_data)
        except decisions.DecisionRefused as refusal:
            form.add_error(FIELDS.get(type(refusal)), str(refusal.sentence))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(request, said)
        if request.POST["act"] == "comment":
            return redirect("reviews:look", self.task_state.pk)
        return redirect("wagtailadmin_home")

    def acts(self) -> dict[str, Callable[[dict[str, Any]], str]]:
        return {"comment": self.comment, "return": self.send_back, "approve": self.approve}

    def said(self, data: dict[str, Any]) -> dict[str, Any]:
        return {
            "revision_id": data["revision_id"],
            "by": AccountReviewer(user=self.request.user),
            "text": data["text"],
            "now": timezone.now(),
        }

    def comment(self, data: dict[str, Any]) -> str:
        decisions.comment(self.page, **self.said(data))
        return _("Your comment was sent to the author.")

    def send_back(self, data: dict[str, Any]) -> str:
        decisions.send_back(self.task_state.pk, **self.said(data))
        return _("“%s” was sent back to its author.") % self.title

    def approve(self, data: dict[str, Any]) -> str:
        with transaction.atomic():  # nobody is given a course whose change was refused after all
            if data["keep"] and self.may_decide:
                access_change.keep(self.page, now=timezone.now())
            decisions.approve(self.task_state.pk, in_spite_of=data["in_spite_of"], **self.said(data))
        return _("“%s” was approved.") % self.title

    @cached_property
    def title(self) -> str:
        return str(self.revision.as_object().get_admin_display_title())

    def get_page_subtitle(self) -> str:
        return self.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": _("Review"), "sublabel": self.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        proposed = self.revision.as_object()
        scheduled = self.page.scheduled_revision
        checks = readiness.checks_for(proposed)
        return {
            **super().get_context_data(**kwargs),
            "page": self.page,
            "revision": self.revision,
            "workflow_state": self.task_state.workflow_state,
            "task_state": self.task_state,
            "is_waiting": self.is_waiting,
            "is_stale": self.is_waiting and self.page.latest_revision_id != self.revision.pk,
            "may_decide": self.may_decide,
            "may_link": may_link(self.page, self.request.user),
            "announced": release_summary.sentence(self.page, self.revision, now),
            "effect": access_change.effect(self.page, self.revision),
            "replaced_schedule": scheduled if scheduled and scheduled.pk != self.revision.pk else None,
            "decisive": changes.decisive(self.revision),
            "checks": checks,
            "is_blocked": bool(readiness.blocking(proposed)),
            "comparisons": self.comparisons(proposed),
            "audiences": Audience.choices,
            "default_audience": DEFAULT,
            "notes": ReviewNote.objects.filter(page=self.page.pk).select_related("user"),
        }

    def comparisons(self, proposed: Page) -> list[tuple[str, list[Any]]]:
        """Against what is live, and against what was last sent back: has it been fixed?"""
        found = []
        if self.page.live:
            found.append((_("Compared with the live version"), changes.comparison(self.page, proposed, self.request)))
        returned = (
            ReviewNote.objects.filter(page=self.page.pk, kind=ReviewNote.Kind.RETURN, revision__isnull=False)
            .exclude(revision=self.revision)
            .last()
        )
        if returned and returned.revision:
            before = returned.revision.as_object()
            found.append((_("Since it was last sent back"), changes.comparison(before, proposed, self.request)))
        return found
