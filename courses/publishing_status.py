"""Publishing status of a page: draft, coming soon or published, with the sentence that a busy editor needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, assert_never

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision, WorkflowState, get_default_page_content_type

from access import policy
from access.models.pages import live_now
from access.policy import Status
from courses.models import CoursePage, LessonPage
from courses.models.stage import Availability, status_of

COLUMNS = ("pk", "path", "live", "expired", "expire_at", "has_unpublished_changes", "first_published_at")


@dataclass(frozen=True, kw_only=True)
class PublishingStatus:
    """`goes_live_at` is approved and still to come; `needs_care`: it will not go on by itself."""

    status: Status
    sentence: str
    goes_live_at: datetime | None = None
    needs_care: bool = False


@dataclass(kw_only=True)
class _Facts:
    """What is stored about a page. `wish` is the go-live date of a draft, which nobody has approved."""

    row: dict[str, Any]
    availability: str = Availability.PUBLISHED
    is_lesson: bool = False
    course: "_Facts | None" = None
    due: datetime | None = None
    due_availability: str = Availability.PUBLISHED
    wish: datetime | None = None
    workflow: WorkflowState | None = None

    @property
    def own_status(self) -> Status:
        return status_of(is_live=self.row["is_live"], availability=self.availability)


def status_for(page: Page, *, now: datetime | None = None) -> PublishingStatus:
    return statuses_for([page], now=now)[page.pk]


def statuses_for(pages: Iterable[Page], *, now: datetime | None = None) -> dict[int, PublishingStatus]:
    """By primary key, in seven queries however many. Read from the rows: a draft in hand changes nothing."""
    asked = [page.pk for page in pages]
    now = now or timezone.now()
    facts = _gather(asked, now=now)
    return {pk: _publishing_status(facts[pk], now) for pk in asked if pk in facts}


def moment(time: datetime) -> str:
    """In the editor's own time zone, which is named: Tue 3 Mar 2026 09:00 CET."""
    return date_format(timezone.localtime(time), "D j M Y H:i T")


# The same as conditions, for filters and lists


def having(status: Status, pages: QuerySet[Any]) -> QuerySet[Any]:
    """Courses, or lessons, of this status."""
    if pages.model is not LessonPage:
        return pages.filter(_is(status))
    path = Substr(OuterRef("path"), Value(1), OuterRef("depth") * LessonPage.steplen - LessonPage.steplen)
    courses = CoursePage.objects.filter(path=path)
    published, seen = Exists(courses.filter(_is(Status.PUBLISHED))), Exists(courses.filter(live_now()))
    match status:
        case Status.DRAFT:
            return pages.filter(~live_now() | ~seen)
        case Status.COMING_SOON:
            return pages.filter(seen, live_now()).exclude(_is(Status.PUBLISHED) & Q(published))
        case Status.PUBLISHED:
            return pages.filter(_is(Status.PUBLISHED), published)
        case _:
            assert_never(status)


def scheduled(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Those of which a revision is approved for a date."""
    due = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
    return pages.filter(pk__in=due.values(page_id=Cast("object_id", BigIntegerField())))


def in_review(pages: QuerySet[Any]) -> QuerySet[Any]:
    states = WorkflowState.objects.active().filter(base_content_type=get_default_page_content_type())
    return pages.filter(pk__in=states.values(page_id=Cast("object_id", BigIntegerField())))


def wishing(pages: QuerySet[Any], *, now: datetime) -> QuerySet[Any]:
    """Those whose draft holds a date that nobody has approved. Dates are stored in UTC, so their texts compare."""
    due = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
    drafts = pages.filter(Q(has_unpublished_changes=True) | Q(live=False)).annotate(
        wish=Cast(KeyTextTransform("go_live_at", "latest_revision__content"), TextField())
    )
    still_open = Q(wish__gt=now.astimezone(UTC).isoformat()) | Q(wish__isnull=False, first_published_at=None)
    # SQLite says the word null where PostgreSQL says NULL.
    found = drafts.filter(still_open).exclude(wish="null")
    return found.exclude(pk__in=due.values(page_id=Cast("object_id", BigIntegerField())))


def _is(status: Status) -> Q:
    match status:
        case Status.DRAFT:
            return ~live_now()
        case Status.COMING_SOON | Status.PUBLISHED:
            return live_now() & Q(availability=Availability(status.value))  # which has its status's name
        case _:
            assert_never(status)


# What is stored


def _gather(asked: list[int], *, now: datetime) -> dict[int, _Facts]:
    rows = {row["pk"]: row for row in Page.objects.filter(pk__in=asked).values(*COLUMNS, is_live=live_now(now=now))}
    places = {row["path"][: -Page.steplen] for row in rows.values()}
    above = CoursePage.objects.filter(path__in=places).exclude(pk__in=rows)
    rows |= {row["pk"]: row for row in above.values(*COLUMNS, is_live=live_now(now=now))}
    facts = {pk: _Facts(row=row) for pk, row in rows.items()}
    _add_availability(facts)
    _add_revisions(facts)
    states = WorkflowState.objects.active().filter(
        base_content_type=get_default_page_content_type(), object_id__in=list(map(str, facts))
    )
    for state in states.select_related("current_task_state"):
        facts[int(state.object_id)].workflow = state
    return facts


def _add_availability(facts: dict[int, _Facts]) -> None:
    courses = dict(CoursePage.objects.filter(pk__in=facts).values_list("pk", "availability"))
    lessons = dict(LessonPage.objects.filter(pk__in=facts).values_list("pk", "availability"))
    for pk, availability in (courses | lessons).items():
        facts[pk].availability = availability
    by_path = {facts[pk].row["path"]: facts[pk] for pk in courses}
    for pk in lessons:
        facts[pk].is_lesson = True
        facts[pk].course = by_path.get(facts[pk].row["path"][: -Page.steplen])


def _add_revisions(facts: dict[int, _Facts]) -> None:
    """Dates from the scheduled revisions, and from the newest ones: never the whole content, which is large."""
    latest = Page.objects.filter(pk__in=facts).values("latest_revision")
    found = Revision.page_revisions.filter(object_id__in=list(map(str, facts))).filter(
        Q(approved_go_live_at__isnull=False) | Q(pk__in=latest)
    )
    columns = ("object_id", "approved_go_live_at", "content__go_live_at", "content__availability")
    for pk, due, wish, availability in found.order_by("pk").values_list(*columns):
        page = facts[int(pk)]
        if due:
            page.due, page.due_availability = due, availability or page.availability
        elif wish and (page.row["has_unpublished_changes"] or not page.row["live"]):
            page.wish = parse_datetime(wish)


# In words


def _publishing_status(facts: _Facts, now: datetime) -> PublishingStatus:
    statuses = [facts.own_status]
    if facts.is_lesson:
        statuses.append(facts.course.own_status if facts.course else Status.DRAFT)
    sentence, needs_care = _next_step(facts, now)
    return PublishingStatus(
        status=policy.least(statuses),
        sentence=" ".join(part for part in (sentence, _held_by_course(facts), _end(facts)) if part),
        goes_live_at=facts.due if facts.due and facts.due > now else None,
        needs_care=needs_care,
    )


def _next_step(facts: _Facts, now: datetime) -> tuple[str, bool]:
    """The sentence, and whether it needs somebody's care. What is nearest to visitors is said first."""
    row = facts.row
    if facts.due:
        return _scheduled(facts, now)
    if facts.workflow:
        return _in_review(facts, now)
    if facts.wish and (facts.wish > now or not row["first_published_at"]):
        words = {"time": moment(facts.wish)}
        return _("Won’t go live: %(time)s is set, but it hasn’t been published.") % words, True
    if not row["is_live"]:
        if row["live"] or row["expired"]:
            return _("Went offline at its end date."), False
        return (_("Unpublished.") if row["first_published_at"] else _("Never published.")), False
    if row["has_unpublished_changes"]:
        return _("Live, with unpublished changes."), False
    if facts.own_status.is_coming_soon:
        return _("Announced, with no opening date."), False
    return _("Live."), False


def _scheduled(facts: _Facts, now: datetime) -> tuple[str, bool]:
    assert facts.due is not None  # noqa: S101  (asked by the caller)
    words = {"time": moment(facts.due)}
    if facts.due <= now:
        return _("Was due to go live %(time)s (approved), but hasn’t yet.") % words, True
    if not facts.row["is_live"]:
        return _("Goes live %(time)s (approved).") % words, False
    if facts.availability != facts.due_availability:
        opens = status_of(is_live=True, availability=facts.due_availability).is_published
        text = _("Opens %(time)s (approved).") if opens else _("Goes back to coming soon %(time)s (approved).")
        return text % words, False
    return _("Live; its changes go live %(time)s (approved).") % words, False


def _in_review(facts: _Facts, now: datetime) -> tuple[str, bool]:
    state = facts.workflow
    assert state is not None  # noqa: S101  (asked by the caller)
    task = state.current_task_state
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        finished = (task and task.finished_at) or state.created_at
        return _("Changes requested %(time)s.") % {"time": moment(finished)}, True
    since = moment(task.started_at if task else state.created_at)
    if facts.wish and facts.wish > now:
        words = {"time": since, "date": moment(facts.wish)}
        return _("In review since %(time)s; goes live %(date)s once approved.") % words, False
    return _("In review since %(time)s.") % {"time": since}, False


def _held_by_course(facts: _Facts) -> str:
    """Why a live lesson shows less than it could."""
    course = facts.course
    if course is None or policy.least([facts.own_status, course.own_status]) is facts.own_status:
        return ""
    is_draft = not course.own_status.is_public
    if course.due:
        text = _("Not visible yet: its course goes live %s.") if is_draft else _("It opens with its course %s.")
        return text % moment(course.due)
    return _("Not visible yet: its course is a draft.") if is_draft else _("It opens when its course does.")


def _end(facts: _Facts) -> str:
    end = facts.row["expire_at"]
    return _("Goes offline %s.") % moment(end) if end and facts.row["is_live"] else ""
