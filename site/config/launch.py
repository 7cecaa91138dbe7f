"""What `make run` and `make dev` start: the site, its worker and its clock, in the foreground, until one ends or you stop it."""

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import FrameType

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

Log in to the admin as editor, reviewer, publisher or admin; the password is lectern-demo.
Learners need no login: open a course and give any email address. Ctrl-C stops everything.
"""


class PatientPrinter(Printer):  # type: ignore[misc]  # honcho is untyped
    """Goes on when nobody reads any more, as after `make run | head`: the children must still be stopped in order."""

    def write(self, message: Message) -> None:
        with suppress(BrokenPipeError):
            super().write(message)


def main(mode: str) -> int:
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
    signal.signal(signal.SIGTERM, stop)
    prepare(mode)
    return serve(number, commands(mode, number))


def stop(signum: int, frame: FrameType | None) -> None:
    sys.exit(128 + signum)


def prepare(mode: str) -> None:
    if mode == "run" and static_is_stale(env.data_dir() / "static" / "staticfiles.json"):
        manage("Collecting static files.", "collectstatic", "--no-input")
    manage("Preparing the database.", "migrate", "--no-input")
    manage("Loading the demo.", "load_demo")


def manage(what: str, *command: str) -> None:
    """Run one command to its end, quietly; its failure is ours."""
    print(what, flush=True)
    if code := subprocess.run([*MANAGE, *command, "--verbosity", "0"], check=False).returncode:
        sys.exit(code)


def static_is_stale(manifest: Path) -> bool:
    """Whether a static file, or what brought some, is newer than what was collected."""
    if not manifest.exists():
        return True
    sources = [env.BASE_DIR / "requirements.txt", *env.BASE_DIR.glob("*/static/**/*")]
    return max(path.stat().st_mtime for path in sources) > manifest.stat().st_mtime


def commands(mode: str, number: str) -> dict[str, list[str]]:
    background = {
        "worker": [*MANAGE, "db_worker"],
        "clock": [*MANAGE, "run_due", "--every", "60"],
    }
    if mode == "dev":
        return {
            "site": [*MANAGE, "runserver", f"127.0.0.1:{number}"],
            "css": [*MANAGE, "tailwind", "start"],
            **background,
        }
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers-kill-timeout", "3"]
    return {
        "site": [*granian, "--workers", "2", "--host", "127.0.0.1", "--port", number, "config.wsgi:application"],
        **background,
    }


def serve(number: str, processes: dict[str, list[str]]) -> int:
    """Run them all until one ends; 0 when that was asked for."""
    manager = Manager(PatientPrinter(sys.stdout))
    for name, command in processes.items():
        manager.add_process(name, f"exec {shlex.join(command)}")
    threading.Thread(target=announce, args=(number,), daemon=True).start()
    threading.Thread(target=follow, args=(os.getppid(),), daemon=True).start()
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asks to be left alone
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    manager.loop()
    return 0 if manager.returncode in {130, 143} else int(manager.returncode or 1)


def announce(number: str) -> None:
    """Say where everything is, once the site says that it is ready."""
    address = f"http://localhost:{number}/readyz"
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310  our own address
            if response.status == 200:
                print(WELCOME.format(url=env.site_url().geturl()), flush=True)
                return
        time.sleep(0.2)
    print(f"{address} has not answered 200 for {READY_WITHIN} seconds; the lines above may say why.", flush=True)


def follow(parent: int) -> None:
    """Stop when whoever started us is gone, so that a killed make leaves nothing behind."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
