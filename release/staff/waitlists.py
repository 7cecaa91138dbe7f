"""The report 'Waitlists': how many wait for which course, who they are, and taking somebody off."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from access.models import Email
from access.staff import history
from access.staff.actions import ActionView
from access.staff.forms import ReasonForm
from access.staff.listing import neutral
from courses.models import CoursePage
from release.models import WaitlistEntry

REMOVE = "release.remove"
ACTIONS = {REMOVE: gettext_lazy("Removed from a waitlist")}


class WaitlistReport(ReportView):
    """A report for those who may see waitlists; its export asks for a right of its own, and is safe to open."""

    permission_policy = ModelPermissionPolicy(WaitlistEntry)
    permission_required = "view"
    header_icon = "mail"
    results_template_name = "access/staff/results.html"

    @cached_property
    def show_export_buttons(self) -> bool:
        return bool(self.request.user.has_perm("release.export_waitlistentry"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_export and not self.show_export_buttons:
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return neutral(super().preprocess_field_value(field, value, export_format))


class CoursesView(WaitlistReport):
    page_title = gettext_lazy("Waitlists")
    index_url_name = "waitlists:index"
    index_results_url_name = "waitlists:index_results"
    verbose_name_plural = gettext_lazy("waitlists")
    export_filename = "waitlists"
    list_export = ["title", "waiting", "unconfirmed", "told", "given_up"]
    export_headings = {
        "title": gettext_lazy("Course"),
        "waiting": gettext_lazy("Waiting"),
        "unconfirmed": gettext_lazy("Not confirmed"),
        "told": gettext_lazy("Notified"),
        "given_up": gettext_lazy("Failed"),
    }

    @cached_property
    def columns(self) -> list[Column]:
        counts = [NumberColumn(name, label=self.export_headings[name]) for name in self.list_export[1:]]
        return [
            TitleColumn(
                "title",
                label=_("Course"),
                get_url=lambda course: reverse("waitlists:course", args=[course.translation_key]),
            ),
            *counts,
        ]

    def get_queryset(self) -> QuerySet[CoursePage]:
        entries = WaitlistEntry.objects.filter(course_key=OuterRef("translation_key"))
        return (
            CoursePage.objects.filter(Exists(entries), alias_of=None)
            .annotate(
                waiting=_count(entries.waiting()),
                unconfirmed=_count(entries.exclude(pk__in=WaitlistEntry.objects.confirmed())),
                told=_count(entries.filter(sent_at__isnull=False)),
                given_up=_count(entries.filter(parked_at__isnull=False)),
            )
            .order_by("-waiting", "title")
        )


class RemoveColumn(TitleColumn):
    def get_link_url(self, instance: WaitlistEntry, parent_context: Any) -> str:
        return reverse("waitlists:remove", args=[instance.pk])

    def get_link_attrs(self, instance: WaitlistEntry, parent_context: Any) -> dict[str, Any]:
        return {"aria-label": _("Remove %s from the waitlist") % instance.email}


class PeopleView(WaitlistReport):
    """Who waits for one course."""

    page_title = gettext_lazy("Waitlist")
    verbose_name_plural = gettext_lazy("waitlist entries")
    export_filename = "waitlist"
    list_export = ["email.address", "asked_at", "confirmed", "sent_at", "parked_at"]
    export_headings = {"email.address": gettext_lazy("Address"), "confirmed": gettext_lazy("Confirmed")}

    @cached_property
    def course(self) -> CoursePage:
        found = CoursePage.objects.filter(translation_key=self.kwargs["key"]).order_by("pk").first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def columns(self) -> list[Column]:
        may_remove = self.request.user.has_perm("release.delete_waitlistentry")
        return [
            Column("address", label=_("Address"), accessor="email.address"),
            StatusTagColumn("state", label=_("State"), accessor=state, primary=lambda entry: entry.confirmed),
            DateColumn("asked_at", label=_("Requested")),
            DateColumn("sent_at", label=_("Notified")),
            *([RemoveColumn("remove", label=_("Remove"), accessor=lambda _entry: _("Remove"))] if may_remove else []),
        ]

    def get_queryset(self) -> QuerySet[WaitlistEntry]:
        is_confirmed = Q(pk__in=WaitlistEntry.objects.confirmed())
        entries = WaitlistEntry.objects.filter(course_key=self.course.translation_key).select_related("email")
        return entries.annotate(confirmed=is_confirmed).order_by("-asked_at", "-pk")

    def as_spreadsheet(self, queryset: QuerySet[WaitlistEntry], spreadsheet_format: str) -> HttpResponse:
        history.write_export(self.request, count=queryset.count(), of=self.course.title)
        return super().as_spreadsheet(queryset, spreadsheet_format)

    def get_page_subtitle(self) -> str:
        return str(self.course.title)

    def get_index_url(self) -> str:
        return reverse("waitlists:course", args=[self.course.translation_key])

    def get_index_results_url(self) -> str:
        return reverse("waitlists:course_results", args=[self.course.translation_key])

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return breadcrumbs(str(self.course.title))


class RemoveView(ActionView):
    model = WaitlistEntry
    permission_required = "delete"
    page_title = gettext_lazy("Remove from the waitlist")
    header_icon = "mail"
    explanation = gettext_lazy("They won’t be emailed about this course unless they ask again.")
    too_late = gettext_lazy("They were no longer on the waitlist.")

    @cached_property
    def entry(self) -> WaitlistEntry:
        return get_object_or_404(WaitlistEntry.objects.select_related("email"), pk=self.kwargs["pk"])

    @cached_property
    def email(self) -> Email:
        return self.entry.email

    @cached_property
    def course(self) -> str:
        return title_of(self.entry.course_key)

    def act(self, form: ReasonForm) -> str:
        if not WaitlistEntry.objects.filter(pk=self.entry.pk).delete()[0]:
            return ""
        self.write(REMOVE, form, about=self.course)
        return _("Removed from the waitlist for “%s”.") % self.course

    @property
    def done_url(self) -> str:
        return reverse("waitlists:index")

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return breadcrumbs(str(self.page_title))


def state(entry: Any) -> str:
    if entry.sent_at:
        return _("Notified")
    if entry.parked_at:
        return _("Failed: the mail server didn’t accept it, or the address is blocked")
    return _("Waiting") if entry.confirmed else _("Not confirmed")


def title_of(key: UUID) -> str:
    return CoursePage.objects.filter(translation_key=key).values_list("title", flat=True).first() or _("A course")


def breadcrumbs(last: str) -> list[dict[str, str]]:
    return [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("waitlists:index"), "label": _("Waitlists")},
        {"url": "", "label": last},
    ]


def _count(entries: QuerySet[WaitlistEntry]) -> Coalesce:
    of_this = entries.order_by().values("course_key").annotate(count=Count("pk"))
    return Coalesce(Subquery(of_this.values("count"), output_field=IntegerField()), 0)
