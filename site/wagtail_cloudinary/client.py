"""The calls to Cloudinary, by the official SDK: upload, destroy, look up, download. Each is bounded in time.

Every function takes the account; the SDK's global configuration is not relied upon. Failures are ProviderError.
"""

import time
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

import urllib3
from django.core.files import File
from django.utils.translation import gettext as _
from urllib3.exceptions import HTTPError

from wagtail_cloudinary import addresses, conf
from wagtail_cloudinary.conf import Account
from wagtail_cloudinary.errors import ProviderError, provider, without_frames
from wagtail_cloudinary.names import Asset

MEMORY_BYTES = 5_000_000
READ_BYTES = 256 * 1024
SDK_TRIES = 4  # the SDK's connector tries to connect as often as that


class Taken(Exception):
    """Another file already has this public id; it was left as it is."""


class _KeptOpen:
    """A file whose `close` is left to its owner: the SDK closes what it uploads in chunks."""

    def __init__(self, content: IO[bytes], name: str) -> None:
        self.content, self.name = content, name

    def __enter__(self) -> "_KeptOpen":
        return self

    def __exit__(self, *_details: object) -> None:
        return None

    def read(self, size: int = -1) -> bytes:
        return self.content.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.content.seek(offset, whence)

    def tell(self) -> int:
        return self.content.tell()


def upload(account: Account, asset: Asset, content: File[bytes], *, delivery: str) -> None:
    """Upload the whole of `content`, in chunks when it is large, and leave it open at its beginning.

    Taken when the public id is in use; ProviderError for any other failure, also when what arrived is not of the
    format that the name says, in which case it is removed again.
    """
    filename = PurePosixPath(asset.public_id).name
    size = content.size
    content.seek(0)
    with provider(_("The file couldn’t be saved. Please try again in a few minutes.")):
        from cloudinary import uploader

        options = {
            **account.options,
            "public_id": asset.public_id,
            "resource_type": asset.resource_type,
            "type": delivery,
            "overwrite": False,
            # The SDK would add these from its global configuration.
            "upload_preset": None,
            "dpr": None,
            "responsive_width": None,
            "filename": filename,
            "timeout": _timeout(conf.seconds_for_upload()),
        }
        if size > conf.chunk_bytes():
            kept = _KeptOpen(cast("IO[bytes]", content), filename)
            answer = uploader.upload_large(kept, chunk_size=conf.chunk_bytes(), **options)
        else:
            answer = uploader.upload((filename, content.read()), **options)
        _check_place(answer, asset, delivery=delivery)
    content.seek(0)
    if answer.get("existing"):
        raise Taken(asset.public_id)
    if answer.get("bytes") != size or (asset.format and answer.get("format") != asset.format):
        with suppress(ProviderError):
            destroy(account, asset, delivery=delivery)
        raise ProviderError(_("The file doesn’t match its extension, or it arrived damaged. It wasn’t saved."))


def destroy(account: Account, asset: Asset, *, delivery: str) -> None:
    """Remove the file and its copies at the edge of the network; one that is not there is removed already."""
    with provider(_("The file couldn’t be removed.")):
        from cloudinary import uploader

        answer = uploader.destroy(
            asset.public_id,
            **account.options,
            resource_type=asset.resource_type,
            type=delivery,
            invalidate=True,
            timeout=_timeout(conf.seconds_for_api()),
        )
        if answer.get("result") not in {"ok", "not found"}:
            raise ValueError("destroy was answered by neither ok nor not found")


def look_up(account: Account, asset: Asset, *, delivery: str) -> dict[str, Any] | None:
    """What the Admin API knows of the file, or None if there is none. That API allows few calls an hour."""
    with provider(_("The media provider didn’t respond.")):
        from cloudinary.api_client.execute_request import execute_request
        from cloudinary.exceptions import NotFound

        place = [asset.resource_type, delivery, asset.public_id]
        try:
            answer = execute_request(
                http_connector=_connector(),
                method="GET",
                params={},
                headers=None,
                auth={"key": account.api_key, "secret": account.api_secret},
                api_url="/".join([account.upload_prefix, "v1_1", account.cloud_name, "resources", *place]),
                timeout=_timeout(conf.seconds_for_api()),
            )
        except NotFound:
            return None
        _check_place(answer, asset, delivery=delivery)
        return dict(answer)


def download(account: Account, asset: Asset, *, delivery: str) -> IO[bytes]:
    """The original's bytes; see `fetch`."""
    address = addresses.download_url(
        account,
        asset.public_id,
        resource_type=asset.resource_type,
        format=asset.format,
        delivery=delivery,
        seconds=int(conf.seconds_for_download()),
    )
    return fetch(address, may_be_text=not asset.format)


def fetch(address: str, *, may_be_text: bool = False) -> IO[bytes]:
    """The content of a URL of the account, in memory up to 5 MB and on disk above, read from its beginning.

    FileNotFoundError if there is nothing; ProviderError when it is larger than `conf.download_bytes`, takes longer
    than `conf.seconds_for_download`, cannot be had, or is a text where none is expected.
    """
    file = cast("IO[bytes]", SpooledTemporaryFile(max_size=MEMORY_BYTES))  # noqa: SIM115  the caller closes it
    failure: BaseException | None
    try:
        for block in _blocks(address, may_be_text=may_be_text):
            file.write(block)
        failure = None
    except HTTPError as error:
        # Its words quote the address, which opens the file until it expires; its reason does not.
        failure = getattr(error, "reason", None) or type(error)("The address is left out.")
    except BaseException:
        file.close()
        raise
    if failure is not None:
        file.close()
        sentence = _("The file couldn’t be fetched. Please try again in a few minutes.")
        raise ProviderError(sentence) from without_frames(failure)
    file.seek(0)
    return file


def _blocks(address: str, *, may_be_text: bool) -> Iterator[bytes]:
    until = time.monotonic() + conf.seconds_for_download()
    response = _connector().request("GET", address, preload_content=False, timeout=_timeout(conf.seconds_for_api()))
    with closing(response):
        if response.status == 404:
            raise FileNotFoundError(_("The media provider doesn’t have this file."))
        if response.status != 200:
            raise ProviderError(_("The media provider refused the file."))
        if not may_be_text and response.headers.get("Content-Type", "").startswith("text/"):
            raise ProviderError(_("The media provider sent something other than the file."))
        left = conf.download_bytes()
        for block in response.stream(READ_BYTES):
            left -= len(block)
            if left < 0:
                raise ProviderError(_("The file is too large to fetch from the media provider."))
            if time.monotonic() > until:
                raise ProviderError(_("The media provider took too long over this file."))
            yield block


def _check_place(answer: Any, asset: Asset, *, delivery: str) -> None:
    said = (answer.get("public_id"), answer.get("resource_type"), answer.get("type"))
    if said != (asset.public_id, asset.resource_type, delivery):
        raise ValueError("the answer is about another file")


def _timeout(seconds: float) -> urllib3.Timeout:
    return urllib3.Timeout(connect=conf.seconds_for_api() / SDK_TRIES, read=seconds)


@lru_cache(maxsize=1)
def _connector() -> urllib3.PoolManager:
    """For what is safe to ask twice. The SDK's own would sleep as long as a Retry-After header tells it to."""
    import cloudinary

    retries = urllib3.Retry(total=2, connect=0, read=0, status=0, other=0, redirect=2, respect_retry_after_header=False)
    return urllib3.PoolManager(retries=retries, **cloudinary.CERT_KWARGS)
