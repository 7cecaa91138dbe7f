"""Migrate files between this machine and Cloudinary, under the same names, so that no model row changes.

A file is copied, read back, and counts as there once its SHA-256 is that of the source. A row remembers how far each
has come, so that a move may be killed anywhere and started again. Sources are deleted last, when everything is there.

The two sides of each storage alias stand in the setting CLOUDINARY_STORAGES:

    {"private": {"local": {"BACKEND": ..., "OPTIONS": ...}, "cloudinary": {"BACKEND": ..., "OPTIONS": ...}}}
"""

import enum
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import models
from wagtail.images.models import AbstractRendition

from wagtail_cloudinary.deferred_deletion import file_fields
from wagtail_cloudinary.models import MovedFile
from wagtail_cloudinary.storage import CloudinaryStorage

FAILURES_IN_A_ROW = 3

type Described = Mapping[str, Any]


class Stopped(Exception):
    """The move goes no further; the sentence says why and what to do."""


class Outcome(enum.Enum):
    COPIED = "copied"
    THERE = "already there"
    MISSING = "missing"
    TAKEN = "name taken by another file"
    FAILED = "failed"


DONE = {Outcome.COPIED, Outcome.THERE}


@dataclass(frozen=True, order=True)
class Place:
    """A file by its storage alias and its name there."""

    alias: str
    name: str


@dataclass
class Result:
    """How many files came to what, and those that did not arrive, with the reason."""

    total: int = 0
    counts: Counter[Outcome] = field(default_factory=Counter)
    troubles: list[tuple[Place, str]] = field(default_factory=list)
    deleted: int = 0

    @property
    def done(self) -> int:
        return sum(self.counts.values())

    @property
    def is_complete(self) -> bool:
        return sum(self.counts[outcome] for outcome in DONE) == self.total


def move(to: str, *, delete_source: bool = False, report: Callable[[Result], object] = lambda _result: None) -> Result:
    """Bring every file in use to this side; `report` is called after each. See `delete_sources` for the second part.

    A file that fails is left for the next run. Stopped after three failures in a row, which is no file's own fault,
    and when sources should be deleted that are still in use.
    """
    sides = {alias: _sides(alias, to) for alias in described()}
    if delete_source:
        _check_in_use(to)
    places = sorted(files_in_use())
    result = Result(total=len(places))
    in_a_row = 0
    for place in places:
        source, destination = sides[place.alias]
        try:
            outcome, reason = copy(place, source, destination, to=to), ""
        except OSError as error:
            outcome, reason = Outcome.FAILED, str(error)
        in_a_row = in_a_row + 1 if outcome is Outcome.FAILED else 0
        result.counts[outcome] += 1
        if outcome not in DONE:
            result.troubles.append((place, reason or outcome.value))
        report(result)
        if in_a_row == FAILURES_IN_A_ROW:
            raise Stopped(f"{in_a_row} files in a row failed; the last said: {reason} Run the command again later.")
    if delete_source and result.is_complete:
        result.deleted = delete_sources(places, to=to)
    return result


def copy(place: Place, source: Storage, destination: Storage, *, to: str) -> Outcome:
    """Copy one file and read it back. Safe to repeat, and to be killed in. OSError when a storage fails."""
    row, _created = MovedFile.objects.get_or_create(alias=place.alias, name=place.name, destination=to)
    if row.state != MovedFile.State.COPYING:
        return Outcome.THERE
    found = _digest(destination, place.name)
    try:
        opened = source.open(place.name)
    except FileNotFoundError:
        return _without_source(row, found)
    with opened as content:
        digest = _digest_of(content)
        if found == digest:
            _verified(row, digest)
            return Outcome.THERE
        if found is not None and not row.sha256:
            row.delete()
            return Outcome.TAKEN
        if found is not None:
            _delete(destination, place.name)  # what a move that was killed left half written
        row.sha256 = digest
        row.save(update_fields=["sha256", "changed_at"])
        content.seek(0)
        saved = destination.save(place.name, content)
    if saved != place.name:
        _delete(destination, saved)
        raise OSError("The name was taken while the file was copied.")
    if _digest(destination, place.name) != digest:
        raise OSError("What was read back is not what was written.")
    _verified(row, digest)
    return Outcome.COPIED


def delete_sources(places: list[Place], *, to: str) -> int:
    """Delete the source of every file that is there; how many were. Files that are not there keep theirs."""
    other = _other(to)
    deleted = 0
    for place in places:
        rows = MovedFile.objects.filter(alias=place.alias, name=place.name)
        if not rows.filter(destination=to, state=MovedFile.State.VERIFIED).exists():
            continue
        source, _destination = _sides(place.alias, to)
        # First forget that it is there: after a kill, a row must not promise what is gone.
        rows.filter(destination=other).delete()
        _delete(source, place.name)
        rows.filter(destination=to).update(state=MovedFile.State.MOVED)
        deleted += 1
    return deleted


def files_in_use() -> set[Place]:
    """Every file that a row of any installed model names, in the aliases that have two sides; renditions left out."""
    places: set[Place] = set()
    for model, file_field, alias in fields():
        if alias:
            values = model._base_manager.exclude(**{file_field.name: ""}).values_list(file_field.name, flat=True)
            places.update(Place(alias, str(name)) for name in values.distinct().iterator() if name)
    return places


def fields() -> Iterator[tuple[type[models.Model], models.FileField, str]]:
    """Every file field of every table, and the alias it belongs to; empty for one that stays where it is."""
    by_storage = {id(_unwrapped(storages[alias])): alias for alias in described()}
    for model, file_field in file_fields():
        if not issubclass(model, AbstractRendition):
            yield model, file_field, by_storage.get(id(_storage_of(file_field)), "")


def described() -> Mapping[str, Mapping[str, Described]]:
    """The setting CLOUDINARY_STORAGES, looked over; ImproperlyConfigured if a side is missing."""
    found: Mapping[str, Mapping[str, Described]] = getattr(settings, "CLOUDINARY_STORAGES", {})
    if not found:
        raise ImproperlyConfigured("CLOUDINARY_STORAGES names no storage; it says what lies on which side.")
    for alias, sides in found.items():
        if set(sides) != set(MovedFile.Destination.values):
            raise ImproperlyConfigured(f"CLOUDINARY_STORAGES[{alias!r}] has two sides, 'local' and 'cloudinary'.")
    return found


def _check_in_use(to: str) -> None:
    for alias, sides in described().items():
        read = cast("Mapping[str, Described]", storages.backends)[alias]  # the stubs take it for storages
        if not _is_same(read, sides[to]):
            raise Stopped(f"The site does not read STORAGES[{alias!r}] from {to} yet, so no source is deleted.")


def _is_same(one: Described, other: Described) -> bool:
    return one["BACKEND"] == other["BACKEND"] and one.get("OPTIONS", {}) == other.get("OPTIONS", {})


def _sides(alias: str, to: str) -> tuple[Storage, Storage]:
    sides = described()[alias]
    return storages.create_storage(dict(sides[_other(to)])), storages.create_storage(dict(sides[to]))


def _other(to: str) -> str:
    here, there = MovedFile.Destination.LOCAL, MovedFile.Destination.CLOUDINARY
    return str(there if to == here else here)


def _delete(storage: Storage, name: str) -> None:
    """At once or not at all: a deletion that waits could hit what is moved to this name meanwhile."""
    (storage.delete_now if isinstance(storage, CloudinaryStorage) else storage.delete)(name)


def _without_source(row: MovedFile, found: str | None) -> Outcome:
    """A file that was stored at the destination in the first place is there; a half-written copy is not."""
    if found is None or (row.sha256 and row.sha256 != found):
        if not row.sha256:
            row.delete()
        return Outcome.MISSING
    _verified(row, found)
    return Outcome.THERE


def _verified(row: MovedFile, digest: str) -> None:
    row.sha256, row.state = digest, MovedFile.State.VERIFIED
    row.save(update_fields=["sha256", "state", "changed_at"])


def _digest(storage: Storage, name: str) -> str | None:
    try:
        with storage.open(name) as content:
            return _digest_of(content)
    except FileNotFoundError:
        return None


def _digest_of(content: File[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _storage_of(file_field: models.FileField) -> Storage:
    """As the field finds it now: one that was given a function asks it again, so that settings decide."""
    storage = getattr(file_field, "_storage_callable", file_field.storage)
    return _unwrapped(storage() if callable(storage) else storage)


def _unwrapped(storage: Any) -> Storage:
    """Django's default_storage is a lazy shell."""
    bool(getattr(storage, "deconstruct", None))  # a shell fills itself when it is first asked for something
    found: Storage = getattr(storage, "_wrapped", storage)
    return found
