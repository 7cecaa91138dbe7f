"""A site whose every part a test may break: its database and cache behind a line that can be cut, and each process
one that can be killed."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg

from config import launch
from tests import prepared_site, running_site
from tests.running_site import PATIENCE, ROOT
from tests.tcp_proxy import CutLine

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@dataclass
class FaultySite:
    folder: Path
    port: str
    environment: dict[str, str]
    database: CutLine | None
    cache: CutLine | None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def run(self, *command: str, **kwargs: Any) -> "subprocess.Popen[str]":
        """Start a command as the site would, in the site's environment."""
        kwargs = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, **kwargs}
        return subprocess.Popen([*command], cwd=ROOT, env=self.environment, **kwargs)

    def manage(self, *command: str) -> str:
        """Run a management command to its end; what it said."""
        process = self.run(sys.executable, "manage.py", *command)
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said
        return said

    @contextmanager
    def running(self, part: str) -> Iterator["subprocess.Popen[str]"]:
        """One of the processes that `make run` starts: site, worker or scheduler."""
        with (self.folder / f"{part}.log").open("a") as log:
            process = self.run(*launch.commands("run", self.port)[part], stdout=log, start_new_session=True)
            try:
                yield process
            finally:
                kill(process)

    def execute(self, sql: str) -> list[Any]:
        """Ask the database itself, past every line that may be cut."""
        if self.database is None:
            with sqlite3.connect(self.folder / "db.sqlite3", timeout=10) as connection:
                return connection.execute(sql).fetchall()
        with psycopg.connect(self.database.past(self.environment["DATABASE_URL"])) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []


def kill(process: "subprocess.Popen[str]") -> None:
    """End a process and its children in no order at all, as a machine does that runs out of memory."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


@contextmanager
def prepared(folder: Path, *, mail_url: str) -> Iterator[FaultySite]:
    """A site with the demo in it; nothing runs yet."""
    with prepared_site.copied(folder) as where:
        port = str(running_site.free_port())
        environment = {
            **running_site.environment(),
            **where,
            "PORT": port,
            "MAIL_URL": mail_url,
            "PYTHONPATH": str(ROOT / "site"),
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DEBUG": "0",
        }
        lines = {name: CutLine(url) for name in ("DATABASE_URL", "REDIS_URL") if (url := environment.get(name))}
        environment |= {name: line.url for name, line in lines.items()}
        site = FaultySite(folder, port, environment, lines.get("DATABASE_URL"), lines.get("REDIS_URL"))
        site.execute(f"UPDATE wagtailcore_site SET port = {port}")  # noqa: S608  as `make run` does after migrating
        try:
            yield site
        finally:
            for line in lines.values():
                line.close()


class Visitor:
    """A browser without a screen: it keeps cookies and sends forms with their hidden fields."""

    def __init__(self, site: FaultySite) -> None:
        self.site = site
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), _Stay)

    def cookie(self, name: str) -> str:
        return next(cookie.value or "" for cookie in self.cookies if cookie.name == name)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text. Redirects are not followed; a 303's text is where it leads."""
        return self._open(urllib.request.Request(self.site.url + path))

    def post(self, path: str, page: str, **fields: str) -> tuple[int, str]:
        """Send the form of a page that was got before, its hidden inputs included."""
        data = urlencode({**dict(HIDDEN.findall(page)), **fields}).encode()
        return self._open(urllib.request.Request(self.site.url + path, data, {"Origin": self.site.url}))

    def ask(self, address: str, path: str) -> tuple[int, str]:
        _, page = self.get(path)
        return self.post("/access/ask/", page, email=address)

    def press(self, link: str) -> tuple[int, str]:
        path = urlsplit(link).path
        _, page = self.get(path)
        return self.post(path, page)

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            answer: HTTPResponse | urllib.error.HTTPError = self.opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status or 0, answer.headers.get("Location") or answer.read().decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None
