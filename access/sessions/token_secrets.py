"""Secret tokens and codes that browsers and emails carry, and the digests of them that the database keeps."""

import hashlib
import re
import secrets

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
BYTES = 32  # 256 bits from the system's generator: nothing to guess, so a plain digest is enough at rest


def new() -> str:
    return secrets.token_urlsafe(BYTES)


def is_secret(text: str) -> bool:
    """Whether it has the form of what new() makes, as what comes in a cookie need not have."""
    return SHAPE.fullmatch(text) is not None


def digest(secret: str) -> str:
    """The SHA-256 of a secret in hex. Any text will do, so that nonsense in an address is merely not found."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_code() -> str:
    """Six digits, for typing. A million of them are soon guessed, so tries are counted (access.verification.tokens)."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_digest(code: str, *, owner: object, key: str | bytes | None = None) -> str:
    """A keyed digest of the code, bound to the row that owns it: a plain one could be reversed by trying them all."""
    return salted_hmac(f"access.code.{owner}", code, secret=key, algorithm="sha256").hexdigest()


def is_code(code: str, *, owner: object, digest: str) -> bool:
    """Whether the digest is this code's, under the secret key or one that was used before it."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(code_digest(code, owner=owner, key=key), digest) for key in keys)
