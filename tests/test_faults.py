"""What happens to a running site when its parts die: nothing opens, nothing is lost, and it comes back by itself."""

import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import psycopg
import pytest

from access.tests import misbehaving_mail
from access.tests.misbehaving_mail import MailServer
from tests import faulty_site, running_site
from tests.faulty_site import FaultySite, Visitor
from tests.running_site import PATIENCE

GATED = "/courses/email-course/locked/"
SECRET_WORDS = "<video"  # what only the opened lesson has
LINK = re.compile(r"https?://\S+/access/confirm/([\w-]+)/")
PROCESSES = 8


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with misbehaving_mail.running() as server:
        yield server


@pytest.fixture(scope="module")
def prepared(mail: MailServer, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultySite]:
    folder = tmp_path_factory.mktemp("faulty")
    with faulty_site.prepared(folder, mail_url=f"smtp://127.0.0.1:{mail.server_address[1]}") as site:
        yield site


@pytest.fixture(scope="module")
def running(prepared: FaultySite) -> Iterator[FaultySite]:
    with prepared.running("site") as process:
        running_site.wait_until_ready(prepared.url, process, prepared.folder / "site.log")
        yield prepared


@pytest.fixture
def site(running: FaultySite, mail: MailServer) -> FaultySite:
    """The site with no worker, nothing in the mail and nothing owed."""
    running.execute("UPDATE access_emailverificationtoken SET burnt_at = asked_at WHERE spent_at IS NULL")
    mail.mood = "works"
    mail.messages.clear()
    return running


@pytest.fixture
def visitor(site: FaultySite) -> Visitor:
    return Visitor(site)


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def link_in(message: str) -> str:
    return LINK.findall(message.replace("=\r\n", ""))[0]


def link_for(visitor: Visitor, address: str, mail: MailServer) -> str:
    """Ask for a mail, have it sent, and read the link's secret in it."""
    assert visitor.ask(address, GATED)[0] == 303
    visitor.site.manage("run_due")
    return link_in(mail.messages[-1])


def test_eight_processes_that_spend_one_link_open_one_session(
    site: FaultySite, visitor: Visitor, mail: MailServer
) -> None:
    secret = link_for(visitor, "eight@example.org", mail)
    command = [sys.executable, "-m", "tests.spend_once", secret, visitor.cookie("asker")]
    with ExitStack() as stack:
        processes = [stack.enter_context(site.run(*command, stdin=subprocess.PIPE)) for _ in range(PROCESSES)]
        inputs, outputs = zip(*((process.stdin, process.stdout) for process in processes), strict=True)
        assert [output.readline() for output in outputs] == ["ready\n"] * PROCESSES

        for each in inputs:
            each.write("now\n")
            each.flush()
        said = sorted(output.read().strip() for output in outputs)

    assert said == ["TokenSpent"] * (PROCESSES - 1) + ["opened"]


@pytest.mark.parametrize("mood", ["hangs", "hangs after DATA"])
def test_a_worker_killed_while_it_mails_loses_no_request(
    site: FaultySite, visitor: Visitor, mail: MailServer, mood: str
) -> None:
    """After DATA is the one window in which a mail can go out twice: then the first one's link is dead."""
    mail.mood, before = mood, mail.calls
    asked = time.monotonic()
    assert visitor.ask(f"{mood.replace(' ', '-')}@example.org", GATED)[0] == 303
    assert time.monotonic() - asked < misbehaving_mail.HANGS
    with site.running("worker"):
        until(lambda: mail.calls > before and (mood == "hangs" or mail.messages))
    mail.mood = "works"

    site.manage("run_due")
    assert len(mail.messages) == (mood == "hangs after DATA")  # the claim still holds: nothing is sent twice at once
    site.execute("UPDATE access_emailverificationtoken SET send_after = asked_at")  # five minutes later
    site.manage("run_due")

    *first, last = map(link_in, mail.messages)
    assert len(first) == (mood == "hangs after DATA")
    for dead in first:
        assert visitor.press(f"/access/confirm/{dead}/")[0] == 404
    assert visitor.press(f"/access/confirm/{last}/") == (303, GATED)


@contextmanager
def database_away(site: FaultySite) -> Iterator[None]:
    """As seen from the site: PostgreSQL's line is cut, SQLite's files are gone."""
    if site.database is not None:
        site.database.cut()
        yield
        site.database.mend()
        return
    away = site.folder / "away"
    away.mkdir()
    for file in site.folder.glob("db.sqlite3*"):
        shutil.move(file, away)
    yield
    for file in site.folder.glob("db.sqlite3*"):
        file.unlink()
    for file in away.iterdir():
        shutil.move(file, site.folder)
    away.rmdir()


def test_nothing_opens_while_the_database_is_away_and_all_is_well_after(
    site: FaultySite, visitor: Visitor, mail: MailServer
) -> None:
    link = f"/access/confirm/{link_for(visitor, 'away@example.org', mail)}/"
    learner = Visitor(site)
    learner.press(f"/access/confirm/{link_for(learner, 'learner@example.org', mail)}/")
    assert SECRET_WORDS in learner.get(GATED)[1]
    _, confirm_page = visitor.get(link)

    with database_away(site):
        answers = [learner.get(GATED), visitor.post(link, confirm_page), visitor.get("/courses/")]
        assert visitor.get("/healthz")[0] == 200
        assert visitor.get("/readyz")[0] == 503

    assert [status for status, _ in answers] == [503, 503, 503]
    assert all("try again in a minute" in text for _, text in answers)
    assert SECRET_WORDS in learner.get(GATED)[1]
    assert visitor.post(link, confirm_page) == (303, GATED)


def test_the_worker_goes_on_when_the_database_comes_back(site: FaultySite, visitor: Visitor, mail: MailServer) -> None:
    with site.running("worker"):
        visitor.ask("before@example.org", GATED)
        until(lambda: mail.messages)
        with database_away(site):
            time.sleep(2)
        visitor.ask("after@example.org", GATED)
        until(lambda: len(mail.messages) == 2)

    assert "it tries again" in (site.folder / "worker.log").read_text()


@contextmanager
def database_locked(site: FaultySite) -> Iterator[None]:
    """Somebody else writes, and does not end: all of SQLite, or PostgreSQL's table of tokens."""
    with ExitStack() as stack:
        if site.database is None:
            holder = stack.enter_context(closing(sqlite3.connect(site.folder / "db.sqlite3", isolation_level=None)))
            holder.execute("BEGIN IMMEDIATE")
        else:
            table = stack.enter_context(psycopg.connect(site.database.past(site.environment["DATABASE_URL"])))
            table.execute("LOCK TABLE access_emailverificationtoken IN EXCLUSIVE MODE")
        yield


def test_a_locked_database_spends_nothing_and_pages_are_read_meanwhile(
    site: FaultySite, visitor: Visitor, mail: MailServer
) -> None:
    link = f"/access/confirm/{link_for(visitor, 'locked@example.org', mail)}/"
    _, confirm_page = visitor.get(link)

    with database_locked(site):
        status, text = visitor.post(link, confirm_page)
        assert visitor.get("/courses/open-course/welcome/")[0] == 200

    assert status == 503
    assert "try again in a minute" in text
    assert visitor.post(link, confirm_page) == (303, GATED)


def test_a_site_without_its_cache_goes_on(site: FaultySite, visitor: Visitor, mail: MailServer) -> None:
    if site.cache is None:
        pytest.skip("no REDIS_URL: each process keeps a cache of its own")
    site.cache.cut()
    try:
        link = f"/access/confirm/{link_for(visitor, 'uncached@example.org', mail)}/"
        assert visitor.press(link) == (303, GATED)
        assert SECRET_WORDS in visitor.get(GATED)[1]
        assert SECRET_WORDS not in Visitor(site).get(GATED)[1]
    finally:
        site.cache.mend()
