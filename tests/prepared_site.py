"""The demo site, prepared once: what `make run` makes before it starts is kept, and copied for each site of the tests.

Static files, migrations and demo take half a minute. They are kept under a fingerprint of all that they are made of.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import prepared_database
from tests.prepared_database import CACHE
from tests.running_site import READY_WITHIN, ROOT, environment, own_database

APPS = ["access", "courses", "home", "learning", "library", "purchases", "release", "review", "site", "theme"]
NOT_STATIC = ["db.sqlite3*", "mail", "media", "private"]


@contextmanager
def copied(folder: Path, *, demo: bool = True) -> Iterator[dict[str, str]]:
    """Put a site of one's own into a folder; yields the environment that leads there.

    Without the demo it is as migrations leave it. The test database must be set up: this one is made from the same.
    """
    site = f"site_{prepared_database.fingerprint(_sources())}"
    with own_database() as where:
        with prepared_database.store() as prepared:
            if not (prepared.has(site) and (CACHE / site).exists()):
                _make(site, prepared)
            prepared.copy(site if demo else prepared_database.migrated(), _database(folder, where))
            leave_out = shutil.ignore_patterns(*([] if demo else NOT_STATIC))
            shutil.copytree(CACHE / site, folder, ignore=leave_out, dirs_exist_ok=True)
        yield {**where, "DATA_DIR": str(folder)}


def _make(site: str, prepared: Any) -> None:
    with tempfile.TemporaryDirectory(dir=CACHE) as name, own_database() as where:
        folder = Path(name)
        prepared.copy(prepared_database.migrated(), _database(folder, where))
        settings = {"PYTHONPATH": "site", "DJANGO_SETTINGS_MODULE": "config.settings.dev", "DEBUG": "0"}
        # And what the demo leaves to the worker, some hundred and fifty tasks, so that no copy's has to begin with it.
        for command in (["-m", "config.launch", "prepare"], ["manage.py", "run_worker", "--batch"]):
            done = subprocess.run(
                [sys.executable, *command],
                cwd=ROOT,
                env={**environment(), **where, **settings, "DATA_DIR": name},
                timeout=READY_WITHIN,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
        for old in CACHE.glob("site_*/"):
            shutil.rmtree(old)
        shutil.copytree(folder, CACHE / site, ignore=shutil.ignore_patterns("db.sqlite3*"))
        prepared.keep(site, _database(folder, where))  # last: what has a database is whole


def _database(folder: Path, where: dict[str, str]) -> str:
    """What the store knows it by: a name on PostgreSQL, a file on SQLite."""
    return where["DATABASE_URL"].rpartition("/")[2] if where else str(folder / "db.sqlite3")


def _sources() -> Iterator[Path]:
    yield ROOT / "requirements.txt"
    for name in APPS:
        for file in (ROOT / name).rglob("*"):
            if file.is_file() and not {"tests", "__pycache__"} & set(file.parts):
                yield file
