"""How the database goes about the statements of some code: EXPLAIN, on SQLite as on PostgreSQL, so that no statement
reads a table that grows from end to end."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

# Tables that stay as small as they are, whatever comes to the site.
SMALL = frozenset(
    {
        "access_gatesettings",
        "django_content_type",
        "purchases_reconciliation",
        "release_clockround",
        "release_laterelease",
        "wagtailcore_locale",
        "wagtailcore_site",
    }
)

# Tables that grow with learners, and the scheduler's own. Wagtail reads its pages as it does.
GROWS = re.compile(r"\b(access|learning|purchases|release|review|django_tasks_database|wagtail_cloudinary)_\w+")
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


@contextmanager
def watched() -> Iterator[list[tuple[str, Any]]]:
    """The statements of the block, each with its parameters."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield statements


def plan(sql: str, params: Any) -> list[str]:
    """The steps of the plan: which table is read by which index, or from end to end.

    Tables of tests are small, which PostgreSQL would rather read whole: its settings say that each row costs dearly.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return [row[-1] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL cpu_index_tuple_cost = 1e6")
        cursor.execute(f"EXPLAIN {sql}", params)
        return [row[0] for row in cursor.fetchall()]


def reads_of_what_grows(statements: Iterable[tuple[str, Any]]) -> list[str]:
    """The steps that read the whole of a table that grows with learners, each with its statement."""
    return [
        f"{step}: {sql}"
        for sql, params in statements
        for step in whole_reads(sql, params, but=OWED | JOINED)
        if GROWS.search(step)
    ]


def whole_reads(sql: str, params: Any, *, but: frozenset[str] = frozenset()) -> list[str]:
    """The steps that read a whole table, or a whole index; apart from small ones, and those in `but`: partial indexes,
    which hold no more than is to be done."""
    if "WHERE" not in sql and sql.endswith("LIMIT 1"):
        return []  # whether there is anything at all
    steps = plan(sql, params)
    if connection.vendor == "sqlite":
        whole = [step for step in steps if step.startswith("SCAN")]
    else:
        following = zip(steps, [*steps[1:], ""], strict=True)
        whole = [
            step.strip()
            for step, below in following
            if "Seq Scan" in step or (" Scan " in step and "Index" in step and "Cond:" not in below)
        ]
    return [step for step in whole if not set(re.findall(r"\w+", step)) & (SMALL | but)]
