"""URLs of files and of images in every size. Pure functions: no network, no Pillow, no SDK configuration.

Cloudinary's rules: "Signed delivery URLs"; wagtail_cloudinary.transformations makes the part in between.
"""

import base64
import hashlib
import re
import time
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from wagtail.images.models import Filter
from wagtail.images.rect import Rect

from wagtail_cloudinary.conf import Account
from wagtail_cloudinary.transformations import BY_BROWSER, transformation

PUBLIC, AUTHENTICATED = "upload", "authenticated"
# What Cloudinary's URLs hold as it is; the rest is percent-encoded before it is signed.
UNESCAPED = "/:_.-"
LONG_SIGNATURE = 32
# Any version serves the newest file; ours never change under one name.
VERSION = "v1"


def image_url(
    account: Account,
    public_id: str,
    spec: str | Filter,
    *,
    width: int,
    height: int,
    format: str,  # noqa: A002  Cloudinary's word
    focal_point: Rect | None = None,
    delivery: str = PUBLIC,
) -> str:
    """The URL of an image as a Wagtail filter spec wants it: `fill-800x450|format-webp`.

    `width`, `height` (pixels) and `format` are the original's. With `delivery` authenticated the URL is signed:
    nobody can derive another size from it, but it does not expire. InvalidFilterSpecError for a spec that Wagtail, or
    Cloudinary, does not know.
    """
    wanted = transformation(spec, width=width, height=height, format=format, focal_point=focal_point)
    return delivery_url(account, public_id, delivery=delivery, steps=wanted.steps, format=wanted.format)


def delivery_url(
    account: Account,
    public_id: str,
    *,
    resource_type: str = "image",
    delivery: str = PUBLIC,
    steps: str = "",
    format: str = "",  # noqa: A002
) -> str:
    """The lasting address of a file, or of what `steps` makes of it; signed (long, SHA-256) when authenticated."""
    source = _source(public_id, format)
    signature = _signature(account, steps, source) if delivery == AUTHENTICATED else ""
    return "/".join(
        part for part in (account.delivery_base, resource_type, delivery, signature, steps, VERSION, source) if part
    )


def expiring_url(
    account: Account,
    public_id: str,
    *,
    resource_type: str,
    format: str,  # noqa: A002
    seconds: int,
    now: float | None = None,
    delivery: str = AUTHENTICATED,
) -> str:
    """A URL of the original that stops working `seconds` after `now` (a Unix time; the present by default).

    With an auth token key the file comes from the delivery host, near the reader; without one, from the API's.
    Its holder may fetch the file until then.
    """
    if account.auth_token_key and delivery == AUTHENTICATED:
        return _token_url(
            account, public_id, resource_type=resource_type, format=format, until=_until(now, seconds=seconds)
        )
    return download_url(
        account,
        public_id,
        resource_type=resource_type,
        format=format,
        seconds=seconds,
        now=now,
        delivery=delivery,
    )


def download_url(
    account: Account,
    public_id: str,
    *,
    resource_type: str,
    format: str,  # noqa: A002
    seconds: int,
    now: float | None = None,
    delivery: str = AUTHENTICATED,
) -> str:
    """The API's own expiring address of the original, as the SDK's `private_download_url` makes it."""
    parameters: dict[str, Any] = {
        "expires_at": _until(now, seconds=seconds),
        "format": format,
        "public_id": public_id,
        "timestamp": int(time.time() if now is None else now),
        "type": delivery,
    }
    parameters = {name: value for name, value in parameters.items() if value}
    # As the SDK's api_string_to_sign, whose second version escapes the &.
    text = "&".join(f"{name}={value}".replace("&", "%26") for name, value in sorted(parameters.items()))
    digest = hashlib.new(account.digest, f"{text}{account.api_secret}".encode(), usedforsecurity=False).hexdigest()
    query = urlencode({**parameters, "signature": digest, "api_key": account.api_key})
    return f"{account.upload_prefix}/v1_1/{account.cloud_name}/{resource_type}/download?{query}"


def stream_url(account: Account, public_id: str, *, delivery: str = PUBLIC) -> str:
    """The HLS playlist of a video, in as many sizes as Cloudinary finds right. It does not expire."""
    return delivery_url(account, public_id, resource_type="video", delivery=delivery, steps="sp_auto", format="m3u8")


def progressive_url(account: Account, public_id: str, *, delivery: str = PUBLIC) -> str:
    """One file of a video, in the format that the browser asking for it plays. It does not expire."""
    return delivery_url(account, public_id, resource_type="video", delivery=delivery, steps="f_auto:video,q_auto")


def poster_url(
    account: Account,
    public_id: str,
    *,
    format: str,  # noqa: A002
    steps: str = BY_BROWSER,
    delivery: str = PUBLIC,
) -> str:
    """The address of a poster: an image of its own, whose public id this is.

    Never give a video's public id. Cloudinary would make a still of it, but a poster is shown where the video is
    locked, and its address must not tell the video's.
    """
    return delivery_url(account, public_id, delivery=delivery, steps=steps, format=format)


def _source(public_id: str, ending: str) -> str:
    """The end of an address, escaped as the SDK escapes it."""
    escaped = re.sub(r"~", "%7E", quote(public_id, safe=UNESCAPED))
    return f"{escaped}.{ending}" if ending else escaped


def _signature(account: Account, steps: str, source: str) -> str:
    text = "/".join(part for part in (steps, source) if part)
    digest = hashlib.sha256(f"{text}{account.api_secret}".encode()).digest()
    return f"s--{base64.urlsafe_b64encode(digest).decode()[:LONG_SIGNATURE]}--"


def _token_url(account: Account, public_id: str, *, resource_type: str, format: str, until: int) -> str:  # noqa: A002
    from cloudinary import auth_token

    parts = (account.delivery_base, resource_type, AUTHENTICATED, VERSION, _source(public_id, format))
    address = "/".join(parts)
    token = auth_token.generate(url=urlsplit(address).path, expiration=until, key=account.auth_token_key)
    return f"{address}?{token}"


def _until(now: float | None, *, seconds: int) -> int:
    return int(time.time() if now is None else now) + seconds
