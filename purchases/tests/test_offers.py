"""What a course's page leads its visitor to: the stranger to the purchase, the owner to the lessons."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from access.models import Email, Grant
from courses.models import CoursePage, LessonPage
from purchases.tests.checkout_fixture import Till
from tests.test_slots import SLOT

STEP = re.compile(r'<div id="next_step">.*?</div>', re.DOTALL)
LINK = re.compile(r'href="([^"]+)"[^>]*>\s*([^<]+?)\s*</a>')
SIGN_IN = ("/access/", "Already bought it? Sign in")


@pytest.fixture
def learner(till: Till, sign_in: Callable[[Email], Client]) -> Client:
    return sign_in(till.email)


@pytest.fixture
def owner(till: Till, learner: Client) -> Client:
    till.paid()
    till.bring_all()
    assert till.has_course
    return learner


def page(client: Client, till: Till) -> str:
    return client.get(till.course.url).content.decode()


def steps(client: Client, till: Till) -> list[tuple[str, str]]:
    """Where the page's one personal place leads, and in which words."""
    found = STEP.search(page(client, till))
    assert found
    return LINK.findall(found[0])


def buy(till: Till) -> tuple[str, str]:
    return f"/purchases/buy/{till.course.pk}/", "Buy for €49.00"


def test_stranger_is_led_to_the_purchase_and_to_no_pay_wall(
    till: Till, paid_lesson: LessonPage, client: Client
) -> None:
    assert steps(client, till) == [buy(till), SIGN_IN]


def test_stranger_is_led_to_the_free_preview_too(
    till: Till, make_lesson: Callable[..., LessonPage], client: Client, learner: Client
) -> None:
    preview = (make_lesson(till.course, is_free_preview=True).url, "Start with the free preview")

    assert steps(client, till) == [buy(till), preview, SIGN_IN]
    assert steps(learner, till) == [buy(till), preview]


def test_course_that_is_not_on_sale_leads_to_no_pay_wall(till: Till, client: Client) -> None:
    CoursePage.objects.filter(pk=till.course.pk).update(price=None, currency="")

    assert steps(client, till) == []


@pytest.mark.parametrize("is_first_a_preview", [False, True])
def test_owner_is_led_to_the_lessons_and_never_to_buy(
    till: Till, owner: Client, paid_lesson: LessonPage, is_first_a_preview: bool
) -> None:
    LessonPage.objects.filter(pk=paid_lesson.pk).update(is_free_preview=is_first_a_preview)

    assert steps(owner, till) == [(paid_lesson.url, "Go to lesson 1")]
    assert "Buy" not in page(owner, till)


def test_owner_whose_money_went_back_may_buy_again(till: Till, owner: Client) -> None:
    Grant.objects.update(revoked_at=till.payment.paid_at)

    assert steps(owner, till) == [buy(till)]


def test_learner_with_another_course_is_no_owner_by_a_free_preview(
    till: Till, make_course: Callable[..., CoursePage], learner: Client, paid_lesson: LessonPage, now: Any
) -> None:
    LessonPage.objects.filter(pk=paid_lesson.pk).update(is_free_preview=True)
    other = make_course(slug="other", access="purchase")
    Grant.objects.create(email=till.email, course_key=other.translation_key, source="gift", granted_at=now)

    assert buy(till) in steps(learner, till)


def test_whose_money_is_on_its_way_is_led_to_their_order(till: Till, learner: Client) -> None:
    intent = till.intent()
    till.stripe.pay(str(intent.session), how="bank")
    till.bring_all()

    assert steps(learner, till) == [(f"/purchases/checkout/{intent.pk}/", "See your order")]


@pytest.mark.parametrize("access", ["anyone", "email"])
def test_other_courses_lead_everybody_to_the_first_lesson(
    till: Till, access: str, paid_lesson: LessonPage, client: Client, owner: Client
) -> None:
    CoursePage.objects.filter(pk=till.course.pk).update(access=access)

    assert steps(client, till) == steps(owner, till) == [(paid_lesson.url, "Start the first lesson")]


def test_all_but_the_personal_place_is_the_same_for_everybody(till: Till, owner: Client, client: Client) -> None:
    shared = {SLOT.sub("", page(each, till)) for each in (client, owner)}

    assert len(shared) == 1


@pytest.mark.parametrize("url", ["/", "/courses/", "/courses/paid/"])
def test_only_what_is_rendered_for_nobody_in_particular_is_kept(
    till: Till, owner: Client, client: Client, admin_client: Client, url: str
) -> None:
    unknown = Client()
    unknown.cookies[settings.LEARNER_COOKIE] = "of-nobody"
    kept = {name: each.get(url) for name, each in {"anonymous": client, "owner": owner, "staff": admin_client}.items()}
    kept["unknown"] = unknown.get(url)

    assert {name: answer["Cache-Control"] for name, answer in kept.items()} == {
        "anonymous": "public, max-age=0, must-revalidate",
        **dict.fromkeys(["owner", "staff", "unknown"], "private, no-store"),
    }
    assert all("Cookie" in answer["Vary"] for answer in kept.values())
