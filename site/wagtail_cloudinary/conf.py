"""Configuration: the account of CLOUDINARY_URL, and how long a call may take.

Nothing here imports the SDK, which reads the environment when it is imported and stumbles over an address it cannot
read: ours is checked first, and every call is given the account explicitly.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SCHEME = "cloudinary"
API = "https://api.cloudinary.com"
SHARED_HOST = "res.cloudinary.com"
CLOUD_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?")
DIGESTS = ("sha1", "sha256")
UNPRINTABLE = re.compile(r"[^!-~]")

# Seconds; a site sets its own under the same name with CLOUDINARY_ in front.
API_SECONDS = 5.0
UPLOAD_SECONDS = 60.0
DOWNLOAD_SECONDS = 300.0
# Bytes.
CHUNK_BYTES = 20_000_000
DOWNLOAD_BYTES = 2_000_000_000


@dataclass(frozen=True, kw_only=True)
class Account:
    """One Cloudinary account. Its secrets are left out of its repr.

    `upload_prefix` is the origin of the API; `host` the host that delivers files; `private_cdn` says that the host
    belongs to this account alone, so that addresses leave the cloud's name out; `digest` is what API requests are
    signed with; `auth_token_key` is hexadecimal, and given where the account has token delivery.
    """

    cloud_name: str
    api_key: str
    api_secret: str = field(repr=False)
    upload_prefix: str = API
    host: str = SHARED_HOST
    secure: bool = True
    private_cdn: bool = False
    digest: str = "sha1"
    auth_token_key: str = field(default="", repr=False)

    @property
    def delivery_origin(self) -> str:
        """Scheme and host of every delivered file, as a Content-Security-Policy wants it."""
        return f"{'https' if self.secure else 'http'}://{self.host}"

    @property
    def api_origin(self) -> str:
        """Scheme and host of expiring downloads, as a Content-Security-Policy wants it."""
        return self.upload_prefix

    @property
    def delivery_base(self) -> str:
        return self.delivery_origin if self.private_cdn else f"{self.delivery_origin}/{self.cloud_name}"

    @property
    def options(self) -> dict[str, Any]:
        """Everything the SDK would otherwise take from its global configuration."""
        return {
            "cloud_name": self.cloud_name,
            "api_key": self.api_key,
            "api_secret": self.api_secret,
            "oauth_token": None,
            "upload_prefix": self.upload_prefix,
            "secure": self.secure,
            "signature_algorithm": self.digest,
            "signature_version": 2,
        }


def account() -> Account:
    """The account named by the setting CLOUDINARY_URL; ImproperlyConfigured without one, or with a broken one."""
    return parse(getattr(settings, "CLOUDINARY_URL", "") or "")


@lru_cache(maxsize=8)
def parse(url: str) -> Account:
    """Read an address of the SDK's syntax: `cloudinary://KEY:SECRET@cloud?upload_prefix=...&cname=...`.

    Also understood: `secure_distribution` (the SDK's other word for `cname`), a host as the path (a private CDN),
    `private_cdn`, `secure`, `signature_algorithm` and `auth_token[key]`. ImproperlyConfigured says in one sentence
    what is wrong, and never repeats the address.
    """
    if not url:
        raise ImproperlyConfigured("CLOUDINARY_URL is empty; it is cloudinary://KEY:SECRET@cloud.")
    parts = _split(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    host, private_cdn = _host(parts, options)
    digest = options.get("signature_algorithm", DIGESTS[0])
    if digest not in DIGESTS:
        raise ImproperlyConfigured("signature_algorithm in CLOUDINARY_URL is sha1 or sha256.")
    return Account(
        cloud_name=_cloud_name(parts),
        api_key=_credential(parts.username, "API key"),
        api_secret=_credential(parts.password, "API secret"),
        upload_prefix=_upload_prefix(options.get("upload_prefix", API)),
        host=host,
        secure=_secure(host, options),
        private_cdn=private_cdn,
        digest=digest,
        auth_token_key=_token_key(options.get("auth_token[key]", "")),
    )


def seconds_for_api() -> float:
    return float(getattr(settings, "CLOUDINARY_API_SECONDS", API_SECONDS))


def seconds_for_upload() -> float:
    """For each chunk of an upload, not for the whole of it."""
    return float(getattr(settings, "CLOUDINARY_UPLOAD_SECONDS", UPLOAD_SECONDS))


def seconds_for_download() -> float:
    """For the whole of a download; its start, and each pause in it, may take `seconds_for_api`."""
    return float(getattr(settings, "CLOUDINARY_DOWNLOAD_SECONDS", DOWNLOAD_SECONDS))


def chunk_bytes() -> int:
    """Files above this size are uploaded in chunks of it. Cloudinary wants 5 MB at least."""
    return int(getattr(settings, "CLOUDINARY_CHUNK_BYTES", CHUNK_BYTES))


def download_bytes() -> int:
    return int(getattr(settings, "CLOUDINARY_DOWNLOAD_BYTES", DOWNLOAD_BYTES))


def is_loopback(host: str) -> bool:
    """Whether this host, with or without a port, is this machine itself."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        # The error of the parser may quote the address.
        raise ImproperlyConfigured("CLOUDINARY_URL cannot be read; it is cloudinary://KEY:SECRET@cloud.") from None
    if parts.scheme != SCHEME:
        raise ImproperlyConfigured("CLOUDINARY_URL begins with cloudinary://.")
    return parts


def _credential(value: str | None, what: str) -> str:
    value = unquote(value or "")
    if not value:
        raise ImproperlyConfigured(f"CLOUDINARY_URL lacks the {what}; it is cloudinary://KEY:SECRET@cloud.")
    if UNPRINTABLE.search(value):
        raise ImproperlyConfigured(f"The {what} in CLOUDINARY_URL has a space or a sign that is not ASCII.")
    return value


def _cloud_name(parts: SplitResult) -> str:
    # `hostname` would be in lower case, and a cloud's name need not be.
    name = parts.netloc.rpartition("@")[2]
    if not name:
        raise ImproperlyConfigured("CLOUDINARY_URL lacks the cloud's name; it is cloudinary://KEY:SECRET@cloud.")
    if not CLOUD_NAME.fullmatch(name):
        raise ImproperlyConfigured("The cloud's name in CLOUDINARY_URL has letters, digits, - and _ only.")
    return name


def _upload_prefix(value: str) -> str:
    value = value.rstrip("/")
    parts = urlsplit(value)
    if not HOST.fullmatch(parts.netloc) or parts.path or parts.query or parts.fragment:
        raise ImproperlyConfigured("upload_prefix in CLOUDINARY_URL is a scheme and a host, nothing more.")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.netloc)):
        raise ImproperlyConfigured("upload_prefix in CLOUDINARY_URL is https, except on this machine itself.")
    return value


def _host(parts: SplitResult, options: dict[str, str]) -> tuple[str, bool]:
    path = parts.path.strip("/")
    host = path or options.get("secure_distribution") or options.get("cname") or SHARED_HOST
    if not HOST.fullmatch(host):
        raise ImproperlyConfigured("The delivery host in CLOUDINARY_URL is a host, nothing more.")
    return host, bool(path) or options.get("private_cdn", "").lower() == "true"


def _secure(host: str, options: dict[str, str]) -> bool:
    if is_loopback(host):
        return options.get("secure", "").lower() == "true"
    if options.get("secure", "true").lower() != "true":
        raise ImproperlyConfigured("secure=false in CLOUDINARY_URL is for a host on this machine itself only.")
    return True


def _token_key(value: str) -> str:
    try:
        bytes.fromhex(value)
    except ValueError:
        raise ImproperlyConfigured("auth_token[key] in CLOUDINARY_URL is hexadecimal.") from None
    return value
