"""Files on Cloudinary, by the real SDK against a server that checks signatures."""

import io
import time
import traceback
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import parse_qs, urlsplit

import cloudinary as sdk
import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files.base import ContentFile
from wagtail.images import get_image_model

from stand_ins.cloudinary import server
from stand_ins.cloudinary.server import Cloudinary
from wagtail_cloudinary import conf
from wagtail_cloudinary.errors import ProviderError
from wagtail_cloudinary.storage import CloudinaryStorage
from wagtail_cloudinary.tests.conftest import FILM, file, picture

FAULTS = ["down", "slow", "refuse", "nonsense", "500"]
FILES = [("pictures/3f.png", picture()), ("films/9a.mp4", FILM), ("papers/b1.pdf", b"%PDF-1.4 \r\n\x00")]


def status(address: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as response:
            return int(response.status)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code


def fetch(address: str, **headers: str) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as response:
        return bytes(response.read())


@pytest.mark.parametrize(("name", "content"), FILES)
@pytest.mark.parametrize("delivery", ["upload", "authenticated"])
def test_what_is_stored_is_read_again(cloudinary: Cloudinary, delivery: str, name: str, content: bytes) -> None:
    storage = CloudinaryStorage(delivery=delivery)

    assert storage.save(name, file(content)) == name

    with storage.open(name) as found:
        assert found.read() == content
    assert storage.exists(name)
    assert storage.size(name) == len(content)


def test_both_digests_are_spoken(cloudinary: Cloudinary, settings: Any) -> None:
    settings.CLOUDINARY_URL = f"{cloudinary.url}&signature_algorithm=sha256"
    storage = CloudinaryStorage()

    storage.save("papers/b1.pdf", file(b"paper"))

    with storage.open("papers/b1.pdf") as found:
        assert found.read() == b"paper"


def test_wrong_secret_stores_nothing(cloudinary: Cloudinary, settings: Any) -> None:
    settings.CLOUDINARY_URL = cloudinary.url.replace(cloudinary.api_secret, "another-secret")

    with pytest.raises(ProviderError) as failure:
        CloudinaryStorage().save("pictures/3f.png", file(picture()))

    assert not len(cloudinary.shelf)
    assert "another-secret" not in "".join(traceback.format_exception(failure.value))


@pytest.mark.usefixtures("cloudinary")
def test_configuration_of_the_sdk_is_not_relied_upon(monkeypatch: pytest.MonkeyPatch) -> None:
    other = {"cloud_name": "other", "api_key": "other", "api_secret": "other", "upload_prefix": "http://127.0.0.1:1"}
    added = {"dpr": "2.0", "upload_preset": "small", "signature_algorithm": "sha256", "oauth_token": "other"}
    for name, value in {**other, **added}.items():
        monkeypatch.setitem(vars(sdk.config()), name, value)
    storage = CloudinaryStorage()

    storage.save("pictures/3f.png", file(picture()))

    assert storage.exists("pictures/3f.png")
    assert status(storage.expiring_url("pictures/3f.png", seconds=60)) == 200
    storage.delete("pictures/3f.png")
    assert not storage.exists("pictures/3f.png")


def test_large_file_goes_in_chunks_and_stays_open(
    cloudinary: Cloudinary, private: CloudinaryStorage, settings: Any
) -> None:
    settings.CLOUDINARY_CHUNK_BYTES = 500
    content = file(FILM)

    private.save("films/9a.mp4", content)

    assert len(cloudinary.requests) == -(-len(FILM) // 500)
    assert content.read() == FILM
    with private.open("films/9a.mp4") as found:
        assert found.read() == FILM


def test_small_file_stays_open_at_its_beginning(private: CloudinaryStorage) -> None:
    content = file(picture())

    private.save("pictures/3f.png", content)

    assert content.read() == picture()


def test_storing_is_one_call(cloudinary: Cloudinary, private: CloudinaryStorage) -> None:
    private.save("pictures/3f.png", file(picture()))

    assert cloudinary.requests == [("POST", "/v1_1/demo/image/upload")]


def test_the_providers_name_of_a_file_is_the_random_one(cloudinary: Cloudinary, private: CloudinaryStorage) -> None:
    private.save("pictures/3f.png", file(picture()))

    assert [facts.original_filename for facts, _content in cloudinary.shelf.files.values()] == ["3f"]


@pytest.mark.parametrize("name", ["pictures/3f.png", "papers/b1.pdf"])
def test_taken_name_gets_another_and_nothing_is_replaced(private: CloudinaryStorage, name: str) -> None:
    first, second = picture(10, 10), picture(20, 20)
    private.save(name, file(first))

    other = private.save(name, file(second))

    assert other != name
    assert other.endswith(name[-4:])
    for stored, content in [(name, first), (other, second)]:
        with private.open(stored) as found:
            assert found.read() == content


def test_picture_under_the_wrong_ending_is_refused_and_removed(
    cloudinary: Cloudinary, private: CloudinaryStorage
) -> None:
    with pytest.raises(ProviderError, match="extension"):
        private.save("pictures/3f.jpg", file(picture()))

    assert not len(cloudinary.shelf)


def test_deleting_twice_is_as_good_as_once(cloudinary: Cloudinary, private: CloudinaryStorage) -> None:
    private.save("pictures/3f.png", file(picture()))

    private.delete("pictures/3f.png")
    private.delete("pictures/3f.png")

    assert not private.exists("pictures/3f.png")
    with pytest.raises(FileNotFoundError):
        private.open("pictures/3f.png")
    with pytest.raises(FileNotFoundError):
        private.size("pictures/3f.png")


def test_public_file_has_an_address(public: CloudinaryStorage) -> None:
    public.save("pictures/3f.png", file(picture()))

    assert fetch(public.url("pictures/3f.png")) == picture()


def test_private_file_has_no_lasting_address(private: CloudinaryStorage) -> None:
    with pytest.raises(ValueError, match="lasting"):
        private.url("pictures/3f.png")


def test_private_file_is_refused_to_whoever_knows_its_id(
    account: conf.Account, private: CloudinaryStorage, public: CloudinaryStorage
) -> None:
    private.save("pictures/3f.png", file(picture()))

    base = f"{account.delivery_base}/image"
    assert status(f"{base}/authenticated/v1/pictures/3f.png") == 401
    assert status(f"{base}/authenticated/s--AAAAAAAA--/v1/pictures/3f.png") == 401
    assert status(f"{base}/authenticated/c_scale,w_10/v1/pictures/3f.png") == 401
    assert status(public.url("pictures/3f.png")) == 404


@pytest.mark.parametrize(("name", "content"), FILES)
def test_expiring_address_serves_ranges_until_it_expires(private: CloudinaryStorage, name: str, content: bytes) -> None:
    private.save(name, file(content))

    address = private.expiring_url(name, seconds=60)

    assert fetch(address) == content
    assert fetch(address, Range="bytes=2-5") == content[2:6]
    assert status(address, Range=f"bytes={len(content)}-") == 416
    assert status(private.expiring_url(name, seconds=60, now=time.time() - 61)) == 401


def test_altered_expiring_address_is_refused(private: CloudinaryStorage) -> None:
    private.save("films/9a.mp4", file(FILM))
    private.save("films/9b.mp4", file(FILM))

    address = private.expiring_url("films/9a.mp4", seconds=60)

    until = parse_qs(urlsplit(address).query)["expires_at"][0]
    assert status(address.replace("9a", "9b")) == 401
    assert status(address.replace(until, str(int(until) + 60))) == 401
    assert status(address.replace("signature=", "signature=0")) == 401


def test_expiring_address_of_an_account_with_tokens(
    cloudinary: Cloudinary, private: CloudinaryStorage, settings: Any
) -> None:
    settings.CLOUDINARY_URL = cloudinary.url_with_tokens
    private.save("films/9a.mp4", file(FILM))
    private.save("films/9b.mp4", file(FILM))

    address = private.expiring_url("films/9a.mp4", seconds=60)

    assert address.startswith(f"{conf.account().delivery_base}/video/authenticated/")
    assert fetch(address, Range="bytes=0-3") == FILM[:4]
    assert status(address.replace("9a", "9b")) == 401
    assert status(private.expiring_url("films/9a.mp4", seconds=60, now=time.time() - 61)) == 410


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("act", ["save", "open", "delete_now", "exists", "size"])
def test_every_fault_is_one_failure_in_time(
    cloudinary: Cloudinary, private: CloudinaryStorage, fault: Any, act: str
) -> None:
    arguments = [file(picture())] if act == "save" else []
    cloudinary.fault = fault

    began = time.monotonic()
    with pytest.raises(ProviderError) as failure:
        getattr(private, act)("pictures/3f.png", *arguments)

    assert time.monotonic() - began < cloudinary.slow_seconds
    told = "".join(traceback.format_exception(failure.value))
    assert cloudinary.api_secret not in told
    assert "signature=" not in told
    behind: BaseException | None = failure.value.__cause__
    while behind is not None:
        assert behind.__traceback__ is None
        behind = behind.__cause__ or behind.__context__


@pytest.mark.parametrize("act", ["save", "open", "delete_now", "exists"])
def test_nobody_listening_is_the_same_failure(settings: Any, act: str) -> None:
    with server.running() as gone:
        settings.CLOUDINARY_URL = gone.url
    arguments = [file(picture())] if act == "save" else []

    with pytest.raises(ProviderError):
        getattr(CloudinaryStorage(), act)("pictures/3f.png", *arguments)


class Interrupted(ContentFile):
    """A file whose third part finds the provider broken."""

    def __init__(self, content: bytes, cloudinary: Cloudinary) -> None:
        super().__init__(content)
        self.cloudinary = cloudinary

    def read(self, size: int = -1) -> Any:
        if len(self.cloudinary.requests) == 2:
            self.cloudinary.fault = "500"
        return self.file.read(size)


def test_failure_in_a_later_chunk_is_the_same_failure(
    cloudinary: Cloudinary, private: CloudinaryStorage, settings: Any
) -> None:
    settings.CLOUDINARY_CHUNK_BYTES = 500
    content = Interrupted(FILM, cloudinary)

    with pytest.raises(ProviderError):
        private.save("films/9a.mp4", content)

    assert not content.closed
    assert not len(cloudinary.shelf)


def test_file_above_the_limit_is_not_fetched(private: CloudinaryStorage, settings: Any) -> None:
    private.save("films/9a.mp4", file(FILM))
    settings.CLOUDINARY_DOWNLOAD_BYTES = len(FILM) - 1

    with pytest.raises(ProviderError, match="too large"):
        private.open("films/9a.mp4")


def test_files_are_read_only(private: CloudinaryStorage) -> None:
    with pytest.raises(ValueError, match="reading only"):
        private.open("pictures/3f.png", "wb")


def test_name_must_fit_the_column(private: CloudinaryStorage) -> None:
    with pytest.raises(SuspiciousFileOperation):
        private.save(f"pictures/{'3' * 100}.png", file(picture()), max_length=100)


@pytest.mark.parametrize("options", [{"delivery": "private"}, {"delivery": ""}, {"resource_type": "film"}])
def test_options_that_are_unknown_or_unsafe_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured):
        CloudinaryStorage(**options)


def test_what_is_written_of_a_storage_holds_no_secret(cloudinary: Cloudinary) -> None:
    storage = CloudinaryStorage(delivery="upload")
    _path, arguments, options = storage.deconstruct()  # type: ignore[attr-defined]

    assert (arguments, options) == ((), {"delivery": "upload"})
    assert cloudinary.api_secret not in repr(storage)


@pytest.mark.django_db
def test_row_of_a_picture_goes_with_its_file(
    cloudinary: Cloudinary, private: CloudinaryStorage, field_on: Any, django_capture_on_commit_callbacks: Any
) -> None:
    field_on(private)
    image = get_image_model().objects.create(title="A picture", file=file_named("a.png"))
    assert len(cloudinary.shelf) == 1
    assert (image.width, image.height) == (640, 427)

    with django_capture_on_commit_callbacks(execute=True):
        image.delete()

    assert not len(cloudinary.shelf)


@pytest.mark.django_db
def test_storing_a_picture_fetches_nothing_back(
    cloudinary: Cloudinary, private: CloudinaryStorage, field_on: Any
) -> None:
    field_on(private)

    get_image_model().objects.create(title="A picture", file=file_named("a.png"))

    assert [method for method, _path in cloudinary.requests] == ["POST"]


def file_named(name: str) -> Any:
    named = file(picture())
    named.name = name
    return named


def test_server_remembers_in_a_folder(tmp_path: Any, settings: Any) -> None:
    with server.running(folder=tmp_path) as first:
        settings.CLOUDINARY_URL = first.url
        CloudinaryStorage().save("papers/b1.pdf", file(b"paper"))

    with server.running(folder=tmp_path) as second:
        settings.CLOUDINARY_URL = second.url
        with CloudinaryStorage().open("papers/b1.pdf") as found:
            assert io.BytesIO(found.read()).getvalue() == b"paper"
