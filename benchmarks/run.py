"""What a site of a million learners and two thousand courses costs, next to the demo: `make bench`.

Makes a database of its own, measures, fills it, measures again, and removes it; on the server that DATABASE_URL names,
if it names one. Fails where something costs more than LEEWAY times what it costs in the demo; or an address in a part
of the sitemap, what it costs on a site of a hundred courses.
"""

import argparse
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

LEEWAY = 1.25


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Statements sent to the database, functions called, and milliseconds, which alone depend on the machine."""

    statements: float
    calls: float
    milliseconds: float

    def per(self, number: int) -> "Cost":
        return Cost(
            statements=self.statements / number, calls=self.calls / number, milliseconds=self.milliseconds / number
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=1_000_000)
    parser.add_argument("--courses", type=int, default=2_000, help="more than 120")
    parser.add_argument("--lessons", type=int, default=10, help="in each course")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as folder, own_database():
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        sys.path[:0] = [str(Path(__file__).parent.parent / name) for name in ("", "site")]
        import django

        django.setup()
        logging.disable(logging.ERROR)
        from django.db import connection
        from django.test import override_settings

        with override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
            costs = measure_both(options)
        connection.close()
    return report(costs)


@contextmanager
def own_database() -> Iterator[None]:
    """A new database beside the one that DATABASE_URL names; on SQLite it is in DATA_DIR."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield
        return
    import psycopg

    parts, name = urlsplit(url), f"lectern_bench_{os.getpid()}"
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
        try:
            yield
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def measure_both(options: argparse.Namespace) -> list[tuple[str, Cost, Cost]]:
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks import data
    from courses.models import LessonPage

    call_command("migrate", verbosity=0)
    call_command("load_demo", stdout=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    small = measure()
    began = time.monotonic()
    like = LessonPage.objects.get(url_path__endswith="/email-course/locked/")
    assert like.course is not None
    data.courses(1, 100, lessons=options.lessons, like=like)
    small |= measure_sitemap(100 * options.lessons)
    data.courses(101, options.courses, lessons=options.lessons, like=like)
    data.learners(options.learners, of=like.course, now=timezone.now())
    data.settle()
    print(f"{options.learners:,} learners and {options.courses:,} courses in {time.monotonic() - began:.0f} s.\n")
    large = measure() | measure_sitemap(100 * options.lessons)
    return [(name, small[name], large[name]) for name in small]


def measure_sitemap(least: int) -> dict[str, Cost]:
    """For each address in the last part of the sitemap that has at least so many."""
    from django.test import Client

    client = Client()
    *_, part = (part for part in locations(client, "/sitemap.xml") if len(locations(client, part)) >= least)
    return {"address in a sitemap": cost(lambda: client.get(part)).per(len(locations(client, part)))}


def locations(client: Any, path: str) -> list[str]:
    return re.findall("<loc>(.*?)</loc>", client.get(path).content.decode())


def measure() -> dict[str, Cost]:
    """What each of these costs as the database is now."""
    import itertools

    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    from courses.models import LessonPage

    numbers = itertools.count(time.time_ns())
    lesson, staff, stranger = "/courses/email-course/locked/", Client(), Client()
    staff.force_login(get_user_model().objects.get(username="admin"))
    page = LessonPage.objects.get(url_path__endswith="/email-course/locked/").pk

    def ask(client: Client) -> Any:
        network = f"2001:db8:{next(numbers) % 65536:x}:{next(numbers) % 65536:x}::1"
        form = {"email": f"asker{next(numbers)}@example.org", "page": page}
        return client.post("/access/ask/", form, REMOTE_ADDR=network)

    waiting = ask(stranger)["Location"]
    return {
        "ask": cost(lambda: ask(Client()), 303),
        "gate": cost(lambda: stranger.get(lesson)),
        "waiting page": cost(lambda: stranger.get(waiting)),
        "run_due": cost(lambda: call_command("run_due")),
        "admin home": cost(lambda: staff.get("/admin/")),
    }


def cost(act: Callable[[], Any], status: int = 200) -> Cost:
    """Of one time, when what is kept in memory is there."""
    from django.db import connection

    for _ in range(2):
        answer = act()
        assert answer is None or answer.status_code == status, answer
    statements, calls = [0], [0]

    def count_statement(execute: Any, *args: Any) -> Any:
        statements[0] += 1
        return execute(*args)

    def count_call(_frame: Any, event: str, _argument: Any) -> None:
        calls[0] += event in {"call", "c_call"}

    with connection.execute_wrapper(count_statement):
        act()
    sys.setprofile(count_call)
    act()
    sys.setprofile(None)
    began = time.perf_counter()
    act()
    return Cost(statements=statements[0], calls=calls[0], milliseconds=1000 * (time.perf_counter() - began))


def report(costs: list[tuple[str, Cost, Cost]]) -> int:
    print(f"{'':22}{'statements':>20}{'calls':>24}{'ms':>20}{'':>8}")
    dearest = 0.0
    for name, small, large in costs:
        times = max(large.statements / small.statements, large.calls / small.calls)
        dearest = max(dearest, times)
        print(
            f"{name:22}{small.statements:10.4g}{large.statements:10.4g}{small.calls:12.6g}{large.calls:12.6g}"
            f"{small.milliseconds:10.1f}{large.milliseconds:10.1f}{times:8.2f}"
        )
    print(f"\nThe dearest is {dearest:.2f} times the demo's; {LEEWAY} is allowed.")
    return int(dearest > LEEWAY)


if __name__ == "__main__":
    sys.exit(main())
