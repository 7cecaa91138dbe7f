"""What staff find and do in the admin about addresses, and who may not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page

from access import grants
from access.limits import blocking
from access.models import Email, EmailVerificationToken, GateSettings, Grant, LearnerSession
from access.sessions import learner_sessions
from access.staff import address, listing, today
from access.verification import outbox
from conftest import CANARY
from courses.models import CoursePage, LessonPage

MakeClient = Callable[..., Client]
EVERYTHING = ["view_email", "change_email", "export_email", "add_grant", "change_grant"]
BECAUSE = {"reason": "They wrote to us."}


@pytest.fixture
def staff(db: None) -> MakeClient:
    """A browser in which an editor with these permissions more is logged in."""

    def make(*codenames: str) -> Client:
        user = get_user_model().objects.create_user("desk", "desk@example.org", "x")
        user.groups.add(Group.objects.get(name="Editors"))
        user.user_permissions.set(Permission.objects.filter(content_type__app_label="access", codename__in=codenames))
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def desk(staff: MakeClient) -> Client:
    return staff(*EVERYTHING)


@pytest.fixture
def course(paid_lesson: LessonPage) -> CoursePage:
    assert paid_lesson.course is not None
    return paid_lesson.course


@pytest.fixture
def grant(learner_email: Email, course: CoursePage, now: datetime) -> Grant:
    return grants.give(learner_email, course_key=course.translation_key, source=Grant.Source.STAFF, now=now)


@pytest.fixture
def make_token(learner_email: Email, now: datetime) -> Callable[..., EmailVerificationToken]:
    def make(**fields: Any) -> EmailVerificationToken:
        usual = {"sent_to": learner_email.address, "asker_digest": "a" * 64, "asked_at": now, "send_after": now}
        return EmailVerificationToken.objects.create(email=learner_email, **{**usual, **fields})

    return make


# Who may not


PAGES = ["", "results/", "why/", "{email}/", "{email}/block/", "{email}/unblock/", "{email}/sign-out/", "{email}/give/"]
PAGES += ["grants/{grant}/take/", "?export=csv", "?export=xlsx"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_editor_finds_nothing(
    staff: MakeClient, learner_email: Email, grant: Grant, course: Page, page: str, method: str
) -> None:
    url = "/admin/learners/" + page.format(email=learner_email.pk, grant=grant.pk)

    answer = getattr(staff(), method)(url, {**BECAUSE, "course": course.pk} if method == "post" else None)

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert not ModelLogEntry.objects.filter(action__startswith="access.").exists()
    learner_email.refresh_from_db()
    grant.refresh_from_db()
    assert (learner_email.blocked_at, grant.revoked_at, Grant.objects.count()) == (None, None, 1)


@pytest.mark.parametrize("page", ["{email}/block/", "{email}/sign-out/", "{email}/give/", "grants/{grant}/take/"])
def test_who_may_look_may_not_act(staff: MakeClient, learner_email: Email, grant: Grant, page: str) -> None:
    url = "/admin/learners/" + page.format(email=learner_email.pk, grant=grant.pk)

    answer = staff("view_email").post(url, BECAUSE)

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_who_may_look_is_offered_no_action(staff: MakeClient, learner_email: Email, grant: Grant) -> None:
    text = staff("view_email").get(f"/admin/learners/{learner_email.pk}/").text

    assert "/block/" not in text
    assert "/give/" not in text
    assert "/take/" not in text


def test_an_editor_is_shown_neither_menu_nor_panel(staff: MakeClient) -> None:
    text = staff().get("/admin/").text

    assert "/admin/learners/" not in text
    assert "Sign-in emails today" not in text


def test_the_desk_is_shown_menu_and_panel(desk: Client) -> None:
    text = desk.get("/admin/").text

    assert "/admin/learners/" in text
    assert "Sign-in emails today" in text


def test_acting_needs_the_token_against_forged_requests(learner_email: Email, desk: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.cookies

    answer = strict.post(f"/admin/learners/{learner_email.pk}/block/", BECAUSE)

    assert answer.status_code == 403


def test_a_get_does_nothing(desk: Client, learner_email: Email, grant: Grant) -> None:
    for page in [f"{learner_email.pk}/block/", f"{learner_email.pk}/sign-out/", f"grants/{grant.pk}/take/"]:
        assert desk.get(f"/admin/learners/{page}?reason=x").status_code == 200

    learner_email.refresh_from_db()
    grant.refresh_from_db()
    assert (learner_email.blocked_at, grant.revoked_at) == (None, None)


def test_the_permissions_can_be_given_to_a_group(admin_client: Client) -> None:
    text = admin_client.get("/admin/groups/new/").text

    assert "export email addresses" in text.lower()


# The list


def test_the_list_shows_addresses(desk: Client, learner_email: Email) -> None:
    assert learner_email.address in desk.get("/admin/learners/").text


@pytest.mark.parametrize("state", ["verified", "unverified", "blocked"])
def test_the_list_is_filtered(desk: Client, now: datetime, state: str) -> None:
    Email.objects.create(address="verified@example.org", asked_at=now, verified_at=now)
    Email.objects.create(address="unverified@example.org", asked_at=now)
    Email.objects.create(address="blocked@example.org", asked_at=now, verified_at=now, blocked_at=now)

    found = desk.get(f"/admin/learners/results/?state={state}").context["object_list"]

    assert [email.address for email in found] == [f"{state}@example.org"]


def test_the_list_is_searched(desk: Client, learner_email: Email, now: datetime) -> None:
    Email.objects.create(address="bob@example.org", asked_at=now)

    found = desk.get("/admin/learners/?q=ADA").context["object_list"]

    assert list(found) == [learner_email]


@pytest.mark.usefixtures("verified_learner")
def test_browsers_and_grants_are_counted_apart(learner_email: Email, grant: Grant, now: datetime) -> None:
    learner_sessions.start(learner_email, token=None, now=now)
    learner_sessions.start(learner_email, token=None, now=now - timedelta(days=9))
    gone = grants.give(learner_email, course_key=uuid4(), source=Grant.Source.GIFT, now=now)
    grants.take(gone, now=now)

    row = listing.rows(now).get()

    assert (row.browser_count, row.grant_count) == (2, 1)  # type: ignore[attr-defined]


def test_the_list_costs_the_same_however_long(
    desk: Client, now: datetime, learner_email: Email, django_assert_max_num_queries: Any
) -> None:
    desk.get("/admin/learners/results/")
    Email.objects.bulk_create(Email(address=f"a{number}@example.org", asked_at=now) for number in range(60))

    with django_assert_max_num_queries(10):
        desk.get("/admin/learners/results/")


# One address


@pytest.mark.usefixtures("verified_learner")
def test_the_page_of_an_address_tells_no_secret(
    desk: Client, learner_email: Email, grant: Grant, make_token: Any, now: datetime
) -> None:
    make_token(digest="d" * 64, code_digest="c" * 64, sent_at=now, expires_at=now + timedelta(minutes=15))

    text = desk.get(f"/admin/learners/{learner_email.pk}/").text

    assert "Sent, not used yet" in text
    assert "Signed in" in text
    secret = ["a" * 64, "d" * 64, "c" * 64, LearnerSession.objects.get().key_digest]
    assert not any(each in text for each in secret)


MINUTE = timedelta(minutes=1)
MINTED = {"digest": "d" * 64, "code_digest": "c" * 64}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "Waiting to be sent"),
        ({"sends": 2}, "Waiting to be sent again"),
        ({"parked_at": -MINUTE}, "Not sent: the address is blocked"),
        ({"parked_at": -MINUTE, "sends": 8}, "Failed"),
        ({**MINTED, "sent_at": -MINUTE, "expires_at": MINUTE}, "Sent, not used yet"),
        ({**MINTED, "sent_at": -MINUTE, "expires_at": -MINUTE}, "Expired unused"),
        ({**MINTED, "sent_at": -MINUTE, "expires_at": MINUTE, "spent_at": -MINUTE}, "Used"),
        ({**MINTED, "sent_at": -MINUTE, "expires_at": MINUTE, "burnt_at": -MINUTE}, "Ended: another email"),
        ({**MINTED, "sent_at": -MINUTE, "expires_at": MINUTE, "tries": 5}, "Ended: too many wrong codes"),
    ],
)
def test_what_became_of_a_request(make_token: Any, now: datetime, fields: dict[str, Any], expected: str) -> None:
    moments = {name: now + value if isinstance(value, timedelta) else value for name, value in fields.items()}

    assert address.outcome(make_token(**moments), now=now).startswith(expected)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ""),
        ({"revoked_at": -MINUTE}, "Signed out"),
        ({"until": -MINUTE}, "Ended"),
        ({"seen_at": -timedelta(days=2)}, "Idle for too long"),
    ],
)
def test_what_became_of_a_session(
    learner_email: Email, now: datetime, fields: dict[str, timedelta], expected: str
) -> None:
    times = {"created_at": -timedelta(days=3), "seen_at": -MINUTE, "until": MINUTE, **fields}
    session = LearnerSession(email=learner_email, **{name: now + value for name, value in times.items()})

    assert address.session_state(session, now=now) == expected


def test_a_deleted_course_still_has_a_line(desk: Client, learner_email: Email, now: datetime) -> None:
    grants.give(learner_email, course_key=uuid4(), source=Grant.Source.PURCHASE, now=now)

    assert "a course that was deleted" in desk.get(f"/admin/learners/{learner_email.pk}/").text


def test_the_page_costs_the_same_however_many_courses(desk: Client, learner_email: Email, now: datetime) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"/admin/learners/{learner_email.pk}/")
        return len(queries)

    grants.give(learner_email, course_key=uuid4(), source=Grant.Source.GIFT, now=now)
    cost()
    once = cost()
    for _ in range(5):
        grants.give(learner_email, course_key=uuid4(), source=Grant.Source.GIFT, now=now)

    assert cost() == once


def test_an_unknown_address_is_not_found(desk: Client) -> None:
    assert desk.get("/admin/learners/404/").status_code == 404


# Acting


def logged(action: str) -> ModelLogEntry:
    return ModelLogEntry.objects.get(action=f"access.{action}")


def test_blocking_signs_out_and_stops_the_mail(
    desk: Client,
    verified_learner: Client,
    learner_email: Email,
    email_lesson: Page,
    make_token: Any,
    now: datetime,
    mailoutbox: list[Any],
) -> None:
    make_token()

    desk.post(f"/admin/learners/{learner_email.pk}/block/", BECAUSE)
    outbox.send_due(now=now + timedelta(days=1))

    learner_email.refresh_from_db()
    assert learner_email.blocked_at
    assert mailoutbox == []
    assert CANARY not in verified_learner.get(email_lesson.url).text
    assert logged("block").data["reason"] == BECAUSE["reason"]


def test_unblocking_brings_no_session_back(learner_email: Email, verified_learner: Client, now: datetime) -> None:
    blocking.block(learner_email, now=now)

    assert blocking.unblock(learner_email)

    assert not blocking.is_blocked(learner_email.address)
    assert learner_sessions.sessions_for(learner_email.address, now=now) == []


def test_unblocking_is_logged(desk: Client, learner_email: Email, now: datetime) -> None:
    blocking.block(learner_email, now=now)

    desk.post(f"/admin/learners/{learner_email.pk}/unblock/", BECAUSE)

    assert logged("unblock").user_display_name == "desk"


@pytest.mark.usefixtures("verified_learner")
def test_signing_out_everywhere(desk: Client, learner_email: Email, now: datetime) -> None:
    desk.post(f"/admin/learners/{learner_email.pk}/sign-out/", BECAUSE)

    assert learner_sessions.sessions_for(learner_email.address, now=now) == []
    assert logged("end_sessions").data["reason"] == BECAUSE["reason"]


def test_a_given_course_opens(desk: Client, verified_learner: Client, learner_email: Email, paid_lesson: Page) -> None:
    course = paid_lesson.get_parent()

    desk.post(f"/admin/learners/{learner_email.pk}/give/", {**BECAUSE, "course": course.pk})

    assert Grant.objects.get().source == Grant.Source.STAFF
    assert CANARY in verified_learner.get(paid_lesson.url).text
    assert logged("give").data == {"reason": BECAUSE["reason"], "about": course.title}


def test_giving_twice_says_so(desk: Client, learner_email: Email, grant: Grant, course: Page) -> None:
    form = {**BECAUSE, "course": course.pk}

    answer = desk.post(f"/admin/learners/{learner_email.pk}/give/", form, follow=True)

    assert "already" in answer.text
    assert Grant.objects.count() == 1
    assert not ModelLogEntry.objects.filter(action="access.give").exists()


def test_only_courses_are_given(desk: Client, learner_email: Email, paid_lesson: Page) -> None:
    answer = desk.post(f"/admin/learners/{learner_email.pk}/give/", {**BECAUSE, "course": paid_lesson.pk})

    assert answer.status_code == 200
    assert not Grant.objects.exists()


def test_taking_back_keeps_the_row(desk: Client, learner_email: Email, grant: Grant) -> None:
    desk.post(f"/admin/learners/grants/{grant.pk}/take/", BECAUSE)

    grant.refresh_from_db()
    assert grant.revoked_at
    assert logged("take").object_id == str(learner_email.pk)


def test_taking_back_twice_says_so(desk: Client, grant: Grant, now: datetime) -> None:
    grants.take(grant, now=now)

    answer = desk.post(f"/admin/learners/grants/{grant.pk}/take/", BECAUSE, follow=True)

    assert "already" in answer.text
    assert not ModelLogEntry.objects.filter(action="access.take").exists()


@pytest.mark.parametrize("page", ["block/", "sign-out/", "give/"])
def test_nothing_is_done_without_a_reason(desk: Client, learner_email: Email, course: Page, page: str) -> None:
    answer = desk.post(f"/admin/learners/{learner_email.pk}/{page}", {"reason": " ", "course": course.pk})

    assert "Say why" in answer.text
    learner_email.refresh_from_db()
    assert learner_email.blocked_at is None
    assert not Grant.objects.exists()


def test_the_site_history_tells_the_reason_but_not_the_address(
    desk: Client, admin_client: Client, learner_email: Email
) -> None:
    desk.post(f"/admin/learners/{learner_email.pk}/block/", BECAUSE)

    text = admin_client.get("/admin/reports/site-history/").text

    assert "Blocked. Reason: They wrote to us." in text
    assert f"/admin/learners/{learner_email.pk}/" in text
    assert learner_email.address not in text


def test_the_page_of_an_address_tells_what_staff_did(desk: Client, learner_email: Email) -> None:
    desk.post(f"/admin/learners/{learner_email.pk}/block/", BECAUSE)

    assert "Blocked. Reason: They wrote to us." in desk.get(f"/admin/learners/{learner_email.pk}/").text


# The gate today


@pytest.mark.parametrize("queries", [2])
def test_the_gate_today(make_token: Any, now: datetime, queries: int, django_assert_num_queries: Any) -> None:
    noon = now.replace(hour=12)
    make_token(asked_at=noon, send_after=noon)
    make_token(asked_at=noon, send_after=noon, parked_at=noon, sends=8)
    make_token(asked_at=noon, send_after=noon, parked_at=noon)
    make_token(asked_at=noon - timedelta(days=1), send_after=noon - timedelta(days=1))
    mailed = {"asked_at": noon, "send_after": noon, "sent_at": noon}
    expires = {"expires_at": noon + MINUTE}
    make_token(**mailed, **expires, digest="1" * 64, spent_at=noon)
    make_token(**mailed, **expires, digest="2" * 64, tries=5)
    make_token(**mailed, expires_at=noon - MINUTE, digest="3" * 64)

    with django_assert_num_queries(queries):
        found = today.figures(noon)

    assert [count for _, count in found] == [6, 3, 1, 1, 1, 1, 1, 2]


# The export


def test_who_may_not_export_is_offered_none(staff: MakeClient, learner_email: Email) -> None:
    client = staff("view_email", "change_email")

    assert "export=csv" not in client.get("/admin/learners/").text
    assert client.get("/admin/learners/?export=csv").status_code == 302


def test_the_export_is_safe_for_spreadsheets_and_logged(desk: Client, now: datetime) -> None:
    for name in ["=cmd", "+1", "-1", "plain"]:
        Email.objects.create(address=f"{name}@example.org", asked_at=now)

    answer = desk.get("/admin/learners/?export=csv")

    lines = b"".join(answer).decode().splitlines()
    assert sorted(line.split(",")[0] for line in lines[1:]) == [
        "'+1@example.org",
        "'-1@example.org",
        "'=cmd@example.org",
        "plain@example.org",
    ]
    assert logged("export").data["about"] == "4"
    assert logged("export").user_display_name == "desk"


def test_the_export_holds_what_was_filtered(desk: Client, learner_email: Email, now: datetime) -> None:
    Email.objects.create(address="bob@example.org", asked_at=now)

    lines = b"".join(desk.get("/admin/learners/?export=csv&state=verified")).decode().splitlines()

    assert [line.split(",")[0] for line in lines[1:]] == [learner_email.address]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert listing.neutral(f"{start}1+1") == f"'{start}1+1"
    assert listing.neutral("1+1") == "1+1"


# What a page says


def said(answer: Any) -> list[str]:
    return [str(message).strip() for message in answer.context["messages"]]


def trail(answer: Any) -> list[tuple[str, str]]:
    return [(str(item["label"]), item["url"]) for item in answer.context["breadcrumbs_items"]]


@pytest.mark.usefixtures("verified_learner")
@pytest.mark.parametrize(
    ("page", "done", "again"),
    [
        ("{email}/block/", "Blocked.", "It was already blocked."),
        ("{email}/unblock/", "Unblocked.", "It wasn’t blocked."),
        ("{email}/sign-out/", "Signed out everywhere.", "It wasn’t signed in anywhere."),
        ("{email}/give/", "“{course}” was granted.", "Staff have already granted this course to this address."),
        ("grants/{grant}/take/", "“Old” was revoked.", "It was already revoked, or it was bought"),
    ],
)
def test_each_action_says_what_it_did_and_when_there_was_nothing_to_do(
    desk: Client,
    learner_email: Email,
    course: CoursePage,
    make_course: Any,
    now: datetime,
    page: str,
    done: str,
    again: str,
) -> None:
    old = make_course(title="Old").translation_key
    grant = grants.give(learner_email, course_key=old, source=Grant.Source.STAFF, now=now)
    if "unblock" in page:
        blocking.block(learner_email, now=now)
    url = "/admin/learners/" + page.format(email=learner_email.pk, grant=grant.pk)
    form = {**BECAUSE, "course": course.pk}

    first, second = desk.post(url, form, follow=True), desk.post(url, form, follow=True)

    assert first.redirect_chain == second.redirect_chain == [(f"/admin/learners/{learner_email.pk}/", 302)]
    assert [message.startswith(done.format(course=course.title)) for message in said(first)] == [True]
    assert [message.startswith(again) for message in said(second)] == [True]
    assert ModelLogEntry.objects.filter(action__startswith="access.").count() == 1


def test_what_was_bought_is_not_taken_here(
    desk: Client, learner_email: Email, course: CoursePage, now: datetime
) -> None:
    bought = grants.give(learner_email, course_key=course.translation_key, source=Grant.Source.PURCHASE, now=now)

    answer = desk.post(f"/admin/learners/grants/{bought.pk}/take/", BECAUSE, follow=True)

    bought.refresh_from_db()
    assert bought.revoked_at is None
    assert "its order" in said(answer)[0]


def test_an_action_says_whom_and_what_it_is_about(
    desk: Client, learner_email: Email, grant: Grant, course: CoursePage
) -> None:
    url, home = f"/admin/learners/grants/{grant.pk}/take/", ("Home", "/admin/")

    answer = desk.get(url)

    assert f"“{course.title}” (Staff)" in answer.text
    assert answer.context["action_url"] == url
    assert trail(answer) == [
        home,
        ("Learners", "/admin/learners/"),
        (learner_email.address, f"/admin/learners/{learner_email.pk}/"),
        ("Revoke a course", ""),
    ]


def test_a_form_asks_for_the_course_before_the_reason(desk: Client, learner_email: Email) -> None:
    form = desk.get(f"/admin/learners/{learner_email.pk}/give/").context["form"]

    assert list(form.fields) == ["course", "reason"]


def test_the_page_of_an_address_says_whose_it_is(desk: Client, learner_email: Email) -> None:
    answer = desk.get(f"/admin/learners/{learner_email.pk}/")

    assert trail(answer) == [("Home", "/admin/"), ("Learners", "/admin/learners/"), (learner_email.address, "")]
    assert answer.context["view"].get_page_subtitle() == learner_email.address
    assert f"/admin/learners/why/?learner={learner_email.pk}" in answer.text
    assert answer.context["state"] == "Verified"


@pytest.mark.parametrize(("is_blocked", "is_on_the_list", "is_told"), [(0, 0, 0), (0, 1, 1), (1, 0, 0), (1, 1, 0)])
def test_the_page_of_an_address_says_by_what_it_is_blocked(
    desk: Client, learner_email: Email, now: datetime, is_blocked: int, is_on_the_list: int, is_told: int
) -> None:
    if is_blocked:
        blocking.block(learner_email, now=now)
    if is_on_the_list:
        GateSettings.objects.create(blocked_domains="example.org")

    answer = desk.get(f"/admin/learners/{learner_email.pk}/")

    assert ("Blocked by the lists" in answer.text) is bool(is_told)
    assert ("/unblock/" in answer.text) is bool(is_blocked)
    assert answer.context["state"] == ("Blocked" if is_blocked else "Verified")


def test_the_page_of_an_address_shows_the_last_twenty_of_each(
    learner_email: Email, make_token: Any, now: datetime, desk: Client
) -> None:
    moments = [now - timedelta(hours=number) for number in range(21)]
    for at in moments:
        make_token(asked_at=at, send_after=at)
        learner_sessions.start(learner_email, token=None, now=at)
        grants.give(learner_email, course_key=uuid4(), source=Grant.Source.GIFT, now=at)
    for number in range(21):
        desk.post(f"/admin/learners/{learner_email.pk}/{'un' * (number % 2)}block/", {"reason": str(number)})

    found = desk.get(f"/admin/learners/{learner_email.pk}/").context

    assert [row.asked_at for row in found["requests"]] == moments[:20]
    assert [row.session.seen_at for row in found["sessions"]] == moments[:20]
    assert [row.grant.granted_at for row in found["grants"]] == moments
    assert [entry.data["reason"] for entry in found["history"]] == [str(number) for number in range(20, 0, -1)]


@pytest.mark.parametrize(
    ("ends", "state"),
    [({}, "Signed in"), ({"revoked_at": -MINUTE}, "Signed out"), ({"until": timedelta()}, "Ended")],
)
def test_a_session_is_alive_where_it_is_signed_in(
    learner_email: Email, now: datetime, ends: dict[str, timedelta], state: str
) -> None:
    learner_sessions.start(learner_email, token=None, now=now - timedelta(hours=1))
    LearnerSession.objects.update(**{name: now + value for name, value in ends.items()})

    (row,) = address.sessions_of(learner_email, now=now)

    assert (row.state, row.is_alive) == (state, not ends)


def test_a_session_of_a_blocked_address_says_so(learner_email: Email, now: datetime) -> None:
    learner_sessions.start(learner_email, token=None, now=now)
    Email.objects.update(blocked_at=now)

    (row,) = address.sessions_of(Email.objects.get(), now=now)

    assert (row.state, row.is_alive) == ("Blocked", False)


def test_a_session_is_idle_from_that_second_on(learner_email: Email, now: datetime, settings: Any) -> None:
    settings.LEARNER_IDLE_SECONDS = 60
    learner_sessions.start(learner_email, token=None, now=now)
    session = LearnerSession.objects.get()

    states = [address.session_state(session, now=now + timedelta(seconds=seconds)) for seconds in (59, 60)]

    assert states == ["", "Idle for too long"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"sends": 1}, "Waiting to be sent"),
        ({"parked_at": MINUTE, "sends": 1}, "Failed: the mail server didn’t accept it"),
        ({**MINTED, "sent_at": -MINUTE, "expires_at": timedelta()}, "Expired unused"),
        ({**MINTED, "sent_at": -MINUTE, "expires_at": MINUTE, "tries": 4}, "Sent, not used yet"),
    ],
)
def test_what_became_of_a_request_on_the_edge(
    make_token: Any, now: datetime, fields: dict[str, Any], expected: str
) -> None:
    moments = {name: now + value if isinstance(value, timedelta) else value for name, value in fields.items()}

    assert address.outcome(make_token(**moments), now=now) == expected


# The list and the dashboard, once more


def test_the_list_says_how_each_address_stands(desk: Client, now: datetime) -> None:
    for name, fields in {"new": {}, "known": {"verified_at": now}, "shut": {"blocked_at": now}}.items():
        Email.objects.create(address=f"{name}@example.org", asked_at=now, **fields)

    answer = desk.get("/admin/learners/")

    assert [email.address.split("@")[0] for email in answer.context["object_list"]] == ["shut", "known", "new"]
    assert [listing.state(email) for email in answer.context["object_list"]] == ["Blocked", "Verified", "Unverified"]
    assert answer.text.count("w-status--primary") == 2
    assert all(f"/admin/learners/{email.pk}/" in answer.text for email in Email.objects.all())
    assert 'href="/admin/learners/why/"' in answer.text
    assert "export=csv" in answer.text


def test_today_begins_at_midnight(make_token: Any, now: datetime) -> None:
    midnight = timezone.make_aware(datetime(2026, 6, 1))  # noqa: DTZ001  (of the site's own time zone)
    for at in (midnight - timedelta(microseconds=1), midnight, midnight + timedelta(hours=23)):
        make_token(asked_at=at, send_after=at)

    found = dict(today.figures(midnight + timedelta(hours=23, minutes=59)))

    assert (found["Requested"], found["Waiting to be sent"]) == (2, 3)


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({}, set()),
        ({"spent_at": -MINUTE}, {"Used"}),
        ({"expires_at": timedelta()}, {"Expired unused"}),
        ({"expires_at": timedelta(), "spent_at": -MINUTE}, {"Used"}),
        ({"expires_at": timedelta(), "burnt_at": -MINUTE}, set()),
        ({"expires_at": timedelta(), "tries": 5}, {"Ended by wrong codes"}),
        ({"tries": 4}, set()),
        ({"tries": 5, "spent_at": -MINUTE}, {"Used"}),
        ({"parked_at": -MINUTE, "sends": 1}, {"Failed"}),
        ({"parked_at": -MINUTE}, {"Not sent: blocked"}),
    ],
)
def test_today_each_mail_counts_for_what_became_of_it(
    make_token: Any, now: datetime, fields: dict[str, Any], counted: set[str]
) -> None:
    noon = now.replace(hour=12)
    moments = {name: noon + value if isinstance(value, timedelta) else value for name, value in fields.items()}
    make_token(asked_at=noon, **{**MINTED, "sent_at": noon - MINUTE, "expires_at": noon + MINUTE, **moments})

    found = {label for label, count in today.figures(noon) if count}

    assert found == {"Requested", "Sent"} | counted


def test_an_address_that_nobody_uses_counts_nothing(learner_email: Email, grant: Grant, now: datetime) -> None:
    learner_sessions.start(learner_email, token=None, now=now)
    Email.objects.create(address="zoe@example.org", asked_at=now)

    rows: list[Any] = list(listing.rows(now).order_by("pk"))
    counted = [(row.browser_count, row.grant_count) for row in rows]

    assert counted == [(1, 1), (0, 0)]


def test_the_log_says_what_it_was_about_and_of_which_learner(
    desk: Client, learner_email: Email, course: CoursePage
) -> None:
    desk.post(f"/admin/learners/{learner_email.pk}/give/", {**BECAUSE, "course": course.pk})
    b"".join(desk.get("/admin/learners/?export=csv"))

    given, exported = logged("give"), logged("export")
    assert (given.label, given.message) == (
        f"Learner {learner_email.pk}",
        f"Course granted: {course.title}. Reason: They wrote to us.",
    )
    assert exported.message == "Email addresses exported: 1"
