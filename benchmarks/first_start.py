"""How long `make run` takes in a fresh clone, step by step, and again: `python benchmarks/first_start.py`.

It clones what is committed into a temporary folder, without a .venv and without data, and starts it twice on a free
port. A step is a line of its output; the time is when it came. Run it on an idle machine, with an index of packages
that is near.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parents[1]
GIVE_UP_AFTER = 300  # seconds


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "lectern"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        for which in ("first", "second"):
            started = time.monotonic()
            lines, ready = start(clone, started)
            print(f"The {which} start answers after {ready:.1f} s; until then {len(lines)} lines:")
            for seconds, line in lines:
                print(f"  {seconds:6.1f}  {line}")


def start(clone: Path, started: float) -> tuple[list[tuple[float, str]], float]:
    """The lines said until the site answers, each with its second, and the second in which it answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    others = {"DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE"}
    environment = {name: value for name, value in os.environ.items() if name not in others}
    lines: list[tuple[float, str]] = []
    with subprocess.Popen(
        ["make", "run"],
        cwd=clone,
        env=environment | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        output = process.stdout

        def read() -> None:
            lines.extend((time.monotonic() - started, line.rstrip()) for line in output if line.strip())

        Thread(target=read, daemon=True).start()
        try:
            while not answers(port):
                if process.poll() is not None or time.monotonic() - started > GIVE_UP_AFTER:
                    sys.exit("\n".join(["It did not start:", *(line for _, line in lines)]))
                time.sleep(0.1)
            ready = time.monotonic() - started
            said = list(lines)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
                process.wait(30)
    return said, ready


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    main()
