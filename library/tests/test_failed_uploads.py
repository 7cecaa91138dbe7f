"""A provider that is down, slow, refusing or lying: the form comes back, and nothing is left behind anywhere."""

import time
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, models
from django.db.models.signals import pre_save
from django.test import Client

from library.models import CustomDocument, CustomImage, Video
from library.tests.factories import FILM, make_document, make_image, make_video, photograph, png
from stand_ins.cloudinary.server import Cloudinary

FAULTS = ["down", "slow", "refuse", "nonsense", "500"]
SENTENCE = "The file couldn’t be saved. Please try again in a few minutes."
MODELS: list[type[models.Model]] = [CustomImage, CustomDocument, Video]
FILES = {
    "images": ("picture.png", png(80, 45)),
    "documents": ("paper.pdf", b"%PDF-1.4"),
    "media": ("video.mp4", FILM),
}
ADDING = {"images": "/admin/images/add/", "documents": "/admin/documents/add/", "media": "/admin/media/video/add/"}
CHOOSING = {
    "images": ("/admin/images/chooser/create/", "image-chooser-upload"),
    "documents": ("/admin/documents/chooser/create/", "document-chooser-upload"),
    "media": ("/admin/media/video/chooser/upload/", "media-chooser-upload"),
}
KINDS = list(FILES)


@pytest.fixture
def away(cloudinary: Cloudinary, settings: Any, request: pytest.FixtureRequest) -> Cloudinary:
    settings.CLOUDINARY_API_SECONDS = settings.CLOUDINARY_UPLOAD_SECONDS = 0.3
    cloudinary.fault = getattr(request, "param", "down")
    return cloudinary


def upload(kind: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(*FILES[kind])


def form(kind: str, **fields: Any) -> dict[str, Any]:
    return {"title": "As I typed it", "file": upload(kind), "duration": "3", "transcript": "", "tags": "", **fields}


def make(kind: str) -> Any:
    return {"images": make_image, "documents": make_document, "media": make_video}[kind]()


def edit_address(kind: str, pk: int) -> str:
    return {"images": f"/admin/images/{pk}/"}.get(kind, f"/admin/{kind}/edit/{pk}/")


def rows() -> list[bool]:
    return [model._default_manager.exists() for model in MODELS]


@pytest.mark.parametrize("away", FAULTS, indirect=True)
@pytest.mark.parametrize("kind", KINDS)
def test_the_form_comes_back_as_it_was(editor: Client, away: Cloudinary, kind: str) -> None:
    began = time.monotonic()

    response = editor.post(ADDING[kind], form(kind))

    assert response.status_code == 200
    assert response.context["form"].errors == {"file": [SENTENCE]}
    assert 'value="As I typed it"' in response.content.decode()
    assert SENTENCE in response.content.decode()
    assert rows() == [False, False, False]
    assert time.monotonic() - began < away.slow_seconds


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_try_is_stored(editor: Client, away: Cloudinary, kind: str) -> None:
    editor.post(ADDING[kind], form(kind))
    away.fault = ""

    response = editor.post(ADDING[kind], form(kind))

    assert response.status_code == 302
    assert len(away.shelf) == 1


@pytest.mark.parametrize("away", FAULTS, indirect=True)
@pytest.mark.parametrize("kind", ["images", "documents"])
def test_the_page_for_many_says_it_of_each(editor: Client, away: Cloudinary, kind: str) -> None:
    response = editor.post(f"/admin/{kind}/multiple/add/", {"title": "As I typed it", "files[]": upload(kind)})

    assert response.json() == {"success": False, "error_message": SENTENCE}
    assert rows() == [False, False, False]


@pytest.mark.parametrize("away", FAULTS, indirect=True)
@pytest.mark.parametrize("kind", KINDS)
def test_the_chooser_says_it_too(editor: Client, away: Cloudinary, kind: str) -> None:
    address, prefix = CHOOSING[kind]
    fields = {f"{prefix}-{name}": value for name, value in form(kind).items()}

    response = editor.post(address, fields)

    assert response.status_code == 200
    assert SENTENCE in response.json().get("htmlFragment", response.json().get("html", ""))
    assert rows() == [False, False, False]


@pytest.mark.parametrize("kind", KINDS)
def test_what_should_be_replaced_stays(editor: Client, cloudinary: Cloudinary, kind: str) -> None:
    item = make(kind)
    cloudinary.fault = "refuse"

    response = editor.post(edit_address(kind, item.pk), form(kind))
    cloudinary.fault = ""

    assert response.status_code == 200
    assert response.context["form"].errors == {"file": [SENTENCE]}
    assert 'value="As I typed it"' in response.content.decode()
    assert type(item).objects.get().file == item.file
    assert item.file.storage.exists(item.file.name)
    assert len(cloudinary.shelf) == 1


def test_a_picture_is_shown_beside_the_form_that_came_back(editor: Client, cloudinary: Cloudinary) -> None:
    image = make_image()
    cloudinary.fault = "refuse"

    response = editor.post(
        f"/admin/images/{image.pk}/", form("images", file=SimpleUploadedFile("a&b.png", png(80, 45)))
    )

    shown = response.context["image"]
    assert (shown.file, shown.width, shown.height) == (image.file, 64, 36)


@pytest.mark.parametrize("kind", KINDS)
def test_replacing_deletes_the_old_file_once_the_row_is_saved(
    editor: Client, cloudinary: Cloudinary, kind: str, django_capture_on_commit_callbacks: Any
) -> None:
    item = make(kind)

    with django_capture_on_commit_callbacks() as after:
        response = editor.post(edit_address(kind, item.pk), form(kind))

    assert response.status_code == 302
    assert item.file.storage.exists(item.file.name)
    for callback in after:
        callback()
    assert not item.file.storage.exists(item.file.name)
    assert [public_id in type(item).objects.get().file.name for _, _, public_id in cloudinary.shelf.files] == [True]


def test_storing_is_one_call_and_all_that_is_known_is_right(editor: Client, cloudinary: Cloudinary) -> None:
    for kind in KINDS:
        editor.post(ADDING[kind], form(kind))

    assert [method for method, _path in cloudinary.requests] == ["POST", "POST", "POST"]
    image, document = CustomImage.objects.get(), CustomDocument.objects.get()
    assert (image.width, image.height, image.file_size) == (80, 45, len(png(80, 45)))
    assert (document.file_size, len(image.file_hash), len(document.file_hash)) == (8, 40, 40)
    assert image.file_hash != document.file_hash


def test_a_poster_that_cannot_be_stored_takes_its_film_back(editor: Client, cloudinary: Cloudinary) -> None:
    cloudinary.fault, cloudinary.fault_in = "refuse", "/image/upload"
    poster = SimpleUploadedFile("poster.jpg", photograph().read())

    response = editor.post(ADDING["media"], form("media", thumbnail=poster))

    assert response.context["form"].errors == {"thumbnail": [SENTENCE]}
    assert rows() == [False, False, False]
    assert not len(cloudinary.shelf)


def test_nothing_is_uploaded_for_a_form_with_another_mistake(editor: Client, cloudinary: Cloudinary) -> None:
    for kind in KINDS:
        editor.post(ADDING[kind], form(kind, title=""))

    assert cloudinary.requests == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_uploaded_is_taken_back_when_the_row_is_not_saved(
    editor: Client, cloudinary: Cloudinary, kind: str
) -> None:
    item = make(kind)

    def fail(**_: Any) -> None:
        raise DatabaseError

    pre_save.connect(fail, sender=type(item))
    try:
        with pytest.raises(DatabaseError):
            editor.post(edit_address(kind, item.pk), form(kind))
    finally:
        pre_save.disconnect(fail, sender=type(item))

    assert len(cloudinary.shelf) == 1
    assert item.file.storage.exists(item.file.name)


def test_a_file_on_this_machine_is_replaced_as_ever(editor: Client) -> None:
    image = make_image(file=ContentFile(png(), "picture.png"))

    response = editor.post(f"/admin/images/{image.pk}/", form("images"))

    assert response.status_code == 302
    assert not image.file.storage.exists(image.file.name)
