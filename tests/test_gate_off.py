"""A refusal that holds without its lock proves nothing: every test marked as one must fail with the lock off."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif(bool(os.environ.get("GATE_OFF")), reason="this is the run it would start")
def test_every_refusal_fails_with_its_lock_off(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    environment = {**os.environ, "GATE_OFF": "1"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    if url := environment.get("DATABASE_URL"):
        environment["DATABASE_URL"] = f"{url}_gate_off"

    subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-m",
            "refusal",
            "-q",
            "--tb=no",
            # What should have been refused opens, and a file that a test did not expect is closed by nobody.
            "-Wignore::pytest.PytestUnraisableExceptionWarning",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:randomly",
            f"--junitxml={report}",
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
    )

    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 (written by ourselves a moment ago)
    failed = {case.get("name") for case in cases if case.find("failure") is not None}
    proves_nothing = {case.get("name"): said(case) for case in cases if case.get("name") not in failed}
    assert len(failed) > 50
    assert proves_nothing == {}


def said(case: ET.Element) -> str:
    """What a test that did not fail by itself reported instead: an error, or nothing when it passed."""
    return " ".join(f"{child.tag}: {child.get('message')} {(child.text or '')[-600:]}" for child in case)
