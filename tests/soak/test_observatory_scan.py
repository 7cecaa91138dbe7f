"""The HTTP Observatory's own scanner, on the site with production's settings."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.observatory import PAGES
from tests.soak import npm, production_site

pytestmark = pytest.mark.soak

VERSION = "1.4.8"
NAME = "@mdn/mdn-http-observatory"
PATHS = {
    "home": "/",
    "open lesson": "/courses/open-course/welcome/",
    "missing page": "/courses/no-such-course/",
    "gate": "/courses/email-course/locked/",
    "confirm page": "/access/confirm/never-was/",
}


@pytest.fixture(scope="module")
def scanner() -> Path:
    package = npm.installed(NAME, VERSION, also=("openssl",))
    # A script that comes with it would download the browsers' preload list. Nobody is on ours, so nobody has its bonus.
    (package / "conf" / "hsts-preload.json").write_text("{}")
    return package


@pytest.fixture(scope="module")
def graded(scanner: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with production_site.start(tmp_path_factory.mktemp("production")) as site:
        where = [site.host, str(site.http_port), str(site.https_port), *PATHS.values()]
        done = subprocess.run(
            ["node", str(Path(__file__).with_name("observatory_scan.mjs")), str(scanner), *where],
            env={**os.environ, "NODE_EXTRA_CA_CERTS": str(site.authority)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    by_path = json.loads(done.stdout)
    return {name: by_path[path] for name, path in PATHS.items()}


@pytest.mark.parametrize("name", PATHS)
def test_the_scanner_gives_the_top_grade(graded: dict[str, Any], name: str) -> None:
    assert graded[name]["status"] == (404 if name == "missing page" else 200)
    assert graded[name]["grade"] == "A+"


@pytest.mark.parametrize("name", PATHS)
def test_the_scanner_agrees_with_our_table(graded: dict[str, Any], name: str) -> None:
    """Where the two differ, tests/observatory.py is wrong about a rule."""
    assert graded[name]["results"] == PAGES[name]
