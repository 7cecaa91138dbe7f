"""The site as `make run` starts it: in processes of its own, with a database and files of its own, for the journeys."""

import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
CODE = re.compile(r"^(\d{6})$", re.MULTILINE)
LINK = re.compile(r"https?://\S+/access/confirm/\S+")
READY_WITHIN = 180  # seconds
MAIL_WITHIN = 10  # seconds: what the embedded default promises
NUMBERS = itertools.count(1)


@dataclass
class RunningSite:
    url: str
    mail: Path
    browser: Browser
    seen: set[Path] = field(default_factory=set)

    def new_address(self) -> str:
        """An address nobody used before, so that no journey meets another's limits."""
        return f"learner{next(NUMBERS)}@example.org"

    def wait_for_mail(self, address: str) -> str:
        """The confirm link mailed to an address."""
        return str(LINK.findall(self._body(address))[0])

    def wait_for_code(self, address: str) -> str:
        """The code mailed to an address: six digits on a line of their own."""
        (code,) = CODE.findall(self._body(address))
        return str(code)

    def _body(self, address: str) -> str:
        """The text of the newest mail to an address, which comes at the latest within what is promised."""
        until = time.monotonic() + MAIL_WITHIN
        while time.monotonic() < until:
            for file in sorted(self.mail.glob("*.eml"), reverse=True):
                message = message_from_bytes(file.read_bytes(), policy=policy.default)
                if message["To"] == address:
                    body = message.get_body(("plain",))
                    assert body is not None
                    return str(body.get_content())
            time.sleep(0.1)
        raise AssertionError(f"No mail to {address} within {MAIL_WITHIN} seconds.")

    def ask(self, address: str, path: str) -> None:
        """Ask for a mail in a browser that is then closed."""
        context = self.browser.new_context(base_url=self.url)
        page = context.new_page()
        self.fill_gate(page, address, path)
        context.close()

    def fill_gate(self, page: Page, address: str, path: str) -> None:
        page.goto(path)
        page.locator("main form input[name=email]").fill(address)
        page.locator("main form [type=submit]").first.click()
        page.wait_for_url("**/access/waiting/**")

    def sign_in(self, page: Page, path: str) -> None:
        address = self.new_address()
        self.fill_gate(page, address, path)
        page.goto(self.wait_for_mail(address))
        page.locator("main form [type=submit]").click()
        page.wait_for_url(f"**{path}")


@contextmanager
def start(folder: Path, browser: Browser) -> Iterator[RunningSite]:
    """Start site, worker and clock on a free port; end them, whatever happened."""
    port = free_port()
    url = f"http://localhost:{port}"
    log = (folder / "site.log").open("w")
    with own_database() as database:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.launch", "run"],
            cwd=ROOT,
            env={
                **environment(),
                **database,
                "PORT": str(port),
                "DATA_DIR": str(folder),
                "PYTHONPATH": f"{ROOT / 'site'}",
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_ready(url, process, folder / "site.log")
            yield RunningSite(url=url, mail=folder / "mail", browser=browser)
        finally:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            log.close()


def environment() -> dict[str, str]:
    """As a new user's: none of the variables the tests themselves run under."""
    ours = {"DJANGO_SETTINGS_MODULE", "SITE_URL", "SECRET_KEY", "DEBUG", "DATA_DIR", "PORT", "MAIL_URL"}
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
    own = f"{name}_journeys_{os.getpid()}"  # a site for each process that runs journeys
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


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.3)
    raise AssertionError(f"The site did not start:\n{log.read_text()[-4000:]}")
