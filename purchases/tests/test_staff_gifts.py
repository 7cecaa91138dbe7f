"""Bulk gifts: who may not give a course to many, what is refused, what is given, and the email about it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import ModelLogEntry

from access import grants, privacy
from access.limits import blocking
from access.models import Email, GateSettings, Grant
from conftest import CANARY
from courses.models import CoursePage, LessonPage
from home.management.commands import run_due
from purchases.gifts import bulk_gifts, receiving
from purchases.mail import outbox
from purchases.models import GiftMail
from purchases.tests.staff_fixtures import BECAUSE, MakeClient, course, desk, make_order, staff

__all__ = ["course", "desk", "make_order", "staff"]
GIFTS = "/admin/gifts/"


def give(client: Client, course: Any, addresses: str, **typed: str) -> Any:
    return client.post(GIFTS, {**BECAUSE, "course": course.pk, "addresses": addresses, **typed}, follow=True)


def given() -> set[str]:
    found = Grant.objects.filter(source=Grant.Source.GIFT, revoked_at=None)
    return set(found.values_list("email__address", flat=True))


# Who may not


@pytest.mark.parametrize("rights", [[], ["view_payment", "change_payment", "refund_payment"], ["change_grant"]])
def test_who_may_not_give_is_sent_away(staff: MakeClient, course: CoursePage, rights: list[str]) -> None:
    client = staff(*rights)

    answers = [client.get(GIFTS), client.post(GIFTS, {**BECAUSE, "course": course.pk, "addresses": "a@b.example"})]

    assert [answer["Location"] for answer in answers] == ["/admin/", "/admin/"]
    assert not Grant.objects.exists()


def test_giving_needs_the_token_against_forged_requests(course: CoursePage, desk: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.cookies

    assert give(strict, course, "a@b.example").status_code == 403


# What is refused


def test_wrong_addresses_are_told_by_line_and_nothing_is_given(desk: Client, course: CoursePage) -> None:
    typed = "ada@example.org\nbob\n\nEve@Example.org, joe@localhost"

    answer = give(desk, course, typed)

    assert answer.context["form"].errors["addresses"] == [
        "Line 2: “bob” isn’t an email address.",
        "Line 4: “joe@localhost” isn’t an email address.",
    ]
    assert not Grant.objects.exists()
    assert not Email.objects.exists()


def test_what_was_pasted_is_not_lost(desk: Client, course: CoursePage) -> None:
    form = give(desk, course, "ada@example.org\nbob").context["form"]

    assert form["addresses"].value() == "ada@example.org\nbob"


def test_blocked_address_is_told_by_line(desk: Client, course: CoursePage, now: datetime) -> None:
    blocking.block(Email.objects.create(address="bob@example.org", asked_at=now), now=now)

    answer = give(desk, course, "ada@example.org\nBob@example.org")

    assert answer.context["form"].errors["addresses"] == ["Line 2: “bob@example.org” is blocked."]
    assert not Grant.objects.exists()


def test_blocked_domain_is_told_by_line(desk: Client, course: CoursePage) -> None:
    GateSettings.objects.update_or_create(defaults={"blocked_domains": "example.org"})

    answer = give(desk, course, "ada@example.org")

    assert answer.context["form"].errors["addresses"] == ["Line 1: “ada@example.org” is blocked."]


@pytest.mark.parametrize("typed", ["", " \n ", ",;,"])
def test_nothing_but_separators_is_refused(desk: Client, course: CoursePage, typed: str) -> None:
    answer = give(desk, course, typed)

    assert answer.context["form"].errors["addresses"]


def test_more_than_five_hundred_are_refused(desk: Client, course: CoursePage) -> None:
    answer = give(desk, course, "\n".join(f"a{number}@example.org" for number in range(501)))

    assert "501 addresses; the limit is 500" in answer.context["form"].errors["addresses"][0]
    assert not Email.objects.exists()


def test_page_of_something_else_pasted_is_told_in_few_lines() -> None:
    _found, wrong = bulk_gifts.read("words " * 1000)

    assert len(wrong) == bulk_gifts.MOST_TOLD + 1
    assert wrong[-1] == "And 950 more like these."


def test_long_nonsense_is_cut_short() -> None:
    _found, wrong = bulk_gifts.read("a" * 10_000)

    assert len(wrong[0]) < 120


def test_lesson_is_not_given(desk: Client, paid_lesson: LessonPage) -> None:
    give(desk, paid_lesson, "ada@example.org")

    assert not Grant.objects.exists()


def test_nothing_is_given_without_a_reason(desk: Client, course: CoursePage) -> None:
    answer = give(desk, course, "ada@example.org", reason=" ")

    assert "Say why" in answer.text
    assert not Grant.objects.exists()


# What is given


@pytest.mark.parametrize(
    "typed",
    [
        "ada@example.org\nbob@example.org",
        "ada@example.org, bob@example.org",
        "ada@example.org;bob@example.org;",
        " Ada@Example.org \r\n\r\n bob@example.org,ada@example.org",
    ],
)
def test_all_of_them_are_given_the_course(desk: Client, course: CoursePage, typed: str) -> None:
    answer = give(desk, course, typed)

    assert "“On bees” was given to 2 people." in answer.text
    assert given() == {"ada@example.org", "bob@example.org"}


def test_given_course_opens(
    desk: Client, verified_learner: Client, learner_email: Email, paid_lesson: LessonPage
) -> None:
    give(desk, paid_lesson.get_parent(), learner_email.address)

    assert CANARY in verified_learner.get(paid_lesson.url).text


@pytest.mark.parametrize("source", Grant.Source.values)
def test_those_who_have_the_course_are_told_apart(
    desk: Client, course: CoursePage, learner_email: Email, now: datetime, source: str
) -> None:
    grants.give(learner_email, course_key=course.translation_key, source=Grant.Source(source), now=now)

    answer = give(desk, course, "ada@example.org bob@example.org")

    assert "“On bees” was given to 1 person." in answer.text
    assert "already had “On bees” and won’t get an email: ada@example.org" in answer.text
    assert Grant.objects.filter(email=learner_email).count() == 1
    assert GiftMail.objects.get().grant.email != learner_email


def test_those_whose_course_was_taken_back_are_given_it_anew(
    desk: Client, course: CoursePage, learner_email: Email, now: datetime
) -> None:
    grants.take(
        grants.give(learner_email, course_key=course.translation_key, source=Grant.Source.GIFT, now=now), now=now
    )

    give(desk, course, "ada@example.org")

    assert given() == {"ada@example.org"}


def test_giving_stands_in_the_history_of_each(desk: Client, course: CoursePage) -> None:
    give(desk, course, "ada@example.org bob@example.org")

    entries = ModelLogEntry.objects.filter(action="access.give")
    assert [entry.data for entry in entries] == [{"reason": BECAUSE["reason"], "about": "On bees"}] * 2


def test_five_hundred_are_given_at_once(
    desk: Client, course: CoursePage, django_assert_max_num_queries: Any, settings: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}  # a worker sends the mails
    with django_assert_max_num_queries(500 * 20):
        give(desk, course, "\n".join(f"a{number}@example.org" for number in range(500)))

    assert len(given()) == GiftMail.objects.count() == 500


# The mail


@pytest.fixture
def gift(course: CoursePage, now: datetime) -> GiftMail:
    bulk_gifts.give(["ada@example.org"], course_key=course.translation_key, now=now)
    GiftMail.objects.update(sent_at=None, sends=0, send_after=None)  # in tests a worker has sent it at once
    return GiftMail.objects.get()


def test_mail_says_what_was_given_and_how_to_open_it(
    gift: GiftMail, course: CoursePage, now: datetime, mailoutbox: list[Any]
) -> None:
    mailoutbox.clear()

    assert outbox.send_gift(gift.pk, now=now)

    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["ada@example.org"], "You’ve been given free access to “On bees”")
    assert f"http://localhost:8000{receiving.url(gift)}" in mail.body
    assert "given free access to “On bees”" in mail.body


def test_mail_names_the_giver_and_the_note_as_text(desk: Client, course: CoursePage, mailoutbox: list[Any]) -> None:
    give(desk, course, "ada@example.org", giver="Grace <b>Hopper</b>\r\nBcc: x", note="For your\n<i>talk</i>")

    (mail,) = mailoutbox
    html = mail.alternatives[0].content
    assert "Grace <b>Hopper</b> Bcc: x has given you free access to “On bees” on Lectern." in mail.body
    assert "Their note: For your <i>talk</i>" in mail.body
    assert "Grace &lt;b&gt;Hopper&lt;/b&gt; Bcc: x has given you" in html
    assert "For your &lt;i&gt;talk&lt;/i&gt;" in html
    assert BECAUSE["reason"] not in mail.body + html


@pytest.mark.parametrize(("first_name", "giver"), [("Grace", "Grace Hopper"), ("", "Lectern")])
def test_giver_is_by_default_who_gives_but_never_their_login(
    desk: Client, course: CoursePage, mailoutbox: list[Any], first_name: str, giver: str
) -> None:
    who = User.objects.filter(pk=desk.session["_auth_user_id"])
    who.update(first_name=first_name, last_name="Hopper" if first_name else "")

    shown = desk.get(GIFTS).content.decode()
    give(desk, course, "ada@example.org")

    assert f'value="{giver}"' in shown
    assert GiftMail.objects.get().giver == giver


@pytest.mark.parametrize(("field", "most"), [("giver", 100), ("note", 300)])
def test_names_and_notes_are_short(desk: Client, course: CoursePage, field: str, most: int) -> None:
    answer = give(desk, course, "ada@example.org", **{field: "x" * (most + 1)})

    assert answer.context["form"].errors[field]
    assert not Grant.objects.exists()


def test_note_is_in_the_data_and_gone_when_erased(gift: GiftMail, now: datetime) -> None:
    GiftMail.objects.update(giver="Grace", note="For your talk")
    kept = privacy.export("ada@example.org")["gifts"]

    privacy.erase("ada@example.org")

    assert [(each["giver"], each["note"]) for each in kept] == [("Grace", "For your talk")]
    gift.refresh_from_db()
    assert (gift.giver, gift.note) == ("", "")


def test_mail_is_sent_once(gift: GiftMail, now: datetime, mailoutbox: list[Any]) -> None:
    mailoutbox.clear()

    sent = [outbox.send_gift(gift.pk, now=now), outbox.send_gift(gift.pk, now=now), outbox.send_gifts_due(now=now)]

    assert sent == [True, False, 0]
    assert len(mailoutbox) == 1


def test_clock_sends_what_the_worker_missed(gift: GiftMail, now: datetime, mailoutbox: list[Any]) -> None:
    mailoutbox.clear()

    run_due.tell_buyers(now)

    assert len(mailoutbox) == 1


def test_mail_of_a_gift_taken_back_is_not_sent(gift: GiftMail, now: datetime, mailoutbox: list[Any]) -> None:
    mailoutbox.clear()
    grants.take(gift.grant, now=now)

    outbox.send_gift(gift.pk, now=now)

    gift.refresh_from_db()
    assert (mailoutbox, gift.parked_at) == ([], now)


def test_mail_to_a_blocked_address_is_not_sent(gift: GiftMail, now: datetime, mailoutbox: list[Any]) -> None:
    mailoutbox.clear()
    blocking.block(Email.objects.get(), now=now)

    outbox.send_gift(gift.pk, now=now)

    assert mailoutbox == []


def test_mail_that_is_not_taken_is_tried_again(
    gift: GiftMail, now: datetime, mailoutbox: list[Any], settings: Any
) -> None:
    mailoutbox.clear()
    working = settings.MAILERS
    settings.MAILERS = {"default": {"BACKEND": "access.tests.test_outbox.RefusingBackend"}}
    outbox.send_gift(gift.pk, now=now)
    settings.MAILERS = working

    outbox.send_gifts_due(now=now + timedelta(hours=1))

    assert len(mailoutbox) == 1


def test_mail_about_a_course_that_is_gone_names_none(
    gift: GiftMail, course: CoursePage, now: datetime, mailoutbox: list[Any]
) -> None:
    mailoutbox.clear()
    course.delete()

    outbox.send_gift(gift.pk, now=now)

    assert mailoutbox[0].subject == "You’ve been given free access to “a course”"
