"""Production settings. The site refuses to start with what nobody should run in public, and says all of it at once."""

from django.core.exceptions import ImproperlyConfigured

from config import env, production_checks
from config.settings.base import *  # noqa: F403
from config.settings.base import ASKER_COOKIE, LEARNER_COOKIE, PROOFS_COOKIE, STAFF_BROWSER_COOKIE

if problems := production_checks.problems():
    raise ImproperlyConfigured("\n".join(problems))

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS")

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
if env.number("TRUSTED_PROXIES", 0):
    # Only with a proxy of our own in front, which overwrites the header (docs/deploying.md).
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# __Host-: secure, host-only and unshadowable by a subdomain.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
LEARNER_COOKIE = f"__Host-{LEARNER_COOKIE}"
ASKER_COOKIE = f"__Host-{ASKER_COOKIE}"
STAFF_BROWSER_COOKIE = f"__Host-{STAFF_BROWSER_COOKIE}"
PROOFS_COOKIE = f"__Host-{PROOFS_COOKIE}"
MESSAGE_STORAGE = "config.messages.HostStorage"
