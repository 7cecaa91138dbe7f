"""Reports about courses: readiness by check, and who may read what."""

from dataclasses import dataclass
from typing import Any, assert_never

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.models import Page

from access.models import Email, Grant
from access.policy import Level
from courses import publishing_status
from courses.editing import readiness
from courses.editing.readiness import Check, Code
from courses.models import CoursePage, LessonPage
from courses.public import syllabus
from courses.publishing_status import PublishingStatus
from courses.staff.explorer import CourseFilterSet, StatusColumn
from courses.staff.report import NOTHING, PagesReport


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One thing to fix on one page."""

    page: Page
    check: Check
    standing: PublishingStatus


class GapFilterSet(WagtailFilterSet):
    """The checks are not in the database: they are picked out once they are found."""

    check = django_filters.ChoiceFilter(
        label=_("Check"), method="leave", choices=Code, empty_label=_("All"), widget=forms.RadioSelect
    )

    class Meta:
        model = Page
        fields: list[str] = []

    def leave(self, pages: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return pages


class ContentHealthReport(PagesReport):
    page_title = _("Content to fix")
    header_icon = "clipboard-list"
    index_url_name = "content_health_report"
    index_results_url_name = "content_health_report_results"
    filterset_class = GapFilterSet
    no_results_message = _("Nothing is missing.")
    export_filename = "content-health"
    list_export = ["page.title", "standing.status.label", "check.code.label", "check.sentence"]
    export_headings = {
        "page.title": _("Title"),
        "standing.status.label": _("Status"),
        "check.code.label": _("Check"),
        "check.sentence": _("What to fix"),
    }
    columns = [
        TitleColumn("title", label=_("Title"), accessor="page.title", get_url=lambda gap: gap.check.url),
        StatusColumn("status", label=_("Status"), width="12%"),
        Column("check", label=_("Check"), accessor="check.code.label", width="20%"),
        Column("sentence", label=_("What to fix"), accessor="check.sentence", width="40%"),
    ]

    def rows(self, pages: QuerySet[Any]) -> list[Gap]:
        """Each gap once, at the page that has it; a course does not repeat those of its lessons."""
        places = pages.values("pk")
        found: list[Any] = [*CoursePage.objects.filter(pk__in=places), *LessonPage.objects.filter(pk__in=places)]
        found.sort(key=lambda page: page.path)
        checks, standings = readiness.checks_by_page(found), publishing_status.statuses_for(found)
        wanted = self.filters.form.cleaned_data.get("check") if self.filters.is_valid() else ""
        return [
            Gap(page=page, check=check, standing=standings[page.pk])
            for page in found
            for check in checks[page.pk]
            if check.page_id == page.pk and wanted in {"", None, check.code}
        ]


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Who may read a course, in numbers. `readers` is None where anybody may."""

    pk: int
    title: str
    level: str
    standing: PublishingStatus
    lesson_count: int
    free_count: int
    readers: int | None
    grant_count: int


def _readers(level: Level, *, verified: int, granted: int) -> int | None:
    match level:
        case Level.ANYONE:
            return None
        case Level.EMAIL:
            return verified
        case Level.PURCHASE:
            return granted
        case _:
            assert_never(level)


def readers_of(row: Reach) -> Any:
    return _("Everyone") if row.readers is None else row.readers


class AccessReport(PagesReport):
    page_title = _("Access overview")
    header_icon = "key"
    index_url_name = "access_report"
    index_results_url_name = "access_report_results"
    page_model = CoursePage
    filterset_class = CourseFilterSet
    no_results_message = NOTHING
    export_filename = "access-overview"
    list_export = ["title", "standing.status.label", "level", "lesson_count", "free_count", "readers", "grant_count"]
    list_export += ["standing.sentence"]
    export_headings = {
        "title": _("Course"),
        "standing.status.label": _("Status"),
        "level": _("Access"),
        "lesson_count": _("Live lessons"),
        "free_count": _("Free previews"),
        "readers": _("Emails with access"),
        "grant_count": _("Grants"),
        "standing.sentence": _("Goes live"),
    }
    columns = [
        TitleColumn("title", label=_("Course"), get_url=lambda row: reverse("wagtailadmin_explore", args=[row.pk])),
        StatusColumn("status", label=_("Status"), width="10%"),
        Column("level", label=_("Access"), width="12%"),
        NumberColumn("lesson_count", label=_("Lessons"), width="8%"),
        NumberColumn("free_count", label=_("Free"), width="6%"),
        Column("readers", label=_("Learners"), accessor=readers_of, width="8%"),
        NumberColumn("grant_count", label=_("Grants"), width="8%"),
        Column("sentence", label=_("Goes live"), accessor="standing.sentence", width="22%"),
    ]

    def rows(self, pages: QuerySet[Any]) -> list[Reach]:
        courses = list(pages)
        standings, lessons = publishing_status.statuses_for(courses), syllabus.by_course(courses)
        active = Grant.objects.filter(revoked_at=None, email__blocked_at=None).values_list("course_key")
        grants = dict(active.annotate(Count("email", distinct=True)))
        verified = Email.objects.filter(verified_at__isnull=False, blocked_at=None).count()
        found = []
        for course in courses:
            given = grants.get(course.translation_key, 0)
            is_open = standings[course.pk].status.is_published
            found.append(
                Reach(
                    pk=course.pk,
                    title=course.title,
                    level=str(course.level.label),
                    standing=standings[course.pk],
                    lesson_count=len(lessons[course.path]),
                    free_count=sum(lesson.is_free_preview for lesson in lessons[course.path]),
                    readers=_readers(course.level, verified=verified, granted=given) if is_open else 0,
                    grant_count=given,
                )
            )
        return found
