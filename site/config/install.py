"""Install locked requirements into the virtual environment: with uv where it can be had, with pip where not.

`python site/config/install.py FILE` runs before anything is installed, so with the standard library alone. pip takes
most of a minute for what uv does in seconds; both take the same files and check the same hashes.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

UV = Path(sys.prefix) / "bin" / "uv"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
DEVELOPMENT = Path(__file__).resolve().parents[2] / "requirements-dev.txt"  # where uv itself is locked


def main(requirements: str) -> int:
    if has_uv() and succeeds(
        [str(UV), "pip", "install", "--python", sys.executable, "--quiet", "--compile-bytecode", *options(requirements)]
    ):
        return 0
    print("Installing with pip, which takes about a minute.", flush=True)
    return subprocess.run([*PIP, "install", "--quiet", *options(requirements)], check=False).returncode


def options(requirements: str) -> list[str]:
    return ["--require-hashes", "--requirement", requirements]


def has_uv() -> bool:
    """Whether uv is there, or could be fetched from the package index that pip is set to use."""
    if UV.exists():
        return True
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as locked:
        locked.write(entry("uv", DEVELOPMENT.read_text()))
        locked.flush()
        return succeeds([*PIP, "install", "--quiet", "--only-binary", ":all:", *options(locked.name)])


def entry(package: str, lock_file: str) -> str:
    """The lines of a lock file about one package: its version and its hashes."""
    found = re.search(rf"(?m)^{package}==(?:.*\\\n)*.*\n", lock_file)
    return found.group() if found else ""


def succeeds(command: list[str]) -> bool:
    """Run it in silence: what it has to complain of does not matter where pip then does the work."""
    index = pip_index()
    environment = os.environ | ({"UV_DEFAULT_INDEX": index} if index and "UV_DEFAULT_INDEX" not in os.environ else {})
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def pip_index() -> str:
    """The index that pip's settings name, which uv does not read; "" for the usual one."""
    done = subprocess.run([*PIP, "config", "list"], stdout=subprocess.PIPE, text=True, check=False)
    found = re.search(r"(?m)\.index-url='(.+)'$", done.stdout)
    return found.group(1) if found else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
