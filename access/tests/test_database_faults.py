"""A database that takes no writes spends nothing and opens nothing; a cache that forgets costs nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from wagtail.models import Page

from access.models import EmailVerificationToken

LINK = re.compile(r"/access/confirm/[\w-]+/")


@contextmanager
def read_only() -> Iterator[None]:
    on, off = {
        "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        "postgresql": ("SET TRANSACTION READ ONLY", ""),
    }[connection.vendor]
    savepoint = transaction.savepoint_create()
    connection.cursor().execute(on)
    yield
    if off:
        connection.cursor().execute(off)
    transaction.savepoint_rollback(savepoint)  # which ends PostgreSQL's read-only state as well


@pytest.fixture
def link(client: Client, email_lesson: Page) -> str:
    client.post("/access/ask/", {"email": "ada@example.org", "page": email_lesson.pk})
    (message,) = mail.outbox
    (link, *_) = LINK.findall(str(message.body))
    return str(link)


def test_a_database_that_takes_no_writes_spends_nothing(client: Client, email_lesson: Page, link: str) -> None:
    client.raise_request_exception = False
    with read_only():
        refused = client.post(link)

    assert refused.status_code == 503
    assert int(refused["Retry-After"]) > 0
    assert "no-store" in refused["Cache-Control"]
    assert EmailVerificationToken.objects.get().spent_at is None
    assert client.post(link)["Location"] == email_lesson.url


@pytest.mark.parametrize("path", ["/access/ask/", "/admin/login/"])
def test_a_form_sent_to_a_database_that_takes_no_writes_is_told_to_come_back(
    client: Client, email_lesson: Page, path: str
) -> None:
    client.raise_request_exception = False
    with read_only():
        login = {"username": "x", "password": "x"}
        answer = client.post(path, {"email": "bob@example.org", "page": email_lesson.pk, **login})

    assert answer.status_code == 503
    assert "try again in a minute" in answer.text


def test_pages_are_read_from_a_database_that_takes_no_writes(verified_learner: Client, email_lesson: Page) -> None:
    with read_only():
        assert verified_learner.get(email_lesson.url).status_code == 200
        assert Client().get(email_lesson.url).status_code == 200


def test_a_cache_emptied_on_the_way_is_not_noticed(client: Client, email_lesson: Page, link: str) -> None:
    cache.clear()
    assert client.post(link)["Location"] == email_lesson.url

    cache.clear()
    assert client.get(email_lesson.url).context["page"] == email_lesson
