"""Test settings: nothing leaves the process, nothing is kept, warnings are loud."""

import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import CLOUDINARY_STORAGES, DATABASES, INSTALLED_APPS

DEBUG = False
SECRET_KEY = "only-for-tests-" + "x" * 40
ALLOWED_HOSTS = ["testserver", "localhost", "other.test"]
SITE_URL = WAGTAILADMIN_BASE_URL = "http://localhost:8000"

# The site speaks one language (docs/decisions/0010-one-language.md); what its gate does with translations is tried.
INSTALLED_APPS = [*INSTALLED_APPS, "wagtail.locales", "wagtail.contrib.simple_translation"]

_files = Path(tempfile.mkdtemp(prefix="lectern-test-"))
MEDIA_ROOT = _files / "media"
PRIVATE_ROOT = _files / "private"
STATIC_ROOT = _files / "static"
STATIC_ROOT.mkdir()
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file: the in-memory database of several threads is another engine, with locks of its own.
    DATABASES["default"]["TEST"] = {"NAME": str(_files / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
CLOUDINARY_URL = X_ACCEL_PREFIX = ""
STRIPE_SECRET_KEY = STRIPE_API_BASE = ""
STRIPE_WEBHOOK_SECRETS: list[str] = []
STORAGES = {
    **{alias: sides["local"] for alias, sides in CLOUDINARY_STORAGES.items()},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
IS_LOCAL = True  # mail readable in the browser, demo logins allowed
