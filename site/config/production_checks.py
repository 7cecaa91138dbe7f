"""Production checks: the site refuses to start with missing settings, placeholders, published secrets, test values."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from config import env
from wagtail_cloudinary.conf import is_loopback, parse

REQUIRED = ["SECRET_KEY", "SITE_URL", "MAIL_URL", "MAIL_FROM"]
MAKE_A_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
KEY_LENGTH = 50
KEY_CHARACTERS = 10  # different ones; random digits alone have as many
PLACEHOLDER = re.compile(r"django-insecure|made-up|only-for-tests|at-least-fifty|random-characters|change-?me", re.I)
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]", re.I)
# Known to everybody who reads this code: the servers that stand in for the providers, and the examples of the docs.
PUBLISHED_SECRETS = {*env.STRIPE_STAND_IN.values(), "secret-of-the-test-server", "00aa11bb22cc33dd", "SECRET", "secret"}
WEBHOOK_SECRET = re.compile(r"whsec_[\w+/=-]{24,}", re.ASCII)


def problems() -> list[str]:
    """All that keeps this environment from being production's, a sentence each; no value of a secret is repeated."""
    checks = [_missing, _weak_keys, _readable_on_the_way, _any_host, _unsent_mail, _play_money, _published_account]
    return [problem for check in checks for problem in check()]


def _missing() -> Iterator[str]:
    for name in REQUIRED:
        if not env.text(name):
            yield f"{name} is not set. Production needs it; .env.example says what it is."


def _weak_keys() -> Iterator[str]:
    """A guessed key signs sessions and review links; one that is still accepted is worth as much."""
    if (key := env.text("SECRET_KEY")) and _is_guessable(key):
        yield f"SECRET_KEY can be guessed: it is short, regular or an example. Make one of your own: {MAKE_A_KEY}"
    if any(_is_guessable(key) for key in env.names("SECRET_KEY_FALLBACKS")):
        yield "SECRET_KEY_FALLBACKS has a key that can be guessed, and is still accepted. Take it out."


def _is_guessable(key: str) -> bool:
    is_repeated = key in (key * 2)[1:-1]  # a shorter text, several times over
    return len(key) < KEY_LENGTH or len(set(key)) < KEY_CHARACTERS or is_repeated or bool(PLACEHOLDER.search(key))


def _readable_on_the_way() -> Iterator[str]:
    if env.text("SITE_URL") and (scheme := env.site_url().scheme) != "https":
        yield f"SITE_URL must start with https:// in production, not {scheme}://: it leads people to links that open."


def _any_host() -> Iterator[str]:
    for host in env.names("ALLOWED_HOSTS"):
        if not HOST.fullmatch(host):
            yield f"ALLOWED_HOSTS must name each host by itself, such as courses.example.org, not {host!r}."


def _unsent_mail() -> Iterator[str]:
    parts = urlsplit(env.text("MAIL_URL"))
    if parts.scheme == "file":
        yield "MAIL_URL leads to files, so nobody gets any mail: name a server, smtp+tls://user:password@host:587."
    if parts.scheme == "smtp" and parts.query != env.UNENCRYPTED:
        yield (
            "MAIL_URL sends links and codes unencrypted: use smtp+tls:// or smtp+ssl://. If you want that, as for a"
            f" relay on this very machine, say so: smtp://127.0.0.1:25?{env.UNENCRYPTED}"
        )


def _play_money() -> Iterator[str]:
    key, is_test_mode = env.text("STRIPE_SECRET_KEY"), env.flag("STRIPE_TEST_MODE", default=False)
    if env.text("STRIPE_API_BASE"):
        yield "STRIPE_API_BASE is for trying the site out: production takes real money, or none. Take it away."
    if key in PUBLISHED_SECRETS:
        yield "STRIPE_SECRET_KEY is the published one of the stand-in. Set the key of your own account."
    elif "_test_" in key and not is_test_mode:
        yield (
            "STRIPE_SECRET_KEY is of Stripe's test mode, where anybody buys with a made-up card: set a live key. For a"
            " staging site, say so: STRIPE_TEST_MODE=true"
        )
    elif "_live_" in key and is_test_mode:
        yield "STRIPE_TEST_MODE is set, and STRIPE_SECRET_KEY takes real money: change one of them."
    for secret in env.names("STRIPE_WEBHOOK_SECRET"):
        if secret in PUBLISHED_SECRETS or not WEBHOOK_SECRET.fullmatch(secret):
            yield (
                "STRIPE_WEBHOOK_SECRET is not a signing secret that Stripe made (whsec_...): who guesses it opens every"
                " course. Copy it from the webhook's page in Stripe's dashboard."
            )


def _published_account() -> Iterator[str]:
    if not (url := env.cloudinary_url()):
        return
    account = parse(url)
    if {account.api_secret, account.auth_token_key} & PUBLISHED_SECRETS:
        yield "CLOUDINARY_URL has a published secret, of an example or the tests. Copy yours from Cloudinary's console."
    if is_loopback(urlsplit(account.upload_prefix).netloc) or is_loopback(account.host):
        yield "CLOUDINARY_URL leads to this machine, where a server for tests would answer. Take the options away."
