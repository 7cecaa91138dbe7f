"""What `make` installs with: uv as it is locked, from the index that pip is set to use."""

import subprocess
import sys
from pathlib import Path

import pytest

from config import install

LOCK_FILE = """
uvicorn==1.0 \\
    --hash=sha256:aa
uv==0.13.9 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
wagtail==8.0.1 \\
    --hash=sha256:dd
"""


def test_uv_is_taken_as_it_is_locked() -> None:
    assert install.entry("uv", LOCK_FILE) == "uv==0.13.9 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"


def test_uv_is_locked() -> None:
    assert install.entry("uv", install.DEVELOPMENT.read_text()).count("--hash=sha256:") > 1


def test_uv_asks_the_index_that_pip_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")

    assert install.pip_index() == "http://127.0.0.1:9/simple"


def test_what_neither_can_install_fails(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, install.__file__, f"{tmp_path}/missing.txt"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode != 0
    assert "missing.txt" in done.stderr
