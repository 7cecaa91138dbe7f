"""Tools that come from npm: fetched once, without running any script that comes with them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.running_site import ROOT


def installed(name: str, version: str, *, also: tuple[str, ...] = ()) -> Path:
    """The folder of the package, in this version; skips the test where npm, or what else it needs, is missing."""
    if missing := [each for each in ("node", "npm", *also) if not shutil.which(each)]:
        pytest.skip(f"This needs {' and '.join(missing)}; of Node.js, version 22 or newer with npm.")
    folder = ROOT / "var" / "soak" / name.rpartition("/")[2]
    package = folder / "node_modules" / name
    if not package.exists() or json.loads((package / "package.json").read_text())["version"] != version:
        folder.mkdir(parents=True, exist_ok=True)
        quiet = ["--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
        install = ["npm", "install", "--prefix", str(folder), *quiet, f"{name}@{version}"]
        done = subprocess.run(install, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, f"npm could not install {name}:\n{done.stderr}"
    return package
