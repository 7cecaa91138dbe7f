"""The answer to 'Why can't they see this?', cell by cell, and that it is the gate's own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from wagtail.models import Locale, Page

from access import grants
from access.limits import blocking
from access.models import Email, GateSettings, Grant, LearnerSession
from access.policy import Decision, Level
from access.sessions import learner_sessions
from access.staff import explain
from conftest import CANARY
from courses.models import CoursePage, LessonPage
from courses.models.stage import Availability

ADDRESS = "ada@example.org"
ALLOW, NEEDS_EMAIL, NEEDS_PURCHASE = Decision.ALLOW, Decision.NEEDS_EMAIL, Decision.NEEDS_PURCHASE
NOT_YET, NOT_HERE = Decision.NOT_YET, Decision.NOT_HERE
OPEN, EMAIL, PAID = Level.ANYONE, Level.EMAIL, Level.PURCHASE


@pytest.fixture
def lesson_asking(make_course: Callable[..., CoursePage], make_lesson: Callable[..., LessonPage]) -> Any:
    def make(level: Level, *, course: dict[str, Any] | None = None, **fields: Any) -> LessonPage:
        return make_lesson(make_course(title="Tides", access=level, **(course or {})), title="Ebb", **fields)

    return make


def told(found: explain.Explanation) -> str:
    return "\n".join(f"{line.label}: {line.text}" for line in found.lines)


@pytest.mark.parametrize(
    ("level", "signed_in", "granted", "decision", "verdict"),
    [
        (OPEN, False, False, ALLOW, "it’s open to anyone"),
        (OPEN, True, True, ALLOW, "it’s open to anyone"),
        (EMAIL, False, False, NEEDS_EMAIL, "no device is signed in"),
        (EMAIL, True, False, ALLOW, "on the devices signed in"),
        (PAID, False, False, NEEDS_PURCHASE, "has no active grant"),
        (PAID, True, False, NEEDS_PURCHASE, "has no active grant"),
        (PAID, False, True, NEEDS_PURCHASE, "no device is signed in"),
        (PAID, True, True, ALLOW, "it has been granted the course"),
    ],
)
def test_the_decision_and_its_reason(
    learner_email: Email,
    lesson_asking: Any,
    now: datetime,
    level: Level,
    signed_in: bool,
    granted: bool,
    decision: Decision,
    verdict: str,
) -> None:
    lesson = lesson_asking(level)
    if signed_in:
        learner_sessions.start(learner_email, token=None, now=now)
    if granted:
        grants.give(learner_email, course_key=lesson.course.translation_key, source=Grant.Source.GIFT, now=now)

    found = explain.why(ADDRESS, lesson, now=now)

    assert found.decision is decision
    assert verdict in found.verdict


@pytest.mark.parametrize(
    ("course", "lesson", "decision", "verdict"),
    [
        ({"live": False}, {}, NOT_HERE, "is a draft"),
        ({}, {"live": False}, NOT_HERE, "is a draft"),
        ({"availability": Availability.COMING_SOON}, {}, NOT_YET, "coming soon"),
        ({}, {"availability": Availability.COMING_SOON}, NOT_YET, "coming soon"),
        ({}, {"is_free_preview": True}, ALLOW, "free preview"),
    ],
)
def test_how_far_along_it_is(
    lesson_asking: Any,
    db: None,
    now: datetime,
    course: dict[str, Any],
    lesson: dict[str, Any],
    decision: Decision,
    verdict: str,
) -> None:
    found = explain.why(ADDRESS, lesson_asking(PAID, course=course, **lesson), now=now)

    assert found.decision is decision
    assert verdict in found.verdict


def test_the_answer_is_what_the_gate_does(
    learner_email: Email, verified_learner: Client, paid_lesson: LessonPage, now: datetime
) -> None:
    assert explain.why(ADDRESS, paid_lesson, now=now).decision is NEEDS_PURCHASE
    assert CANARY not in verified_learner.get(paid_lesson.url).text
    assert paid_lesson.course is not None
    key = paid_lesson.course.translation_key

    grants.give(learner_email, course_key=key, source=Grant.Source.STAFF, now=now)

    assert explain.why(ADDRESS, paid_lesson, now=now).decision is ALLOW
    assert CANARY in verified_learner.get(paid_lesson.url).text


def test_page_and_course_are_told_apart(lesson_asking: Any, db: None, now: datetime) -> None:
    lesson = lesson_asking(EMAIL, course={"availability": Availability.COMING_SOON})

    lines = told(explain.why(ADDRESS, lesson, now=now))

    assert "Lesson “Ebb”: Published" in lines
    assert "Course “Tides”: Coming soon" in lines
    assert "Access: Email address, from “Tides”" in lines


def test_an_alias_asks_what_its_source_asks(
    lesson_asking: Any, make_course: Callable[..., CoursePage], now: datetime
) -> None:
    shelter = make_course(title="Shelter", access=OPEN)
    alias = lesson_asking(PAID).create_alias(parent=shelter)

    found = explain.why(ADDRESS, alias, now=now)

    assert found.decision is NEEDS_PURCHASE
    assert "Purchase, from “Tides”: it belongs to several courses" in told(found)
    assert "Grant for “Tides”: Never granted" in told(found)


def test_a_scheduled_change_is_told(lesson_asking: Any, db: None, now: datetime) -> None:
    lesson = lesson_asking(EMAIL, live=False)
    lesson.go_live_at = now + timedelta(days=1)
    lesson.save_revision(approved_go_live_at=lesson.go_live_at)

    assert "Draft; a change is scheduled for" in told(
        explain.why(ADDRESS, Page.objects.get(pk=lesson.pk).specific, now=now)
    )


def test_a_grant_taken_back_is_told(learner_email: Email, lesson_asking: Any, now: datetime) -> None:
    lesson = lesson_asking(PAID)
    key = lesson.course.translation_key
    grant = grants.give(learner_email, course_key=key, source=Grant.Source.STAFF, now=now)
    grants.take(grant, now=now)

    found = explain.why(ADDRESS, lesson, now=now)

    assert found.signed_in is NEEDS_PURCHASE
    assert f"Granted {explain.moment(now)} (Staff), revoked {explain.moment(now)}" in told(found)


def test_a_blocked_address_is_told(learner_email: Email, lesson_asking: Any, now: datetime) -> None:
    learner_sessions.start(learner_email, token=None, now=now)
    blocking.block(learner_email, now=now)

    found = explain.why(ADDRESS, lesson_asking(EMAIL), now=now)

    assert found.decision is NEEDS_EMAIL
    assert "the address is blocked" in found.verdict
    assert "Blocked since" in told(found)


def test_the_lists_of_the_settings_are_told(learner_email: Email, lesson_asking: Any, now: datetime) -> None:
    GateSettings.objects.create(blocked_domains="example.org")

    found = explain.why(ADDRESS, lesson_asking(EMAIL), now=now)

    assert "the address is blocked" in found.verdict
    assert "Blocked by the lists" in told(found)


def test_an_unknown_address_is_told(lesson_asking: Any, db: None, now: datetime) -> None:
    assert "Unknown: no email" in told(explain.why("nobody@example.org", lesson_asking(EMAIL), now=now))


def test_an_idle_session_does_not_count(learner_email: Email, lesson_asking: Any, now: datetime) -> None:
    learner_sessions.start(learner_email, token=None, now=now - timedelta(days=2))

    found = explain.why(ADDRESS, lesson_asking(EMAIL), now=now)

    assert (found.decision, found.signed_in) == (NEEDS_EMAIL, ALLOW)


def test_a_course_says_what_its_lessons_ask(lesson_asking: Any, db: None, now: datetime) -> None:
    found = explain.why(ADDRESS, lesson_asking(PAID).course, now=now)

    assert found.decision is ALLOW
    assert "its lessons ask for: Purchase" in told(found)


def test_a_page_outside_a_course(lesson_asking: Any, home_page: Page, now: datetime) -> None:
    lesson = lesson_asking(PAID)
    lesson.move(home_page, pos="last-child")

    found = explain.why(ADDRESS, Page.objects.get(pk=lesson.pk).specific, now=now)

    assert found.decision is NOT_HERE
    assert "part of a course" in found.verdict


# The form


@pytest.fixture
def desk(db: None) -> Client:
    user = get_user_model().objects.create_user("desk", "desk@example.org", "x")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_email"]))
    client = Client()
    client.force_login(user)
    return client


def test_the_form_explains(desk: Client, learner_email: Email, paid_lesson: Page) -> None:
    answer = desk.post("/admin/learners/why/", {"address": " Ada@Example.org", "page": paid_lesson.pk})

    assert "has no active grant" in answer.text
    assert f"/admin/learners/{learner_email.pk}/" in answer.text


def test_the_form_knows_whom_it_was_opened_for(desk: Client, learner_email: Email) -> None:
    assert ADDRESS in desk.get(f"/admin/learners/why/?learner={learner_email.pk}").text


@pytest.mark.parametrize("learner", ["404", "x", "9" * 40, "²"])
def test_nonsense_for_whom_is_nobody(desk: Client, learner: str) -> None:
    assert desk.get("/admin/learners/why/", {"learner": learner}).status_code == 200


@pytest.mark.parametrize("form", [{}, {"address": "nonsense", "page": "1"}, {"address": ADDRESS, "page": "99999"}])
def test_a_form_that_is_wrong_says_so(desk: Client, form: dict[str, str]) -> None:
    answer = desk.post("/admin/learners/why/", form)

    assert answer.status_code == 200
    assert "answer" not in answer.context


# Line by line


def lines(found: explain.Explanation) -> dict[str, str]:
    return {line.label: line.text for line in found.lines}


def test_an_old_grant_comes_before_a_new_one_and_nobody_elses_counts(
    learner_email: Email, lesson_asking: Any, make_course: Callable[..., CoursePage], now: datetime
) -> None:
    lesson, other = lesson_asking(PAID), Email.objects.create(address="zoe@example.org", asked_at=now)
    key, older = lesson.course.translation_key, now - timedelta(days=1)
    grants.give(learner_email, course_key=key, source=Grant.Source.STAFF, now=now)
    grants.give(learner_email, course_key=key, source=Grant.Source.GIFT, now=older)
    elsewhere = make_course(title="Stars").translation_key
    grants.give(learner_email, course_key=elsewhere, source=Grant.Source.STAFF, now=now)
    grants.give(other, course_key=key, source=Grant.Source.PURCHASE, now=now)

    found = lines(explain.why(ADDRESS, lesson, now=now))

    told = [explain.moment(older) + " (Gift)", explain.moment(now) + " (Staff)"]
    assert found["Grant for “Tides”"] == f"Granted {told[0]}; granted {told[1]}"
    assert "Grant for “Stars”" not in found


def test_a_course_is_called_as_its_oldest_live_page_is(make_course: Callable[..., CoursePage]) -> None:
    draft = make_course(title="Draft", live=False)
    first, second, other = make_course(title="First"), make_course(title="Second"), make_course(title="Other")
    for language, page in {"de": first, "fr": second}.items():
        locale = Locale.objects.create(language_code=language)
        Page.objects.filter(pk=page.pk).update(translation_key=draft.translation_key, locale=locale)
    gone = uuid4()

    assert explain.course_titles([draft.translation_key, gone]) == {
        draft.translation_key: "First",
        gone: "a course that was deleted",
    }
    assert explain.course_titles([other.translation_key]) == {other.translation_key: "Other"}


@pytest.mark.parametrize(
    ("fields", "access", "preview"),
    [
        ({}, "Purchase, from “Tides”", "No"),
        ({"is_free_preview": True}, "Purchase, from “Tides”", "Yes: open to anyone"),
    ],
)
def test_a_lesson_says_where_its_access_comes_from(
    lesson_asking: Any, now: datetime, fields: dict[str, Any], access: str, preview: str
) -> None:
    found = lines(explain.why(ADDRESS, lesson_asking(PAID, **fields), now=now))

    assert (found["Access"], found["Free preview"]) == (access, preview)


def test_a_copied_lesson_keeps_the_access_of_its_course(
    lesson_asking: Any, make_course: Callable[..., CoursePage], now: datetime
) -> None:
    lesson = lesson_asking(PAID)
    copied = lesson.copy(to=make_course(title="Open", access=OPEN))

    found = lines(explain.why(ADDRESS, Page.objects.get(pk=copied.pk).specific, now=now))

    assert found["Access"] == "Purchase, kept from the course it was copied or moved from"


def test_a_page_that_asks_nothing_is_public_by_itself(home_page: Page, lesson_asking: Any, now: datetime) -> None:
    home, course = explain.why(ADDRESS, home_page, now=now), explain.why(ADDRESS, lesson_asking(EMAIL).course, now=now)

    assert lines(home)["Access"] == "Open to anyone: this page itself is public"
    assert lines(course)["Access"] == "Open to anyone: this page itself is public; its lessons ask for: Email address"


def test_an_orphan_is_of_unknown_access(lesson_asking: Any, home_page: Page, now: datetime) -> None:
    lesson = lesson_asking(PAID)
    lesson.move(home_page, pos="last-child")

    found = explain.why(ADDRESS, Page.objects.get(pk=lesson.pk).specific, now=now)

    assert lines(found)["Access"] == "Unknown, so no one can open it"


def test_a_page_past_its_end_is_told_apart_from_a_draft(lesson_asking: Any, now: datetime) -> None:
    lesson = lesson_asking(EMAIL, expire_at=now - timedelta(days=1))
    draft = lesson_asking(EMAIL, course={"slug": "drafts"}, live=False)

    assert lines(explain.why(ADDRESS, lesson, now=now))["Lesson “Ebb”"] == "Draft: its end date has passed"
    assert lines(explain.why(ADDRESS, draft, now=now))["Lesson “Ebb”"] == "Draft"


def test_the_devices_are_counted_and_the_last_one_named(
    learner_email: Email, lesson_asking: Any, now: datetime
) -> None:
    lesson, told = lesson_asking(EMAIL), []
    for minutes, name in ((2, "Firefox"), (1, "")):
        seen = now - timedelta(minutes=minutes)
        learner_sessions.start(learner_email, token=None, browser=name, now=seen)
        told.append(lines(explain.why(ADDRESS, lesson, now=now))["Signed in"])

    ends = [explain.moment(session.until) for session in LearnerSession.objects.order_by("pk")]
    seen_at = [explain.moment(now - timedelta(minutes=minutes)) for minutes in (2, 1)]
    assert told == [
        f"On 1 device; last seen {seen_at[0]} on Firefox, signed in until {ends[0]}",
        f"On 2 devices; last seen {seen_at[1]} on an unknown device, signed in until {ends[1]}",
    ]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"verified_at": 1}, "First verified {one}"),
        ({}, "Never verified: requested {zero}, but no email was confirmed"),
        ({"verified_at": 1, "blocked_at": 2}, "First verified {one}. Blocked since {two}"),
    ],
)
def test_the_address_is_told_with_its_moments(
    lesson_asking: Any, now: datetime, fields: dict[str, int], text: str
) -> None:
    moments = [now + timedelta(days=number) for number in range(3)]
    at = {name: moments[number] for name, number in fields.items()}
    Email.objects.create(address="zoe@example.org", asked_at=now - timedelta(days=9))
    Email.objects.create(address=ADDRESS, asked_at=now, **at)

    found = lines(explain.why(ADDRESS, lesson_asking(EMAIL), now=now))

    words = dict(zip(["zero", "one", "two"], map(explain.moment, moments), strict=True))
    assert found["Address"] == text.format(**words)


def test_the_form_says_whom_it_was_opened_for_and_what_it_looked_at(
    desk: Client, learner_email: Email, open_lesson: Page, paid_lesson: Page
) -> None:
    opened = desk.get("/admin/learners/why/", {"learner": learner_email.pk})
    answers = [
        desk.post("/admin/learners/why/", {"address": ADDRESS, "page": page.pk}) for page in (open_lesson, paid_lesson)
    ]

    assert opened.context["form"].initial == {"address": ADDRESS}
    assert opened.context["action_url"] == "/admin/learners/why/"
    assert [str(item["label"]) for item in opened.context["breadcrumbs_items"]] == [
        "Home",
        "Learners",
        "Why can’t they open this?",
    ]
    assert [answer.context["is_allowed"] for answer in answers] == [True, False]
    assert [answer.context["page"] for answer in answers] == [open_lesson, paid_lesson]


def test_the_form_leads_to_no_stranger(desk: Client, learner_email: Email, paid_lesson: Page) -> None:
    answer = desk.post("/admin/learners/why/", {"address": "zoe@example.org", "page": paid_lesson.pk})

    assert answer.context["email"] is None


def test_the_root_of_all_pages_is_not_asked_about(desk: Client, home_page: Page) -> None:
    answer = desk.post("/admin/learners/why/", {"address": ADDRESS, "page": home_page.get_parent().pk})

    assert list(answer.context["form"].errors) == ["page"]


def test_an_alias_beside_its_source_belongs_to_one_course(lesson_asking: Any, now: datetime) -> None:
    lesson = lesson_asking(PAID)

    found = explain.why(ADDRESS, lesson.create_alias(update_slug="twin"), now=now)

    assert [line.label for line in found.lines][:4] == ["Lesson “Ebb”", "Course “Tides”", "Lesson “Ebb”", "Access"]
    assert lines(found)["Access"] == "Purchase, from “Tides”"


def test_a_course_and_the_home_page_stand_by_themselves(home_page: Page, lesson_asking: Any, now: datetime) -> None:
    pages = [home_page, lesson_asking(EMAIL, course={"live": False}).course]

    told = [explain.why(ADDRESS, page, now=now).lines[:2] for page in pages]

    assert [(line.label, line.text) for line, _ in told] == [
        ("Home page “Lectern”", "Published"),
        ("Course “Tides”", "Draft"),
    ]
    assert [line.label for _, line in told] == ["Access", "Access"]
