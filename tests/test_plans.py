"""What a million rows cost no more than ten: no statement of the hot paths reads a table that grows from end to end.

`make bench` measures the same with the rows there; this holds whichever database the tests run on.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page

from access.models import EmailVerificationToken
from access.sessions import token_secrets
from purchases.staff import attention
from tests import plans


@pytest.fixture(params=["gate", "waiting page", "status", "confirm", "code", "round of the clock", "admin home"])
def act(
    request: pytest.FixtureRequest, email_lesson: Page, paid_lesson: Page, asker: str, now: datetime, settings: Any
) -> Callable[[], Any]:
    client: Client = request.getfixturevalue("client")
    client.post("/access/ask/", {"email": "ada@example.org", "page": email_lesson.pk})
    token = EmailVerificationToken.objects.get()
    waiting = f"/access/waiting/{token.pk}/"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    if request.param == "round of the clock":
        return lambda: call_command("run_due")
    if request.param == "admin home":
        client.force_login(get_user_model().objects.create_superuser("chief", "chief@example.org", "x"))
        return lambda: client.get("/admin/")
    return {
        "gate": lambda: client.get(paid_lesson.url),
        "waiting page": lambda: client.get(waiting),
        "status": lambda: client.get(f"{waiting}status/"),
        "confirm": lambda: client.post(f"/access/confirm/{token_secrets.new()}/"),
        "code": lambda: client.post(waiting, {"code": "123456"}),
    }[request.param]


def test_nothing_reads_a_growing_table_from_end_to_end(act: Callable[[], Any]) -> None:
    with plans.watched() as statements:
        act()

    assert plans.reads_of_what_grows(statements) == []
    assert statements


def test_each_index_of_what_is_owed_is_used(db: None, settings: Any) -> None:
    """Whatever else finds it reads more."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with plans.watched() as statements:
        call_command("run_due")
        attention.order_notices()

    used = "\n".join(step for sql, params in statements for step in plans.plan(sql, params))

    assert [name for name in plans.OWED if name not in used] == []
