"""The house itself: what lies where."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def tracked(*patterns: str) -> list[Path]:
    """The project's own files, as git knows them."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def test_site_is_a_plain_folder() -> None:
    """A package named site would stand in for the standard library's."""
    assert not (ROOT / "site" / "__init__.py").exists()


def test_no_room_is_named_for_everything() -> None:
    names = {path.stem for path in tracked("*.py")}

    assert names & {"utils", "helpers", "services", "core", "common", "misc"} == set()


def test_every_module_says_what_it_knows() -> None:
    silent = [
        path.relative_to(ROOT)
        for path in tracked("*.py")
        if "migrations" not in path.parts
        and "tests" not in path.parts
        and path.name not in {"__init__.py", "apps.py", "urls.py"}
        and not re.match(r'(#!.*\n)?"""', path.read_text())
    ]

    assert silent == []


def test_no_module_has_grown_past_its_subject() -> None:
    long = [path.relative_to(ROOT) for path in tracked("*.py") if len(path.read_text().splitlines()) > 300]

    assert [path for path in long if not {"tests", "migrations"} & set(path.parts)] == []


def test_no_answer_is_rewritten_once_it_is_rendered() -> None:
    """Templates are handed what differs: what is replaced afterwards misses what nobody thought of."""
    rewriting = re.compile(r"(\.content|\[POLICY\]|\[\"Content-Security-Policy\"\]) \+?= |\.(content|text)\.replace\(")
    found = [
        path.relative_to(ROOT)
        for path in tracked("*.py")
        if not {"tests", "testing", "stand_ins"} & set(path.parts) and rewriting.search(path.read_text())
    ]

    assert found == []


def test_public_templates_hold_no_inline_script_or_style() -> None:
    """The Content-Security-Policy would refuse them anyway; mail has no such policy and needs its style."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", re.IGNORECASE)
    found = [
        path.relative_to(ROOT)
        for path in tracked("templates/*.html")
        if not {"email", "mail"} & set(path.parts) and inline.search(path.read_text())
    ]

    assert found == []
