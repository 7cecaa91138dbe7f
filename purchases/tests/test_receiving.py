"""Receiving a gift: an inert page, one click, and an email to the address on the gift alone."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from access import grants
from access.limits import blocking
from access.models import Email, EmailVerificationToken, Grant, LearnerSession, ThrottleSlot
from courses.models import CoursePage, LessonPage
from purchases.gifts import bulk_gifts, receiving
from purchases.models import GiftMail

ADA = "ada@example.org"
LINK = re.compile(r"/access/confirm/[\w-]+/")


@pytest.fixture
def lesson(paid_lesson: LessonPage) -> LessonPage:
    return paid_lesson


@pytest.fixture
def gift(lesson: LessonPage, now: datetime, mailoutbox: list[Any]) -> GiftMail:
    assert lesson.course
    bulk_gifts.give(
        [ADA], course_key=lesson.course.translation_key, now=now, giver="Grace <Hopper>", note="For your <talk>"
    )
    mailoutbox.clear()
    return GiftMail.objects.get()


@pytest.fixture
def url(gift: GiftMail) -> str:
    return receiving.url(gift)


def rows() -> list[int]:
    kinds: list[Any] = [EmailVerificationToken, LearnerSession, ThrottleSlot, Email, Grant]
    return [kind.objects.count() for kind in kinds]


def code_in(mail: Any) -> str:
    (code,) = re.findall(r"^\d{6}$", mail.body, re.MULTILINE)
    return str(code)


def test_opening_the_link_does_nothing_and_names_no_address(client: Client, url: str, mailoutbox: list[Any]) -> None:
    before = rows()

    response = client.get(url)

    page = response.content.decode()
    assert (response.status_code, rows(), mailoutbox) == (200, before, [])
    assert len(response.cookies) <= 1  # against forged requests
    assert ADA not in page
    assert "a…@example.org" in page
    assert "Grace &lt;Hopper&gt; has given you free access" in page
    assert "For your &lt;talk&gt;" in page
    assert "no-store" in response["Cache-Control"]


def test_one_press_mails_the_way_in_to_the_address_on_the_gift(
    client: Client, url: str, lesson: LessonPage, mailoutbox: list[Any]
) -> None:
    answer = client.post(url, {"email": "mallory@example.org", "page": "1"})
    page = client.get(answer["Location"]).content.decode()

    (mail,) = mailoutbox
    assert (answer.status_code, mail.to) == (303, [ADA])
    assert ADA not in page
    assert "canary" not in client.get(lesson.url).content.decode()
    token = EmailVerificationToken.objects.get()
    assert token.expires_at
    assert token.expires_at - token.asked_at < timedelta(minutes=16)

    wrong = client.post(answer["Location"], {"code": f"{(int(code_in(mail)) + 1) % 1_000_000:06}"})
    right = client.post(answer["Location"], {"code": code_in(mail)})

    assert (wrong.status_code, ADA in wrong.content.decode()) == (422, False)
    assert (right.status_code, right["Location"]) == (303, lesson.url)
    assert "canary" in client.get(lesson.url).content.decode()
    assert client.get(url)["Location"] == client.get(answer["Location"])["Location"] == lesson.url


def test_mailed_link_opens_the_browser_that_pressed_and_no_other_by_itself(
    url: str, lesson: LessonPage, mailoutbox: list[Any]
) -> None:
    pressed, other = Client(), Client()
    pressed.post(url)
    link = LINK.findall(mailoutbox[0].body)[0]

    assert other.post(link).status_code == 403
    assert pressed.post(link)["Location"] == lesson.url


def test_page_for_the_code_is_of_the_browser_that_pressed_and_of_this_gift(
    client: Client, gift: GiftMail, url: str, now: datetime
) -> None:
    page = client.post(url)["Location"]
    token = page.rstrip("/").rpartition("/")[2]
    bulk_gifts.give(["bob@example.org"], course_key=gift.grant.course_key, now=now)
    bobs = receiving.url(GiftMail.objects.latest("pk"))

    assert client.get(page).status_code == 200
    assert client.get(f"{bobs}{token}/").status_code == 404
    assert Client().get(page).status_code == 404
    assert ADA not in client.get(f"/access/waiting/{token}/").content.decode()


@pytest.mark.refusal("throttle")
def test_presses_count_against_the_limits_of_the_address(url: str, mailoutbox: list[Any]) -> None:
    answers = [Client().post(url).status_code for _ in range(4)]

    assert answers == [303, 303, 303, 429]
    assert len(mailoutbox) == 3


@pytest.mark.parametrize("end", ["taken back", "erased"])
def test_link_of_a_gift_that_ended_says_so_and_mails_nobody(
    client: Client, gift: GiftMail, url: str, mailoutbox: list[Any], now: datetime, end: str
) -> None:
    page = client.post(url)["Location"]
    mailoutbox.clear()
    if end == "erased":
        Grant.objects.update(email=None)
    else:
        grants.take(gift.grant, now=now)

    answers = [client.get(url), client.post(url), client.get(page), client.post(page, {"code": "123456"})]

    assert {answer.status_code for answer in answers} == {410}
    assert all("This gift was revoked" in answer.content.decode() for answer in answers)
    assert not any("Grace" in answer.content.decode() for answer in answers)
    assert mailoutbox == []


@pytest.mark.parametrize(
    "change", [{"live": False}, {"availability": "coming_soon"}, {"expire_at": timezone.now() - timedelta(hours=1)}]
)
def test_link_to_a_course_that_is_not_open_says_so(
    client: Client, lesson: LessonPage, url: str, change: dict[str, Any]
) -> None:
    CoursePage.objects.update(**change)

    answer = client.get(url)

    assert answer.status_code == client.post(url).status_code == 404
    assert "isn’t open right now" in answer.content.decode()


@pytest.mark.refusal("gift")
@pytest.mark.parametrize("forge", [str.upper, lambda signed: signed[:-1], lambda signed: signed.partition(".")[0]])
def test_forged_link_is_not_known(client: Client, url: str, forge: Callable[[str], str]) -> None:
    signed = url.rstrip("/").rpartition("/")[2]

    answer = client.get(f"/purchases/gift/{forge(signed)}/")

    assert answer.status_code == 404
    assert "know this link" in answer.content.decode()


def test_blocked_address_is_mailed_nothing_and_looks_the_same(
    client: Client, url: str, mailoutbox: list[Any], now: datetime
) -> None:
    blocking.block(Email.objects.get(address=ADA), now=now)

    assert client.post(url).status_code == 303
    assert mailoutbox == []


def test_whoever_guesses_at_codes_from_one_network_is_told_to_wait(client: Client, url: str, settings: Any) -> None:
    page = client.post(url)["Location"]
    settings.LIMITS_PER_NETWORK, settings.LIMIT_LOOPBACK = [(0, 60)], True

    answer = client.post(page, {"code": "000000"})

    assert (answer.status_code, answer["Retry-After"]) == (429, "61")
    assert EmailVerificationToken.objects.get().tries == 0
