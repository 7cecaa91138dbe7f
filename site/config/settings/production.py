"""In front of the public. Refuses to start, by name, without what only its owner can give."""

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.settings.base import *  # noqa: F403
from config.settings.base import ALLOWED_HOSTS, ASKER_COOKIE, DATA_DIR, LEARNER_COOKIE, STRIPE_API_BASE

DEBUG = False
SECRET_KEY = env.required("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS")
SITE_URL = WAGTAILADMIN_BASE_URL = env.secure_url("SITE_URL")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ALLOWED_HOSTS = [*ALLOWED_HOSTS]
MAILERS = env.mailers(DATA_DIR, env.required("MAIL_URL"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.required("MAIL_FROM")

if STRIPE_API_BASE:
    raise ImproperlyConfigured("STRIPE_API_BASE is for trying the site out: production takes real money, or none.")

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
MESSAGE_STORAGE = "config.messages.HostStorage"
