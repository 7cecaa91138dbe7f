"""Nobody makes the site mail staff without end, nor guesses a password at leisure."""

from typing import Any

import pytest
from django.test import Client


@pytest.mark.refusal("throttle")
def test_guessing_a_password_is_limited(client: Client, admin_user: Any) -> None:
    answers = [client.post("/admin/login/", {"username": "admin", "password": "x"}) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert int(answers[-1]["Retry-After"]) > 0


@pytest.mark.refusal("throttle")
def test_mails_for_a_new_password_are_limited(admin_user: Any, mailoutbox: list[Any]) -> None:
    for number in range(12):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/admin/password_reset/", {"email": admin_user.email})

    assert len(mailoutbox) == 10


def test_unknown_names_are_counted_alike(client: Client, admin_user: Any) -> None:
    answers = [client.post("/admin/login/", {"username": "nobody", "password": "x"}) for _ in range(11)]

    assert answers[-1].status_code == 429


def test_logging_in_still_works(client: Client, admin_user: Any) -> None:
    response = client.post("/admin/login/", {"username": "admin", "password": "password"})

    assert response.status_code == 302
