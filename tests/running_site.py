"""The site as `make run` starts it: in processes of its own, with a database and files of its own, for the journeys."""

import itertools
import os
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, StorageState

ROOT = Path(__file__).resolve().parents[1]
GATED = "/courses/email-course/locked/"
CODE = re.compile(r"^(\d{6})$", re.MULTILINE)
LINK = re.compile(r"https?://\S+/access/confirm/\S+")
READY_WITHIN = 180  # seconds
PATIENCE = 60  # seconds: how long journeys wait for anything, since the machine may be busy with the other tests
NUMBERS = itertools.count(1)


@dataclass
class RunningSite:
    url: str
    mail: Path
    browser: Browser
    environment: dict[str, str]
    logins: dict[str, StorageState] = field(default_factory=dict)  # by name: tests.in_admin.log_in

    @property
    def database(self) -> str:
        """Its address; "" for the SQLite file beside the mail."""
        return self.environment.get("DATABASE_URL", "")

    def new_context(self, **options: Any) -> BrowserContext:
        """A clean browser, at the site; takes what Playwright's own does."""
        context = self.browser.new_context(base_url=self.url, **options)
        context.set_default_timeout(PATIENCE * 1000)
        return context

    def tick(self) -> None:
        """Run the scheduler now: its own round may be up to a minute away."""
        command = [sys.executable, "manage.py", "run_due"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL)

    def new_address(self) -> str:
        """An address nobody used before, so that no journey meets another's limits."""
        return f"learner{next(NUMBERS)}@example.org"

    def wait_for_mail(self, address: str) -> str:
        """The confirm link mailed to an address."""
        return str(LINK.findall(self.wait_for_text(address))[0])

    def wait_for_code(self, address: str) -> str:
        """The code mailed to an address: six digits on a line of their own."""
        (code,) = CODE.findall(self.wait_for_text(address))
        return str(code)

    def mails(self, address: str) -> list[EmailMessage]:
        """All that went to an address, the newest first."""
        files = sorted(self.mail.glob("*.eml"), reverse=True)
        messages = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [message for message in messages if message["To"] == address]

    def wait_for_text(self, address: str) -> str:
        """The text of the newest mail to an address."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for message in self.mails(address):
                body = message.get_body(("plain",))
                assert body is not None
                return str(body.get_content())
            time.sleep(0.1)
        raise AssertionError(f"No mail to {address} within {PATIENCE} seconds.")

    def let_come(self, minute: str) -> None:
        """Let an appointed minute, such as 2098-05-04T09:30, be in the past: nobody can wait for it."""
        text, json = ("CAST(content AS TEXT)", "JSONB") if self.database else ("content", "TEXT")
        moved = f"CAST(REPLACE({text}, '{minute}', '2020-01-01T00:00') AS {json})"
        due = f"approved_go_live_at = '{minute.replace('T', ' ')}:00{'+00' if self.database else ''}'"
        change = f"content = {moved}, approved_go_live_at = '2020-01-01 00:00:00'"
        with closing(self.connect()) as connection:
            statement = f"UPDATE wagtailcore_revision SET {change} WHERE {due}"  # noqa: S608
            assert connection.execute(statement).rowcount == 1
            connection.commit()

    def alter(self, address: str, change: str) -> None:
        """Bring the requests for an address into a state that takes minutes or hours to come about."""
        settled = "(sent_at IS NOT NULL OR send_after > '2098-01-01')"  # no worker is about to write to them
        statement = f"UPDATE access_emailverificationtoken SET {change} WHERE sent_to = '{address}' AND {settled}"  # noqa: S608
        until = time.monotonic() + PATIENCE
        with closing(self.connect()) as connection:
            while not connection.execute(statement).rowcount:
                connection.commit()
                assert time.monotonic() < until, f"No mail to {address} within {PATIENCE} seconds."
                time.sleep(0.05)
            connection.commit()

    def connect(self) -> Any:
        """A connection to its database, past the site."""
        if not self.database:
            return sqlite3.connect(self.mail.parent / "db.sqlite3", timeout=10)
        import psycopg

        return psycopg.connect(self.database)

    def ask(self, address: str, path: str) -> None:
        """Ask for a mail in a browser that is then closed."""
        context = self.new_context()
        page = context.new_page()
        self.fill_gate(page, address, path)
        context.close()

    def fill_gate(self, page: Page, address: str, path: str) -> None:
        page.goto(path)
        page.locator("main form input[name=email]").fill(address)
        page.locator("main form [type=submit]").first.click()
        page.wait_for_url("**/access/waiting/**")

    def sign_in(self, page: Page, path: str) -> str:
        address = self.new_address()
        self.fill_gate(page, address, path)
        page.goto(self.wait_for_mail(address))
        page.locator("main form [type=submit]").click()
        page.wait_for_url(f"**{path}")
        return address


def watched(context: BrowserContext) -> Iterator[Page]:
    """A page whose browser must complain of nothing but refused requests."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [text for text in complaints if "status of 4" not in text] == []


@contextmanager
def start(folder: Path, browser: Browser, **variables: str) -> Iterator[RunningSite]:
    """Start site, worker and scheduler of a prepared site on a free port; end them, whatever happened."""
    port = free_port()
    url = f"http://localhost:{port}"
    log = (folder / "site.log").open("w")
    env = {**environment(), "PORT": str(port), "PYTHONPATH": str(ROOT / "site"), **variables}
    command = [sys.executable, "-m", "config.launch", "run"]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until_ready(url, process, folder / "site.log")
        yield RunningSite(url, folder / "mail", browser, {**env, "DJANGO_SETTINGS_MODULE": "config.settings.dev"})
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        log.close()


def environment() -> dict[str, str]:
    """As a new user's: none of the variables the tests themselves run under."""
    ours = {
        "DJANGO_SETTINGS_MODULE",
        "SITE_URL",
        "SECRET_KEY",
        "DEBUG",
        "DATA_DIR",
        "PORT",
        "MAIL_URL",
        "CLOUDINARY_URL",
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "STRIPE_API_BASE",
    }
    return {name: value for name, value in os.environ.items() if name not in ours}


@contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """With DATABASE_URL, an empty database beside the one it names; else SQLite in the folder."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {}
        return
    import psycopg

    server, _, name = url.rpartition("/")
    own = f"{name}_site_{os.getpid()}_{next(NUMBERS)}"  # one for each site, whichever processes run tests
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{own}"')
        try:
            yield {"DATABASE_URL": f"{server}/{own}"}
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(
    url: str, process: "subprocess.Popen[Any]", log: Path, *, trust: ssl.SSLContext | None = None
) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=2, context=trust) as answer:
            if answer.status == 200:
                return
        time.sleep(0.3)
    raise AssertionError(f"The site did not start:\n{log.read_text()[-4000:]}")
