"""Batch processing for the scheduler: a round reads so many rows, and deletes so many, however large the table is."""

from secrets import randbelow
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, Model, QuerySet

LOOKED_AT = 10_000
DELETED = 1_000


def some[Rows: QuerySet[Any]](rows: Rows, *, size: int = LOOKED_AT) -> Rows:
    """A span of these rows by their numbers, drawn anew each time: all of a small table, and in the end all of a large
    one. For what no index can find, and what may wait for an hour.

    Drawn at random: parts that take turns would miss some rows for good where the scheduler runs every few minutes.
    """
    table = rows.model._default_manager
    # Asked one by one, each is found at an end of the key's index; together, SQLite reads the whole table.
    first, last = table.aggregate(pk=Min("pk"))["pk"], table.aggregate(pk=Max("pk"))["pk"]
    if first is None or last is None:
        return rows.none()
    start = first + size * randbelow((last - first) // size + 1)
    return rows.filter(pk__gte=start, pk__lt=start + size)


def delete[T: Model](rows: QuerySet[T], *, most: int = DELETED) -> int:
    """Delete some of these rows, and what goes with them; returns how many rows that were. The next round goes on.

    Through Django, which knows what points at them, and by their keys, as it would load all of them at once.
    """
    with transaction.atomic():
        pks = list(rows.values_list("pk", flat=True)[:most])
        return rows.model._default_manager.filter(pk__in=pks).delete()[0] if pks else 0
