"""What the site does with what the environment says."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env, production_checks
from stand_ins.cloudinary.server import Cloudinary
from stand_ins.stripe.account import Stripe
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


def test_production_refuses_to_start_and_says_all_that_is_wrong(tmp_path: Path) -> None:
    wrong = {
        **PRODUCTION,
        "SECRET_KEY": "canary-6f1d2c",
        "ALLOWED_HOSTS": "*",
        "STRIPE_WEBHOOK_SECRET": "canary-6f1d2c",
    }

    done = start(tmp_path, **{name: value for name, value in wrong.items() if name != "MAIL_FROM"})

    assert done.returncode != 0
    said = done.stderr.partition("ImproperlyConfigured: ")[2].splitlines()
    assert [line.split()[0] for line in said] == ["MAIL_FROM", "SECRET_KEY", "ALLOWED_HOSTS", "STRIPE_WEBHOOK_SECRET"]
    assert "canary" not in done.stderr


LONG = secrets.token_hex(32)
SHOP = {"STRIPE_SECRET_KEY": f"sk_live_{LONG}", "STRIPE_WEBHOOK_SECRET": f"whsec_{LONG}"}
STAGING = {**SHOP, "STRIPE_SECRET_KEY": f"rk_test_{LONG}", "STRIPE_TEST_MODE": "true"}


def problems(patch: pytest.MonkeyPatch, environment: dict[str, str]) -> list[str]:
    """What is wrong with production's environment, changed by this one; an empty value takes a variable away."""
    for name, value in {**PRODUCTION, **environment}.items():
        patch.setenv(name, value)
    return production_checks.problems()


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_production_refuses_to_start_without_its_own(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (problem,) = problems(monkeypatch, {name: ""})

    assert problem.startswith(f"{name} is not set.")


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"SECRET_KEY": LONG, "SECRET_KEY_FALLBACKS": f"{LONG},{secrets.token_urlsafe(50)}"},
        {"ALLOWED_HOSTS": "courses.example.org, localhost,127.0.0.1,[::1]"},
        {"MAIL_URL": "smtp://127.0.0.1:25?insecure=1"},
        {"MAIL_URL": "smtp+ssl://user:p%40ss@mail.example.org"},
        SHOP,
        STAGING,
        {"CLOUDINARY_URL": f"cloudinary://827364829104857:{LONG}@cloud?cname=media.example.org"},
    ],
)
def test_production_takes_what_is_meant_for_it(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    assert problems(monkeypatch, environment) == []


@pytest.mark.parametrize(
    "environment",
    [
        {"SECRET_KEY": "x"},
        {"SECRET_KEY": "x" * 60},
        {"SECRET_KEY": "abcdefghijkl" * 5},
        {"SECRET_KEY": "at-least-fifty-random-characters"},
        {"SECRET_KEY": "made-up-for-the-check-KJhg7-fR5dE-4sW3q-A2zX1-cV9bN-8mL0p"},
        {"SECRET_KEY": f"django-insecure-{LONG}"},
        {"SECRET_KEY_FALLBACKS": f"{LONG},x"},
        {"SITE_URL": "http://courses.example.org"},
        {"ALLOWED_HOSTS": "*"},
        {"ALLOWED_HOSTS": "courses.example.org,.com"},
        {"ALLOWED_HOSTS": ".example.org"},
        {"ALLOWED_HOSTS": "https://courses.example.org"},
        {"MAIL_URL": "file:///var/lib/lectern/mail"},
        {"MAIL_URL": "smtp://mail.example.org:25"},
        {"MAIL_URL": "smtp://127.0.0.1"},
        {"STRIPE_API_BASE": "http://127.0.0.1:8901"},
        {"STRIPE_TEST_MODE": "1", **SHOP},
        {**STAGING, "STRIPE_SECRET_KEY": Stripe().secret_key},
        {**STAGING, "STRIPE_WEBHOOK_SECRET": Stripe().webhook_secrets[0]},
        {**SHOP, "STRIPE_WEBHOOK_SECRET": f"{SHOP['STRIPE_WEBHOOK_SECRET']},whsec_x"},
        {**STAGING, "STRIPE_SECRET_KEY": f"sk_test_{LONG}", "STRIPE_TEST_MODE": "false"},
        {**STAGING, "STRIPE_TEST_MODE": ""},
        {"CLOUDINARY_URL": "cloudinary://KEY:SECRET@cloud"},
        {"CLOUDINARY_URL": f"cloudinary://key:{Cloudinary().api_secret}@cloud"},
        {"CLOUDINARY_URL": f"cloudinary://key:{LONG}@cloud?auth_token[key]={Cloudinary().auth_token_key}"},
        {"CLOUDINARY_URL": f"cloudinary://key:{LONG}@cloud?upload_prefix=http://127.0.0.1:8900"},
        {"CLOUDINARY_URL": f"cloudinary://key:{LONG}@cloud?cname=localhost:8900"},
    ],
)
def test_production_refuses_what_nobody_should_run(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    (problem,) = problems(monkeypatch, environment)

    assert problem.split()[0] in environment
    assert LONG not in problem


def test_no_example_of_ours_is_taken_for_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands in what everybody can read, for somebody to copy."""
    places = ["Makefile", ".env.example", *(str(path) for path in Path("docs").glob("*.md"))]
    examples = {key for place in places for key in re.findall(r"SECRET_KEY=([\w-]+)", (ROOT / place).read_text())}

    assert "at-least-fifty-random-characters" in examples
    assert [key for key in examples if not problems(monkeypatch, {"SECRET_KEY": key})] == []


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


@pytest.mark.parametrize("url", ["mail.example.org", "console:", "memory://x", "smtp://", "smtp+tls://x?insecure=1"])
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
    calls = re.compile(r'\b(?:text|required|number|flag|names)\("([A-Z_]+)"')
    read = {name for path in sources for name in calls.findall(path.read_text())} | {"DJANGO_SETTINGS_MODULE"}

    assert len(read) > 15
    assert {name for name in read if f"{name}=" not in documented} == set()
