"""Transfer: what one address bought becomes another's, once both mailboxes are proved in one browser, not before."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from access import privacy
from access.models import Email, EmailVerificationToken, Grant
from access.sessions.learner_sessions import Learner
from purchases.ledger import ledger
from purchases.models import Move, Payment
from purchases.orders import transfer
from purchases.tests.checkout_fixture import Till

LINK = re.compile(r"/access/confirm/[\w-]+/")
MOVE = "/purchases/move/"


@pytest.fixture
def bought(till: Till) -> Till:
    till.paid()
    till.bring_all()
    return till


@pytest.fixture
def browser(bought: Till, sign_in: Callable[[Email], Client]) -> Client:
    """Signed in as the address that bought."""
    return sign_in(bought.email)


def owners() -> set[str]:
    grants = Grant.objects.filter(revoked_at=None).select_related("email")
    return {grant.email.address for grant in grants if grant.email}


def press(browser: Client, **fields: str) -> Any:
    found = LINK.search(str(mail.outbox[-1].body))
    assert found
    return browser.post(found[0], fields)


def test_what_was_bought_moves_once_both_are_proved(bought: Till, browser: Client, paid_lesson: Any) -> None:
    asked = browser.post(MOVE, {"email": "new@example.org"})
    assert asked.status_code == 303
    assert mail.outbox[-1].to == ["new@example.org"]
    assert press(browser)["Location"] == MOVE
    assert "Transfer to this email" in browser.get(MOVE).content.decode()

    browser.post(MOVE, {"which": "move"})

    assert owners() == {"new@example.org"}
    assert "canary" in browser.get(paid_lesson.url).content.decode()
    assert Move.objects.get().done_at


def test_nothing_moves_by_the_mail_alone(browser: Client) -> None:
    browser.post(MOVE, {"email": "new@example.org"})

    press(browser)

    assert owners() == {"ada@example.org"}


def test_each_address_in_one_browser_asks_for_itself(
    browser: Client, settings: Any, sign_in: Callable[[Email], Client]
) -> None:
    browser.post(MOVE, {"email": "new@example.org"})
    other = Email.objects.create(address="eve@example.org", asked_at=timezone.now(), verified_at=timezone.now())
    browser.cookies[settings.LEARNER_COOKIE] = sign_in(other).cookies[settings.LEARNER_COOKIE].value

    browser.post(MOVE, {"email": "new@example.org"})
    browser.post(MOVE, {"email": "new@example.org"})

    moves = Move.objects.order_by("pk").values_list("from_email__address", flat=True)
    assert list(moves) == ["ada@example.org", "eve@example.org"]
    assert "eve@example.org" in str(mail.outbox[-1].body)


def test_nothing_moves_before_the_other_is_proved(browser: Client) -> None:
    browser.post(MOVE, {"email": "new@example.org"})

    browser.post(MOVE, {"which": "move"})

    assert owners() == {"ada@example.org"}


def test_another_session_of_the_second_address_moves_nothing(
    browser: Client, sign_in: Callable[[Email], Client]
) -> None:
    """Only the one that the mail about this very move has opened."""
    browser.post(MOVE, {"email": "new@example.org"})
    other = sign_in(Email.objects.get(address="new@example.org"))

    other.post(MOVE, {"which": "move"})

    assert owners() == {"ada@example.org"}


def test_what_the_second_address_had_bought_stays_one_grant(bought: Till, browser: Client) -> None:
    new = Email.objects.create(address="new@example.org", asked_at=timezone.now())
    bought.paid(email=new)
    bought.bring_all()
    browser.post(MOVE, {"email": "new@example.org"})
    press(browser)

    browser.post(MOVE, {"which": "move"})

    assert owners() == {"new@example.org"}
    assert Payment.objects.filter(is_duplicate=True).count() == 1


def test_order_is_its_new_owners_to_see(bought: Till, browser: Client, sign_in: Callable[[Email], Client]) -> None:
    browser.post(MOVE, {"email": "new@example.org"})
    press(browser)
    browser.post(MOVE, {"which": "move"})
    order = f"/purchases/checkout/{bought.payment.intent_id}/"

    answers = [each.get(order).status_code for each in (browser, sign_in(bought.email))]

    assert answers == [200, 404]


def test_first_owner_who_is_erased_leaves_no_name_behind(
    bought: Till, browser: Client, sign_in: Callable[[Email], Client]
) -> None:
    browser.post(MOVE, {"email": "new@example.org"})
    press(browser)
    browser.post(MOVE, {"which": "move"})

    sign_in(bought.email).post("/access/data/", {"which": "erase"})

    assert owners() == {"new@example.org"}
    assert not any(bought.email.address in event.body for event in bought.payment.events.all())


def test_address_to_which_an_order_was_moved_is_not_let_go_of(bought: Till) -> None:
    """Also while the order opens nothing, and nobody has proved the address."""
    long_ago = timezone.now() - timedelta(days=60)
    new = Email.objects.create(address="new@example.org", asked_at=long_ago)
    ledger.move(bought.payment, to=new, now=timezone.now())
    Grant.objects.all().delete()

    privacy.let_go(now=timezone.now())

    assert bought.payment.email == new


def test_refund_after_the_move_closes_it_to_the_new_owner(bought: Till, browser: Client) -> None:
    browser.post(MOVE, {"email": "new@example.org"})
    press(browser)
    browser.post(MOVE, {"which": "move"})

    bought.stripe.refund(bought.payment.reference)
    bought.bring_all()

    assert owners() == set()


@pytest.mark.parametrize("typed", ["", "new@", "ada@example.org"])
def test_address_that_will_not_do_comes_back_with_a_sentence(browser: Client, typed: str) -> None:
    response = browser.post(MOVE, {"email": typed})

    assert response.status_code == 422
    assert not mail.outbox[1:]


def test_who_is_not_signed_in_proves_an_address_first(bought: Till) -> None:
    assert Client().get(MOVE)["Location"] == "/access/"


def test_a_move_waits_for_the_session_that_its_mail_opened(learner_email: Email, now: datetime) -> None:
    new = Email.objects.create(address="new@example.org", asked_at=now)
    tokens = [
        EmailVerificationToken.objects.create(
            email=new, sent_to=new.address, asker_digest="x", asked_at=now, send_after=now
        )
        for _ in range(2)
    ]
    move, done = [Move.objects.create(from_email=learner_email, to_email=new, token=t, asked_at=now) for t in tokens]
    Move.objects.filter(pk=done.pk).update(done_at=now)
    Move.objects.create(from_email=learner_email, to_email=new, asked_at=now)

    def waiting(email: Email, token: EmailVerificationToken | None) -> Move | None:
        token_id = token.pk if token else None
        who = Learner(session_id=1, email_id=email.pk, email=email.address, grants=frozenset(), token_id=token_id)
        return transfer.waiting(who)

    assert waiting(new, tokens[0]) == move
    assert [waiting(new, tokens[1]), waiting(new, None), waiting(learner_email, tokens[0])] == [None] * 3

    Move.objects.update(from_email=None)
    assert waiting(new, tokens[0]) is None


def test_a_move_is_carried_out_once_and_moves_its_own_orders(
    learner_email: Email, make_payment: Callable[..., Payment], now: datetime
) -> None:
    new, third = (Email.objects.create(address=f"{name}@example.org", asked_at=now) for name in ("new", "third"))
    mine = [make_payment(course_key=uuid4()), make_payment(course_key=uuid4())]
    theirs = make_payment(course_key=uuid4(), email=third)
    move, other = [Move.objects.create(from_email=learner_email, to_email=new, asked_at=now) for _ in range(2)]

    moved = [transfer.carry_out(move, now=moment) for moment in (now, now + timedelta(hours=1))]

    assert moved == [2, 0]
    assert set(Payment.objects.filter(email=new)) == set(mine)
    assert Payment.objects.get(email=third) == theirs
    assert [each.done_at for each in Move.objects.order_by("pk")] == [now, None]

    Move.objects.filter(pk=other.pk).update(from_email=new, to_email=None)
    other.refresh_from_db()
    transfer.carry_out(other, now=now)
    assert Payment.objects.filter(email=new).count() == 2
