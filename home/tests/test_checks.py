"""A site in public says, by a deployment check and in its log, that the demo's logins are still there."""

import logging
import runpy
from typing import Any

import django
import pytest
from django.core.checks import run_checks
from django.db import connection

from home import checks
from home.demo import loading


@pytest.fixture
def logins(db: None, in_public: None) -> None:
    list(loading.load_people())


def found() -> list[str]:
    return [str(message.msg) for message in run_checks(include_deployment_checks=True) if message.id == "home.W001"]


def test_the_deploy_check_names_the_logins(logins: None, settings: Any) -> None:
    (message,) = found()

    assert "admin, editor, publisher, reviewer" in message
    assert settings.DEMO_PASSWORD not in message


def test_logins_with_passwords_of_their_own_are_nothing_to_say(logins: None, django_user_model: Any) -> None:
    for user in django_user_model.objects.filter(username__in=loading.PEOPLE):
        user.set_password("a password of its own")
        user.save()

    assert found() == []


def test_a_local_site_has_nothing_to_say(logins: None, settings: Any) -> None:
    settings.IS_LOCAL = True

    assert found() == []


def test_only_the_four_names_are_looked_at(logins: None, django_user_model: Any, settings: Any) -> None:
    """A hash is slow on purpose: a thousand accounts must not hold up the start."""
    django_user_model.objects.create_user("fifth", password=settings.DEMO_PASSWORD)

    assert "fifth" not in checks.demo_logins()


def test_the_log_says_so_when_the_site_starts(logins: None, caplog: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django, "setup", lambda **_: None)  # done; again it would take caplog's handler away
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction is in it

    with caplog.at_level(logging.ERROR, logger="home.checks"):
        runpy.run_module("config.wsgi")

    assert "admin, editor, publisher, reviewer" in caplog.text
