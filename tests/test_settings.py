"""What the site does with what the environment says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from tests.production import ENVIRONMENT as PRODUCTION

ROOT = Path(__file__).resolve().parents[1]


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the production settings in a process of their own."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from django.conf import settings as s; print(s.SITE_URL)",
        ],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "DATA_DIR": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_what_it_needs(tmp_path: Path) -> None:
    assert start(tmp_path, **PRODUCTION).stdout.strip() == "https://courses.example.org"


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_production_refuses_to_start_without_its_own(tmp_path: Path, name: str) -> None:
    done = start(tmp_path, **{key: value for key, value in PRODUCTION.items() if key != name})

    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr


def test_production_refuses_an_address_without_tls(tmp_path: Path) -> None:
    done = start(tmp_path, **{**PRODUCTION, "SITE_URL": "http://courses.example.org"})

    assert "SITE_URL must start with https://" in done.stderr


@pytest.mark.parametrize("url", ["cloudinary://key@cloud", "cloudinary://key:canary-6f1d2c@", "https://canary-6f1d2c"])
def test_a_broken_address_of_cloudinary_is_refused_and_not_repeated(tmp_path: Path, url: str) -> None:
    done = start(tmp_path, **{**PRODUCTION, "CLOUDINARY_URL": url})

    assert done.returncode != 0
    assert "ImproperlyConfigured: CLOUDINARY_URL" in done.stderr
    assert "canary" not in done.stderr


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "٣", "1e3"])
def test_a_number_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("VERIFICATION_SECONDS", value)

    with pytest.raises(ImproperlyConfigured, match="VERIFICATION_SECONDS must be a whole number"):
        env.number("VERIFICATION_SECONDS", 900)


@pytest.mark.parametrize("value", ["courses.example.org", "ftp://x.org", "https://x.org/path", "https://"])
def test_an_address_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SITE_URL", value)

    with pytest.raises(ImproperlyConfigured, match="SITE_URL must look like"):
        env.site_url()


def test_a_flag_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "maybe")

    with pytest.raises(ImproperlyConfigured, match="DEBUG must be true or false"):
        env.flag("DEBUG", default=False)


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_a_mail_server_that_is_none_is_named(tmp_path: Path, url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MAIL_URL must look like"):
        env.mailers(tmp_path, url)


def test_every_installation_gets_a_key_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)

    first, again, other = env.secret_key(tmp_path / "a"), env.secret_key(tmp_path / "a"), env.secret_key(tmp_path / "b")

    assert first == again != other
    assert len(first) >= 50


def test_every_variable_is_documented() -> None:
    documented = (ROOT / ".env.example").read_text()
    sources = [*(ROOT / "site" / "config").rglob("*.py")]
    calls = re.compile(r'\b(?:text|required|number|flag|names|secure_url)\("([A-Z_]+)"')
    read = {name for path in sources for name in calls.findall(path.read_text())} | {"DJANGO_SETTINGS_MODULE"}

    assert len(read) > 15
    assert {name for name in read if f"{name}=" not in documented} == set()
