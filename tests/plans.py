"""How the database goes about the statements of some code: EXPLAIN, on SQLite as on PostgreSQL, so that no statement
reads a table that grows from end to end."""

import re
from collections.abc import Iterator
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

    Tables of tests are small, which PostgreSQL would rather read whole: it is told that each row costs dearly.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return [row[-1] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL cpu_index_tuple_cost = 1e6")
        cursor.execute(f"EXPLAIN {sql}", params)
        return [row[0] for row in cursor.fetchall()]


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
