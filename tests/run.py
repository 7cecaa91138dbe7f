"""`make test`: finds a browser for the journeys, or fetches one, or says what to install; then becomes pytest."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
APPS = [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in ("Chromium", "Google Chrome")]
FETCH_SECONDS = 300
INSTALL_SECONDS = 600
# Few enough that each worker's database is made sooner than it saves time.
WORKERS = ["-n", "auto", "--maxprocesses", "4"]


def main(arguments: Sequence[str]) -> None:
    os.chdir(Path(__file__).resolve().parents[1])
    command = [sys.executable, "-m", "pytest", *WORKERS]
    chosen = "not soak"
    if os.environ.get("BROWSER") == "none":
        print("BROWSER=none: the journeys in a browser are left out.", flush=True)
        chosen += " and not browser"
    else:
        os.environ["BROWSER_PATH"] = browser()
        print(f"Journeys run in {os.environ['BROWSER_PATH']}.", flush=True)
    # Some two hundred processes are started, here and by the tests: what one has compiled, the next need not.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.execv(sys.executable, [*command, "-m", chosen, *arguments])  # noqa: S606  the rest of our own command line


def browser() -> str:
    """The path of a Chromium that starts; SystemExit with a sentence when none can be had."""
    if path := os.environ.get("BROWSER_PATH"):
        if starts(path):
            return path
        sys.exit(f"BROWSER_PATH={path} is not a Chromium that starts.")
    if path := installed():
        return path
    print(f"No browser found: asking Playwright for one (at most {FETCH_SECONDS // 60} minutes).", flush=True)
    if run([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"], seconds=FETCH_SECONDS):
        if path := installed():
            return path
        print("It came, but does not start here: it may lack libraries.", flush=True)
    if (root := package_rights()) is not None:
        print("Installing Chromium with apt-get.", flush=True)
        run([*root, "apt-get", "update", "--quiet=2"], seconds=INSTALL_SECONDS)
        install = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes", "--quiet=2"]
        run([*install, "--no-install-recommends", "chromium"], seconds=INSTALL_SECONDS)
        if path := installed():
            return path
    sys.exit(
        "The journeys need a browser: install Chromium or Chrome (Debian: apt install chromium), name one with "
        "BROWSER_PATH=/path/to/chromium, or leave the journeys out with BROWSER=none."
    )


def installed() -> str | None:
    """The first browser that starts: the system's, then the one Playwright fetched."""
    with sync_playwright() as playwright:
        fetched = playwright.chromium.executable_path
    candidates = [*filter(None, map(shutil.which, NAMES)), *APPS, fetched]
    return next((path for path in candidates if Path(path).exists() and starts(path)), None)


def starts(path: str) -> bool:
    """Whether it can be driven: a name on PATH may be a stub, and a download may lack libraries."""
    with sync_playwright() as playwright:
        try:
            playwright.chromium.launch(executable_path=path, timeout=30_000).close()
        except Error:
            return False
    return True


def package_rights() -> list[str] | None:
    """What to put before apt-get; None where it is missing, or would ask for a password."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"], seconds=10, quiet=True):
        return ["sudo", "-n"]
    return None


def run(command: Sequence[str], *, seconds: int, quiet: bool = False) -> bool:
    """Whether the command ended well and in time."""
    output = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(command, timeout=seconds, stdout=output, stderr=output, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        print(f"{command[-1]}: given up after {seconds} seconds.", flush=True)
        return False


if __name__ == "__main__":
    main(sys.argv[1:])
