"""What `make run` and `make dev` start: site, worker and scheduler, in the foreground, until one ends or Ctrl-C."""

import gc
import io
import logging
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from types import FrameType

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from honcho.manager import Manager
from honcho.printer import Message, Printer

from config import env, port

MANAGE = [sys.executable, "manage.py"]
READY_WITHIN = 120  # seconds, before we say that something is wrong

WELCOME = """
Lectern is ready.

  the site    {url}/
  the admin   {url}/admin/
  its mail    {url}/dev/mail/
{payments}
Log in to the admin as editor, reviewer, publisher or admin; the password is lectern-demo.
Learners need no login: open a course and give any email address; learner@example.org has
already started. Ctrl-C stops everything.
"""
PAYMENTS = "  payments    {base}/_control (a stand-in for Stripe: no money is taken)\n"


class PatientPrinter(Printer):
    """Goes on when nobody reads any more, as after `make run | head`: the children must still be stopped in order."""

    def write(self, message: Message) -> None:
        with suppress(BrokenPipeError):
            super().write(message)


class PatientManager(Manager):
    """Stopped while its children are just starting, it waits until it knows their pids. Honcho would fail."""

    def terminate(self) -> None:
        if self._all_started():
            super().terminate()
        else:
            threading.Timer(0.1, self.terminate).start()


def main(mode: str) -> int:
    if mode == "prepare":
        return run_preparations()
    os.chdir(env.BASE_DIR)
    number = port.wanted()
    if sentence := port.problem(number):
        print(sentence, file=sys.stderr)
        return 1
    os.environ |= {
        "PORT": number,
        "PYTHONPATH": str(env.BASE_DIR / "site"),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE") or "config.settings.dev",
        "DEBUG": "1" if mode == "dev" else "0",
    }
    if needs_stand_in():
        os.environ |= {**env.STRIPE_STAND_IN, "STRIPE_API_BASE": f"http://127.0.0.1:{port.free_after(number)}"}
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, stop)
    prepare()
    return serve(number, commands(mode, number))


def needs_stand_in() -> bool:
    """Where nobody said how to be paid, on a machine where the site is tried out, a local server takes no money."""
    return not env.text("STRIPE_SECRET_KEY") and os.environ["DJANGO_SETTINGS_MODULE"] == "config.settings.dev"


def stop(signum: int, frame: FrameType | None) -> None:
    sys.exit(128 + signum)


def prepare() -> None:
    """Bring files and database up to date, in a process of its own, whose memory and connections end with it."""
    done = subprocess.run([sys.executable, "-m", "config.launch", "prepare"], check=False)
    if done.returncode:
        sys.exit(done.returncode)


def run_preparations() -> int:
    """Say which step is at work; what a step itself has to say matters only if it fails."""
    django.setup()
    is_new = MigrationRecorder.Migration._meta.db_table not in connection.introspection.table_names()
    steps: list[tuple[str, Callable[[], object]]] = [
        ("Creating the database (some 10 seconds)." if is_new else "Updating the database.", migrate),
        ("Loading the demo." if is_new else "", lambda: call_command("load_demo")),
    ]
    if not settings.DEBUG and static_is_stale(Path(settings.STATIC_ROOT) / "staticfiles.json"):
        steps.append(("Collecting static files.", lambda: call_command("collectstatic", interactive=False)))
    said = io.StringIO()
    logging.getLogger().handlers[:] = [logging.StreamHandler(said)]
    for sentence, step in steps:
        if sentence:
            print(sentence, flush=True)
        try:
            with redirect_stdout(said), redirect_stderr(said):
                step()
        except BaseException:
            print(said.getvalue(), file=sys.stderr)
            raise
    return 0


def migrate() -> None:
    # A few hundred migrations make and drop thousands of model classes: looking for garbage among them takes a third
    # of the time, and what is left lying is gone with this process.
    gc.disable()
    call_command("migrate", interactive=False)
    gc.enable()


def static_is_stale(manifest: Path) -> bool:
    """Whether a static file, or what brought some, is newer than what was collected."""
    if not manifest.exists():
        return True
    files = [path for path in env.BASE_DIR.glob("*/static/**/*") if not path.is_relative_to(manifest.parent)]
    return max(path.stat().st_mtime for path in [*files, env.BASE_DIR / "requirements.txt"]) > manifest.stat().st_mtime


def commands(mode: str, number: str) -> dict[str, list[str]]:
    background = {
        "worker": [*MANAGE, "run_worker"],
        "clock": [*MANAGE, "run_due", "--every", "60"],
        **stand_in(number),
    }
    if mode == "dev":
        return {
            "site": [*MANAGE, "runserver", f"127.0.0.1:{number}"],
            "css": [*MANAGE, "tailwind", "start"],
            **background,
        }
    # A video holds a thread for as long as its viewer's browser reads it. PostgreSQL has a connection for about a
    # hundred threads in all, SQLite for any number; granian would warn of that many.
    threads = "32" if env.text("DATABASE_URL") else "128"
    server = ["--interface", "wsgi", "--log-level", "error", "--workers", "2", "--workers-kill-timeout", "3"]
    limits = ["--blocking-threads", threads, "--backpressure", "256"]
    address = ["--host", "127.0.0.1", "--port", number]
    site = [sys.executable, "-m", "granian", *server, *limits, *address, "config.wsgi:application"]
    return {"site": site, **background}


def stand_in(number: str) -> dict[str, list[str]]:
    """The server that stands in for Stripe, if it is what the site was led to."""
    if os.environ.get("STRIPE_SECRET_KEY") != env.STRIPE_STAND_IN["STRIPE_SECRET_KEY"] or not env.text(
        "STRIPE_API_BASE"
    ):
        return {}
    listen = ["--port", env.text("STRIPE_API_BASE").rpartition(":")[2], "--store", str(env.data_dir() / "stripe.json")]
    webhook = ["--webhook", f"http://127.0.0.1:{number}/purchases/webhook/stripe/"]
    secret = ["--webhook-secret", env.STRIPE_STAND_IN["STRIPE_WEBHOOK_SECRET"]]
    return {"payments": [sys.executable, "-m", "stand_ins.stripe.server", *listen, *webhook, *secret]}


def serve(number: str, processes: dict[str, list[str]]) -> int:
    """Run them all until one ends; 0 when that was asked for."""
    manager = PatientManager(PatientPrinter(sys.stdout))
    for name, command in processes.items():
        manager.add_process(name, f"exec {shlex.join(command)}")
    # They start a second later, because honcho forks: a thread at work in that moment could leave its lock behind.
    for timer in (threading.Timer(1, announce, [number]), threading.Timer(1, follow, [os.getppid()])):
        timer.daemon = True
        timer.start()
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asks to be left alone
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    manager.loop()
    return 0 if manager.returncode in {130, 143} else int(manager.returncode or 1)


def announce(number: str) -> None:
    """Say where everything is, once the site says that it is ready."""
    address = f"http://localhost:{number}/readyz"
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(address, timeout=5) as response:
            if response.status == 200:
                base = env.text("STRIPE_API_BASE")
                payments = PAYMENTS.format(base=base) if base else ""
                print(WELCOME.format(url=env.site_url().geturl(), payments=payments), flush=True)
                return
        time.sleep(0.2)
    print(f"{address} has not answered 200 for {READY_WITHIN} seconds; the lines above may say why.", flush=True)


def follow(parent: int) -> None:
    """Stop when the process that started us is gone, so that a killed make leaves nothing behind."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
