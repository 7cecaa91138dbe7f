"""Whether a request, an address or a token was signed by who has the secret, as Cloudinary checks it."""

import base64
import hashlib
import hmac
import re
import time
from typing import TYPE_CHECKING

from stand_ins.cloudinary.answers import Refusal

if TYPE_CHECKING:
    from stand_ins.cloudinary.server import Cloudinary

FRESH_SECONDS = 3600
DIGESTS = {40: hashlib.sha1, 64: hashlib.sha256}
UNSIGNED = {"api_key", "signature", "file", "resource_type", "cloud_name"}


def check_request(server: "Cloudinary", form: dict[str, str]) -> None:
    """Either digest will do, as with Cloudinary, which sees by the length which one it is."""
    if form.get("api_key") != server.api_key:
        raise Refusal(401, "Unknown API key")
    if not _is_fresh(form.get("timestamp", "")):
        raise Refusal(400, "Stale request")
    pairs = sorted((name, value) for name, value in form.items() if name not in UNSIGNED and value)
    text = "&".join(f"{name}={value}".replace("&", "%26") for name, value in pairs)
    given = form.get("signature", "")
    digest = DIGESTS.get(len(given))
    if not digest or not hmac.compare_digest(digest(f"{text}{server.api_secret}".encode()).hexdigest(), given):
        raise Refusal(401, f"Invalid Signature {given}. String to sign - '{text}'.")


def check_address(server: "Cloudinary", given: str, text: str) -> None:
    """Long signatures are SHA-256 and 32 signs, short ones SHA-1 or SHA-256 and 8."""
    signed = [digest(f"{text}{server.api_secret}".encode()).digest() for digest in DIGESTS.values()]
    short, long = (base64.urlsafe_b64encode(one).decode() for one in signed)
    if not any(hmac.compare_digest(given, right) for right in (long[:32], long[:8], short[:8])):
        raise Refusal(401, "Invalid signature")


def check_token(server: "Cloudinary", path: str, query: str) -> None:
    fields = dict(part.partition("=")[::2] for part in query.removeprefix("__cld_token__=").split("~"))
    if not query.startswith("__cld_token__=") or not fields.get("exp", "").isdigit():
        raise Refusal(401, "This file needs a signature")
    if int(fields["exp"]) <= time.time():
        raise Refusal(410, "The address has expired")
    text = f"exp={fields['exp']}~url={_lowered(path)}"
    right = hmac.new(bytes.fromhex(server.auth_token_key), text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right, fields.get("hmac", "")):
        raise Refusal(401, "Invalid token")


def _lowered(path: str) -> str:
    return re.sub(r"[ \"#%&'/:;<=>?@\[\\\]^`{|}~]", lambda sign: f"%{ord(sign.group()):02x}", path)


def _is_fresh(timestamp: str) -> bool:
    return timestamp.isdigit() and abs(time.time() - int(timestamp)) < FRESH_SECONDS
