"""The test database, prepared once: migrated by whoever comes first, and copied by every test process after that.

Migrating takes half a minute, a copy a moment. What was prepared is kept under a fingerprint of all migrations: on
SQLite as a file in pytest's cache, on PostgreSQL as a database beside those of the tests.
"""

import fcntl
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import setup_databases

PREFIX = "lectern_prepared_"
KEPT = 5  # on PostgreSQL, for the branches somebody goes back and forth between


def set_up(cache: Path) -> None:
    """Leave the default connection at a migrated test database of this process's own, as `setup_databases` does."""
    connection, fingerprint = connections["default"], _fingerprint()
    prepared = (
        _OnPostgres(connection, fingerprint) if connection.vendor == "postgresql" else _OnSQLite(cache, fingerprint)
    )
    serialized = cache / f"{connection.vendor}-{fingerprint}.json"
    with prepared.locked():
        if prepared.exists() and serialized.exists():
            _use(connection, prepared)
            connection._test_serialized_contents = serialized.read_text()  # type: ignore[attr-defined]
        else:
            setup_databases(verbosity=0, interactive=False, aliases={"default": None}, serialized_aliases={"default"})
            serialized.write_text(connection._test_serialized_contents)  # type: ignore[attr-defined]
            connection.close()
            prepared.keep(connection.settings_dict["NAME"])
    connection.ensure_connection()


def tear_down(name: str) -> None:
    """Remove this process's database; `name` is what the connection was at before."""
    connections["default"].creation.destroy_test_db(name, verbosity=0)


def _use(connection: BaseDatabaseWrapper, prepared: "_OnSQLite | _OnPostgres") -> None:
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    prepared.copy(name)
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _fingerprint() -> str:
    """Of whatever decides how a migrated database looks: the migrations of all apps, and what is installed."""
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(f"{app.label}/{file.name}".encode())
            digest.update(file.read_bytes())
    for installed in sorted(f"{each.name}=={each.version}" for each in distributions()):
        digest.update(installed.encode())
    return digest.hexdigest()[:16]


class _OnSQLite:
    def __init__(self, cache: Path, fingerprint: str) -> None:
        self.cache = cache
        self.file = cache / f"{fingerprint}.sqlite3"

    @contextmanager
    def locked(self) -> Iterator[None]:
        with (self.cache / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def exists(self) -> bool:
        return self.file.exists()

    def copy(self, name: str) -> None:
        shutil.copyfile(self.file, name)

    def keep(self, name: str) -> None:
        for old in self.cache.glob("*.sqlite3"):
            old.unlink()
        with sqlite3.connect(name) as source:  # what is still in its WAL goes into the file
            source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        source.close()
        shutil.copyfile(name, self.file)


class _OnPostgres:
    def __init__(self, connection: BaseDatabaseWrapper, fingerprint: str) -> None:
        self.server: Any = connection.creation
        self.name = PREFIX + fingerprint

    @contextmanager
    def locked(self) -> Iterator[None]:
        """On the server itself: tests of other checkouts use it too, and nobody may be connected to what is copied."""
        with self.server._nodb_cursor() as self.cursor:
            self.cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")  # others may be migrating
            self.cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [PREFIX])
            yield  # the connection ends, and the lock with it

    def exists(self) -> bool:
        self.cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
        return self.cursor.fetchone() is not None

    def copy(self, name: str) -> None:
        self._copy(self.name, name)

    def keep(self, name: str) -> None:
        self.cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC OFFSET %s",
            [f"{PREFIX}%", KEPT - 1],
        )
        for (old,) in self.cursor.fetchall():
            self.cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
        self._copy(name, self.name)

    def _copy(self, source: str, target: str) -> None:
        self.cursor.execute(f'DROP DATABASE IF EXISTS "{target}"')
        self.cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
