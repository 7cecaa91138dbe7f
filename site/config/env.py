"""Environment variables: every one that the site reads, its default, and a clear sentence when one is wrong."""

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from wagtail_cloudinary.conf import parse

BASE_DIR: Path = Path(__file__).resolve().parents[2]

env = environ.Env()
# The environment beats the file: read_env never overwrites what is set already.
env.read_env(str(BASE_DIR / ".env"))
_CLOUDINARY = "wagtail_cloudinary.storage.CloudinaryStorage"
# Where files are stored: "private" ones are delivered after the policy's decision, "default" ones anybody may keep.
STORAGES: dict[str, dict[str, dict[str, Any]]] = {
    "default": {
        "local": {"BACKEND": "library.storage.LocalStorage"},
        "cloudinary": {"BACKEND": _CLOUDINARY, "OPTIONS": {"delivery": "upload"}},
    },
    "private": {
        "local": {"BACKEND": "library.storage.PrivateStorage"},
        "cloudinary": {"BACKEND": _CLOUDINARY, "OPTIONS": {"delivery": "authenticated"}},
    },
}
# What the site and the server that stands in for Stripe know each other by. Production refuses both.
STRIPE_STAND_IN = {
    "STRIPE_SECRET_KEY": "sk_test_local_0123456789abcdef",
    "STRIPE_WEBHOOK_SECRET": "whsec_local_0123456789abcdef",
}
UNENCRYPTED = "insecure=1"  # how MAIL_URL says that plain smtp is meant


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def number(name: str, default: int) -> int:
    """A whole number of at least 0; ImproperlyConfigured otherwise."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def flag(name: str, *, default: bool) -> bool:
    value = text(name, str(default)).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def names(name: str) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()]


def data_dir() -> Path:
    return (BASE_DIR / text("DATA_DIR", "var")).resolve()


def site_url() -> SplitResult:
    """The one truth about where the site lives: a scheme and a host, with no path."""
    value = text("SITE_URL", f"http://localhost:{number('PORT', 8000)}").rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"SITE_URL must look like https://courses.example.org, not {value!r}.")
    return parts


def secret_key(directory: Path) -> str:
    """SECRET_KEY, or a random one kept in `directory`, so that no two installations share a key."""
    if key := text("SECRET_KEY"):
        return key
    path = directory / "secret_key"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        draft = directory / f"secret_key.{os.getpid()}"
        draft.write_text(secrets.token_urlsafe(50))
        draft.chmod(0o600)
        try:
            os.link(draft, path)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def databases(directory: Path) -> dict[str, dict[str, Any]]:
    """DATABASE_URL, or SQLite in `directory` set up for several writers."""
    if not (url := text("DATABASE_URL")):
        return {"default": sqlite(directory / "db.sqlite3")}
    settings: dict[str, Any] = dict(environ.Env.db_url_config(url))
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        return {"default": sqlite(Path(str(settings["NAME"])))}
    if "postgresql" in settings["ENGINE"]:
        # Nobody waits for a server that is away, or for a lock, longer than for SQLite's.
        settings["OPTIONS"] = {"connect_timeout": 5, "options": "-c lock_timeout=10s", **settings.get("OPTIONS", {})}
    return {"default": {**settings, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}


def sqlite(path: Path) -> dict[str, Any]:
    # IMMEDIATE and WAL: with the defaults, concurrent writers meet 'database is locked'.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def caches() -> dict[str, dict[str, object]]:
    """Redis where REDIS_URL names one; otherwise each process its own memory. Nothing may depend on either."""
    if url := text("REDIS_URL"):
        patience = {"SOCKET_CONNECT_TIMEOUT": 1, "SOCKET_TIMEOUT": 1, "IGNORE_EXCEPTIONS": True}
        return {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": url, "OPTIONS": patience}}
    return {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def mailers(directory: Path, url: str = "") -> dict[str, dict[str, Any]]:
    """MAIL_URL as Django's MAILERS: smtp+tls:// (STARTTLS), smtp+ssl://, smtp:// (neither), or a folder of .eml."""
    parts = urlsplit(url or f"file://{directory / 'mail'}")
    if parts.scheme == "file":
        return {"default": {"BACKEND": "config.mail.EmlBackend", "OPTIONS": {"directory": parts.path}}}
    options = {"", UNENCRYPTED} if parts.scheme == "smtp" else {""}
    if parts.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not parts.hostname or parts.query not in options:
        raise ImproperlyConfigured(
            "MAIL_URL must look like smtp+tls://user:password@mail.example.org:587 or file:///folder."
        )
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": parts.hostname,
                "port": parts.port or {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}[parts.scheme],
                "username": unquote(parts.username or ""),
                "password": unquote(parts.password or ""),
                "use_tls": parts.scheme == "smtp+tls",
                "use_ssl": parts.scheme == "smtp+ssl",
                "timeout": 20,
            },
        }
    }


def cloudinary_url() -> str:
    """CLOUDINARY_URL, or "" for local files; ImproperlyConfigured when it is malformed, without repeating it."""
    if url := text("CLOUDINARY_URL"):
        parse(url)
    return url


def media_hosts(cloudinary: str) -> list[str]:
    """From where pages may load images and videos, besides from here."""
    return sorted({parse(cloudinary).delivery_origin, parse(cloudinary).api_origin}) if cloudinary else []


def currency() -> str:
    """CURRENCY, the ISO 4217 code that a new price starts with."""
    code = text("CURRENCY", "EUR").upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise ImproperlyConfigured("CURRENCY must be a code of three letters, such as EUR.")
    return code


def stripe_secret_key() -> str:
    """STRIPE_SECRET_KEY, or "" where nothing is sold; ImproperlyConfigured, without repeating it, when it is none."""
    key = text("STRIPE_SECRET_KEY")
    if key and not re.fullmatch(r"(sk|rk)_(test|live)_\w+", key, re.ASCII):
        raise ImproperlyConfigured("STRIPE_SECRET_KEY must begin with sk_test_, sk_live_, rk_test_ or rk_live_.")
    if key and not names("STRIPE_WEBHOOK_SECRET"):
        raise ImproperlyConfigured("STRIPE_WEBHOOK_SECRET is not set: without it no payment would open a course.")
    return key


def stripe_api_base() -> str:
    """STRIPE_API_BASE, a server on this machine that stands in for Stripe; "" for Stripe itself."""
    value = text("STRIPE_API_BASE").rstrip("/")
    parts = urlsplit(value)
    is_here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"} and not parts.path
    if value and not is_here:
        raise ImproperlyConfigured("STRIPE_API_BASE may only name this machine, such as http://127.0.0.1:8901.")
    return value
