"""Secrets that browsers and mails carry, and the digests of them that the database keeps."""

import hashlib
import secrets

BYTES = 32  # 256 bits from the system's generator: nothing to guess, so a plain digest is enough at rest


def new() -> str:
    return secrets.token_urlsafe(BYTES)


def digest(secret: str) -> str:
    """The SHA-256 of a secret in hex. Any text will do, so that nonsense in an address is merely not found."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
