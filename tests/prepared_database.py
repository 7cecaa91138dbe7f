"""The test database, prepared once: migrated by the first test process, and copied by every one after that.

Migrating takes half a minute, a copy a moment. What was prepared is kept under a fingerprint of all migrations: on
SQLite as a file beside pytest's own cache, on PostgreSQL as a database beside those of the tests. `prepared_site` keeps
the demo site in the same way.
"""

import fcntl
import hashlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import setup_databases

CACHE = Path(__file__).resolve().parents[1] / ".pytest_cache" / "prepared"
PREFIX = "lectern_prepared_"
KEPT = 5  # of each kind, on PostgreSQL, for the branches somebody goes back and forth between


def set_up() -> None:
    """Leave the default connection at a migrated test database of this process's own, as `setup_databases` does."""
    connection, name = connections["default"], migrated()
    serialized = CACHE / f"{name}-{connection.vendor}.json"
    with store() as prepared:
        if prepared.has(name) and serialized.exists():
            _use(connection, prepared, name)
            connection._test_serialized_contents = serialized.read_text()  # type: ignore[attr-defined]
        else:
            setup_databases(verbosity=0, interactive=False, aliases={"default": None}, serialized_aliases={"default"})
            serialized.write_text(connection._test_serialized_contents)  # type: ignore[attr-defined]
            connection.close()
            prepared.keep(name, connection.settings_dict["NAME"])
    connection.ensure_connection()


def tear_down(name: str) -> None:
    """Remove this process's database; `name` is what the connection was at before."""
    connections["default"].creation.destroy_test_db(name, verbosity=0)


@cache
def migrated() -> str:
    """The name under which the migrated database is kept, for as long as nothing decides otherwise how it looks."""
    own = [Path(app.path, "migrations").glob("*.py") for app in apps.get_app_configs()]
    return f"migrated_{fingerprint(file for files in own for file in files)}"


def fingerprint(files: Iterable[Path]) -> str:
    """Of these files, wherever the checkout is, and of what is installed."""
    marks = sorted(f"{file.parent.name}/{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files)
    marks += sorted(f"{each.name}=={each.version}" for each in distributions())
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:16]


@contextmanager
def store() -> "Iterator[_OnSQLite | _OnPostgres]":
    """Where the prepared databases are kept; nobody else reads or writes it meanwhile."""
    CACHE.mkdir(parents=True, exist_ok=True)
    connection = connections["default"]
    if connection.vendor == "postgresql":
        import psycopg

        # On the server itself: tests of other checkouts use it too, and nobody may be connected to what is copied.
        named = {name: connection.settings_dict[name.upper()] for name in ("host", "port", "user", "password")}
        with psycopg.connect(dbname="postgres", autocommit=True, **named) as server:
            server.execute("SELECT pg_advisory_lock(hashtext(%s))", [PREFIX])
            yield _OnPostgres(server.cursor())  # the connection ends, and the lock with it
    else:
        with (CACHE / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield _OnSQLite()


def _use(connection: BaseDatabaseWrapper, prepared: "_OnSQLite | _OnPostgres", kept: str) -> None:
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    prepared.copy(kept, name)
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name


class _OnSQLite:
    def has(self, name: str) -> bool:
        return self._file(name).exists()

    def copy(self, name: str, target: str) -> None:
        shutil.copyfile(self._file(name), target)

    def keep(self, name: str, source: str) -> None:
        for old in CACHE.glob(f"{name.partition('_')[0]}_*.sqlite3"):
            old.unlink()
        with sqlite3.connect(source) as connection:  # what is still in its WAL goes into the file
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        half = shutil.copyfile(
            source, f"{self._file(name)}.half"
        )  # a process killed here leaves nothing that looks whole
        Path(half).replace(self._file(name))

    def _file(self, name: str) -> Path:
        return CACHE / f"{name}.sqlite3"


class _OnPostgres:
    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def has(self, name: str) -> bool:
        self.cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [PREFIX + name])
        return self.cursor.fetchone() is not None

    def copy(self, name: str, target: str) -> None:
        self._copy(PREFIX + name, target)

    def keep(self, name: str, source: str) -> None:
        self.cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC OFFSET %s",
            [f"{PREFIX}{name.partition('_')[0]}%", KEPT - 1],
        )
        for (old,) in self.cursor.fetchall():
            self.cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
        self._copy(source, PREFIX + name)

    def _copy(self, source: str, target: str) -> None:
        self.cursor.execute(f'DROP DATABASE IF EXISTS "{target}"')
        self.cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
