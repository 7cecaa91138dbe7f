"""Moving files both ways, whatever happens on the way."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import FileField
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.models import AbstractRendition

from stand_ins.cloudinary.server import Cloudinary
from wagtail_cloudinary import moving
from wagtail_cloudinary.models import MovedFile
from wagtail_cloudinary.moving import Outcome, Place
from wagtail_cloudinary.storage import CloudinaryStorage
from wagtail_cloudinary.tests.conftest import picture

pytestmark = pytest.mark.django_db
CLOUDINARY = {"BACKEND": "wagtail_cloudinary.storage.CloudinaryStorage", "OPTIONS": {}}
OTHER = {"local": "cloudinary", "cloudinary": "local"}


class Killed(BaseException):
    """What ends a process, and what no handler of errors catches."""


@pytest.fixture
def local(tmp_path: Path) -> Storage:
    return FileSystemStorage(location=tmp_path / "private")


@pytest.fixture
def read_from(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cloudinary: Cloudinary) -> Any:
    """Two sides of the alias `private`, and a switch for the side that the site reads."""
    here = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "private")},
    }
    sides = {"local": here, "cloudinary": CLOUDINARY}
    settings.CLOUDINARY_STORAGES = {"private": sides}
    fields = [get_image_model()._meta.get_field("file"), get_document_model()._meta.get_field("file")]

    def switch(side: str) -> None:
        settings.STORAGES = {**settings.STORAGES, "private": sides[side]}
        for field in fields:
            monkeypatch.setattr(field, "storage", storages["private"])

    switch("local")
    return switch


@pytest.fixture
def files(read_from: Any) -> dict[str, bytes]:
    return make_files(3)


def make_files(count: int) -> dict[str, bytes]:
    """So many images and documents; their names and what is in them."""
    made = {}
    for number in range(count):
        content = b"paper %d" % number
        document = get_document_model().objects.create(title="A", file=ContentFile(content, "a.pdf"))
        made[document.file.name] = content
    content = picture(8, 8)
    made[get_image_model().objects.create(title="A", file=ContentFile(content, "a.png")).file.name] = content
    return made


def stored(storage: Storage, names: Any) -> dict[str, bytes]:
    found = {}
    for name in names:
        try:
            with storage.open(name) as content:
                found[name] = content.read()
        except FileNotFoundError:
            continue
    return found


def move(to: str, **options: Any) -> None:
    call_command("move_media", to=to, **options)


def test_files_are_copied_under_their_names(
    files: dict[str, bytes], private: CloudinaryStorage, local: Storage
) -> None:
    move("cloudinary")

    assert stored(private, files) == files
    assert stored(local, files) == files
    rows = MovedFile.objects.all()
    assert {row.name: row.sha256 for row in rows} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert {row.state for row in rows} == {MovedFile.State.VERIFIED}


def test_second_run_asks_the_provider_nothing(files: dict[str, bytes], cloudinary: Cloudinary) -> None:
    move("cloudinary")
    cloudinary.requests.clear()

    move("cloudinary")

    assert cloudinary.requests == []


def test_dry_run_changes_nothing(files: dict[str, bytes], cloudinary: Cloudinary, capsys: Any) -> None:
    move("cloudinary", dry_run=True)

    assert "private: 4 files in use" in capsys.readouterr().out
    assert cloudinary.requests == []
    assert not MovedFile.objects.exists()


def test_sources_go_when_all_has_arrived_and_the_site_reads_there(
    files: dict[str, bytes], read_from: Any, local: Storage, private: CloudinaryStorage
) -> None:
    read_from("cloudinary")

    move("cloudinary", delete_source=True)

    assert stored(local, files) == {}
    assert stored(private, files) == files
    assert {row.state for row in MovedFile.objects.all()} == {MovedFile.State.MOVED}


def test_there_and_back_and_there_again(
    files: dict[str, bytes], read_from: Any, local: Storage, private: CloudinaryStorage
) -> None:
    for to in ("cloudinary", "local", "cloudinary"):
        read_from(to)
        move(to, delete_source=True)

    assert stored(private, files) == files
    assert stored(local, files) == {}


def test_sources_stay_while_the_site_reads_them(files: dict[str, bytes], local: Storage) -> None:
    with pytest.raises(CommandError, match="does not read"):
        move("cloudinary", delete_source=True)

    assert stored(local, files) == files


def test_sources_stay_when_one_file_is_missing(files: dict[str, bytes], read_from: Any, local: Storage) -> None:
    missing = next(iter(files))
    local.delete(missing)
    read_from("cloudinary")

    with pytest.raises(CommandError, match="1 of 4 files did not arrive"):
        move("cloudinary", delete_source=True)

    assert stored(local, files) == {name: content for name, content in files.items() if name != missing}


def test_file_stored_after_the_site_changed_over_is_there(files: dict[str, bytes], read_from: Any) -> None:
    read_from("cloudinary")
    make_files(1)

    result = moving.move("cloudinary")

    assert result.counts == {Outcome.COPIED: 4, Outcome.THERE: 2}


def test_another_file_of_that_name_is_left_alone(files: dict[str, bytes], private: CloudinaryStorage) -> None:
    name = next(iter(files))
    private.save(name, ContentFile(b"another"))

    for _ in range(2):
        with pytest.raises(CommandError, match="1 of 4"):
            move("cloudinary")

    assert stored(private, [name]) == {name: b"another"}


def test_provider_that_is_down_stops_the_move(files: dict[str, bytes], cloudinary: Cloudinary, private: Any) -> None:
    cloudinary.fault = "500"
    with pytest.raises(CommandError, match="3 files in a row failed"):
        move("cloudinary")

    cloudinary.fault = ""
    move("cloudinary")

    assert stored(private, files) == files


def test_damage_on_the_way_is_found_and_repaired(
    files: dict[str, bytes], read_from: Any, local: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    move("cloudinary")
    for name in files:
        local.delete(name)
    save = FileSystemStorage._save  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", lambda self, name, content: save(self, name, ContentFile(b"half")))
        with pytest.raises(CommandError):
            move("local")

    move("local")

    assert stored(local, files) == files


@contextmanager
def killed(owner: Any, name: str, replacement: Any) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, replacement)
        with pytest.raises(Killed):
            yield


def at(number: int, act: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    """The same function, which ends the process at its call of this number."""
    calls = iter(range(1, 1_000_000))

    def stopping(*arguments: Any, **options: Any) -> Any:
        is_the_one = next(calls) == number
        if is_the_one and before:
            raise Killed
        result = act(*arguments, **options)
        if is_the_one:
            raise Killed
        return result

    return stopping


def half_a_file(act: Any, number: int) -> Callable[..., Any]:
    calls = iter(range(1, 1_000_000))

    def stopping(self: Any, name: str, content: Any) -> Any:
        if next(calls) != number:
            return act(self, name, content)
        act(self, name, ContentFile(content.read()[:3]))
        raise Killed

    return stopping


def two_sides(local: Storage, private: CloudinaryStorage, to: str) -> tuple[Storage, Storage]:
    return (local, private) if to == "cloudinary" else (private, local)


@pytest.mark.parametrize("to", ["cloudinary", "local"])
@pytest.mark.parametrize(
    ("owner", "name", "before"),
    [
        (MovedFile, "save", True),
        (MovedFile, "save", False),
        (moving, "_digest", True),
        (moving, "_verified", True),
        (moving, "_verified", False),
    ],
)
def test_killed_anywhere_it_ends_complete(
    read_from: Any,
    local: Storage,
    private: CloudinaryStorage,
    to: str,
    owner: Any,
    name: str,
    before: bool,
) -> None:
    read_from(OTHER[to])
    files = make_files(4)
    source, destination = two_sides(local, private, to)
    for number in (2, 3):
        with killed(owner, name, at(number, getattr(owner, name), before=before)):
            move(to)
        assert stored(source, files) == files

    read_from(to)
    move(to, delete_source=True)

    assert stored(destination, files) == files
    assert stored(source, files) == {}


def test_half_a_file_is_written_anew(files: dict[str, bytes], read_from: Any, local: Storage) -> None:
    move("cloudinary")
    for name in files:
        local.delete(name)
    save = FileSystemStorage._save  # type: ignore[attr-defined]
    with killed(FileSystemStorage, "_save", half_a_file(save, 2)):
        move("local")

    move("local")

    assert stored(local, files) == files
    folder = Path(local.path(""))
    assert sum(path.is_file() for path in folder.rglob("*")) == len(files)


@pytest.mark.parametrize("number", [1, 2])
def test_killed_while_sources_are_deleted(
    files: dict[str, bytes],
    read_from: Any,
    local: Storage,
    private: CloudinaryStorage,
    number: int,
) -> None:
    read_from("cloudinary")
    with killed(FileSystemStorage, "delete", at(number, FileSystemStorage.delete, before=False)):
        move("cloudinary", delete_source=True)

    move("cloudinary", delete_source=True)

    assert stored(local, files) == {}
    assert stored(private, files) == files


def test_two_hundred_files_go_both_ways_through_two_kills(
    read_from: Any, local: Storage, private: CloudinaryStorage, cloudinary: Cloudinary
) -> None:
    files = make_files(199)
    for to in ("cloudinary", "local"):
        source, destination = two_sides(local, private, to)
        for number in (70, 60):
            with killed(moving, "_verified", at(number, moving._verified, before=number == 70)):
                move(to)
        read_from(to)
        move(to, delete_source=True)

        assert stored(destination, files) == files
        assert stored(source, files) == {}
    assert not len(cloudinary.shelf)
    uploads = [path for method, path in cloudinary.requests if path.endswith("/upload")]
    assert len(uploads) == len(files)


def test_every_field_is_known(read_from: Any) -> None:
    known = {(model, field.name): alias for model, field, alias in moving.fields()}

    assert known[get_image_model(), "file"] == "private"
    assert known[get_document_model(), "file"] == "private"
    assert not any(issubclass(model, AbstractRendition) for model, _name in known)


def test_field_with_a_storage_of_its_own_stays(
    files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    field: FileField = get_document_model()._meta.get_field("file")
    monkeypatch.setattr(field, "_storage_callable", FileSystemStorage, raising=False)

    move("cloudinary", dry_run=True)

    told = capsys.readouterr()
    assert "CustomDocument.file has a storage of its own" in told.err
    assert "1 files in use" in told.out


@pytest.mark.parametrize("sides", [{}, {"private": {"local": CLOUDINARY}}])
def test_setting_that_is_missing_or_partial_is_explained(settings: Any, sides: Any) -> None:
    settings.CLOUDINARY_STORAGES = sides

    with pytest.raises(CommandError, match="CLOUDINARY_STORAGES"):
        move("cloudinary")


def test_progress_is_told(files: dict[str, bytes], capsys: Any) -> None:
    move("cloudinary")

    told = capsys.readouterr()
    assert "4/4 4 copied" in told.err
    assert "All 4 files have arrived" in told.out


def test_row_says_what_it_is() -> None:
    row = MovedFile(alias="private", name="a.png", destination="local", state="verified")

    assert str(row) == "a.png (read back and found equal)"
    assert Place("private", "a.png") < Place("private", "b.png")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_process_that_is_killed_twice_leaves_nothing_behind(
    read_from: Any, cloudinary: Cloudinary, settings: Any, local: Storage, private: CloudinaryStorage
) -> None:
    files = make_files(9)
    given = {
        "DATABASE_NAME": connection.settings_dict["NAME"],
        "CLOUDINARY_URL": cloudinary.url,
        "CLOUDINARY_STORAGES": settings.CLOUDINARY_STORAGES,
        "STORAGES": settings.STORAGES,
    }
    command = [sys.executable, "-m", "wagtail_cloudinary.tests.killed_mover", json.dumps(given)]
    paths = {"PYTHONPATH": os.pathsep.join([".", "site"])}
    for last in ("4", "3"):
        ended = subprocess.run([*command, last], env={**os.environ, **paths}, cwd=settings.BASE_DIR, check=False)
        assert ended.returncode == 9
    assert MovedFile.objects.filter(state=MovedFile.State.VERIFIED).count() == 5
    assert MovedFile.objects.filter(state=MovedFile.State.COPYING).count() == 1

    read_from("cloudinary")
    move("cloudinary", delete_source=True)

    assert stored(private, files) == files
    assert stored(local, files) == {}
    assert len([path for _method, path in cloudinary.requests if path.endswith("/upload")]) == len(files)
