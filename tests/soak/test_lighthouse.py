"""Google's Lighthouse, as on a phone with a slow line: speed, accessibility, good practice and search engines."""

import json
import os
import shutil
import subprocess

import pytest

from tests.running_site import RunningSite
from tests.soak import npm

pytestmark = [pytest.mark.soak, pytest.mark.browser]

LEAST = {"performance": 0.95, "accessibility": 1, "best-practices": 1, "seo": 1}
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
FLAGS += " --disable-component-update --disable-sync"


TRIES = 3  # a machine that does something else meanwhile is slow, a page that is slow is so each time


@pytest.mark.parametrize("path", ["/", "/courses/", "/courses/open-course/", "/courses/open-course/welcome/"])
def test_pages_score(site: RunningSite, path: str) -> None:
    best = dict.fromkeys(LEAST, 0.0)
    for _ in range(TRIES):
        best = {name: max(score, best[name]) for name, score in scores(f"{site.url}{path}").items()}
        if all(best[name] >= LEAST[name] for name in LEAST):
            break

    assert {name: score for name, score in best.items() if score < LEAST[name]} == {}


def scores(url: str) -> dict[str, float]:
    lighthouse = npm.installed("lighthouse", "12.8.2")
    done = subprocess.run(
        ["node", str(lighthouse / "cli" / "index.js"), url, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"],
        env={**os.environ, "CHROME_PATH": os.environ.get("BROWSER_PATH") or shutil.which("chromium") or ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name: found["score"] for name, found in json.loads(done.stdout)["categories"].items()}
