"""What a million rows cost no more than ten: no statement of the hot paths reads a table that grows from end to end.

`make bench` measures the same with the rows there; this holds whichever database the tests run on.
"""

import re
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

# Tables that grow with learners, and the clock's own. Wagtail reads its pages as it does.
GROWS = re.compile(r"\b(access|purchases|release|review|django_tasks_database|wagtail_cloudinary)_\w+")
OWED = frozenset(
    {
        "token_owed",
        "password_reset_owed",
        "waitlist_owed",
        "waitlist_unproved",
        "purchase_mail_owed",
        "gift_mail_owed",
        "review_mail_owed",
        "comment_mail_owed",
        "checkout_not_proved",
        "payment_needs_attention",
        "page_that_ends",
        "task_running",
        "task_finished",
    }
)
# PostgreSQL joins the few payments that need attention by it; with next to no rows it reads the whole of it.
JOINED = frozenset({"purchases_checkoutintent_pkey"})


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

    read = {
        f"{step}: {sql}"
        for sql, params in statements
        for step in plans.whole_reads(sql, params, but=OWED | JOINED)
        if GROWS.search(step)
    }
    assert not read, "\n".join(read)
    assert statements


def test_each_index_of_what_is_owed_is_used(db: None, settings: Any) -> None:
    """Whatever else finds it reads more."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with plans.watched() as statements:
        call_command("run_due")
        attention.of_orders()

    used = "\n".join(step for sql, params in statements for step in plans.plan(sql, params))

    assert [name for name in OWED if name not in used] == []
