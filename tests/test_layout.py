"""The layout of the repository: what is where."""

import re
import subprocess
from collections import Counter
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
        and path.name != "__init__.py"
        and not re.match(r'(#!.*\n)?"""', path.read_text())
    ]

    assert silent == []


def test_no_module_has_grown_past_its_subject() -> None:
    long = [path.relative_to(ROOT) for path in tracked("*.py") if len(path.read_text().splitlines()) > 250]

    # Neither fixtures nor a list of settings are code of the site.
    assert [path for path in long if not {"tests", "migrations", "settings", "conftest.py"} & set(path.parts)] == []


def test_no_folder_is_a_corridor() -> None:
    """A newcomer reads the names of a folder at a glance."""
    app_code = (path for path in tracked("*.py") if not {"tests", "migrations", "demo"} & set(path.parts))
    modules = Counter(path.parent.relative_to(ROOT) for path in app_code if path.name != "__init__.py")

    assert [str(folder) for folder, count in modules.items() if count > 15] == []


def test_functions_say_what_they_return() -> None:
    """`syllabus.of(course)` sends its reader to another module."""
    named = re.compile(r"^ *def of\(", re.MULTILINE)

    assert [path.relative_to(ROOT) for path in tracked("*.py") if named.search(path.read_text())] == []


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


def test_locks_are_public() -> None:
    """What the tests take out to see a refusal bite is a seam of the product, and named as one."""
    private = re.compile(r"\"_\w+\"|\b[a-z]\w*\._[a-z]\w*")

    assert private.findall((ROOT / "tests" / "locks.py").read_text()) == []
