"""mypy names every place where one more level, status, decision, audience or payment state must be thought of."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.closed_sets import APPS, NAME, ROOT, SETS, with_one_more

# What it has to name for each set, at least: where a forgotten member would be felt.
EXPECTED = {
    "Level": {
        "access/policy.py",
        "access/staff/explain.py",
        "courses/editing/access_change.py",
        "courses/staff/reports.py",
    },
    "Status": {"access/policy.py", "courses/publishing_status.py"},
    "Decision": {"access/policy.py", "access/staff/explain.py", "access/verification/views.py"},
    "Audience": {"courses/preview_time.py"},
    "Availability": {"courses/models/stage.py"},
    "State": {
        "purchases/ledger/mail_queue.py",
        "purchases/models/payments.py",
        "purchases/orders/orders.py",
        "purchases/staff/words.py",
        "purchases/ledger/payment_state.py",
    },
    "Dispute": {"purchases/ledger/payment_state.py"},
}


@pytest.mark.soak
def test_mypy_names_every_place(tmp_path: Path) -> None:
    list_files = ["git", "ls-files", "*.py", "pyproject.toml"]
    for name in subprocess.check_output(list_files, cwd=ROOT, text=True).split():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for kind in SETS:
        module = tmp_path / (kind.__module__.replace(".", "/") + ".py")
        module.write_text(with_one_more(kind, module.read_text()))

    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-pretty", *APPS],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )

    errors = [line for line in found.stdout.splitlines() if ": error: " in line]
    assert found.returncode == 1, found.stdout + found.stderr
    assert [line for line in errors if f".{NAME}]" not in line] == []
    named: dict[str, set[str]] = {}
    for line in errors:
        place, member = line.split(":", 1)[0], re.search(rf"(\w+)\.{NAME}]", line)
        assert member is not None
        named.setdefault(member[1], set()).add(place)
    assert named == EXPECTED
