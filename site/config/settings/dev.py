"""Development settings, also for a first try on your own machine: everything local, mail readable in the browser.

DEBUG is off unless asked for, so that `make run` shows the site as a visitor would meet it.
"""

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import ALLOWED_HOSTS, DATA_DIR, STORAGES, WAGTAILADMIN_BASE_URL

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret_key(DATA_DIR)
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]

IS_LOCAL = True  # mail readable in the browser, demo logins allowed
LIMIT_LOOPBACK = False

if DEBUG:
    STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
