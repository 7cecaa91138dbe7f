"""Uploading, as editors' browsers post it."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from library.models import CustomDocument, CustomImage, Video
from library.tests.factories import FILM, photograph, png


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add_video(client: Client, *, kind: str = "video", **fields: Any) -> Any:
    form = {"title": "A video", "file": upload("video.mp4", FILM), "duration": "3", "transcript": "Said.", "tags": ""}
    return client.post(f"/admin/media/{kind}/add/", form | fields)


@pytest.mark.parametrize("group", ["Editors", "Moderators"])
def test_staff_add_a_video(make_staff: Any, group: str) -> None:
    response = add_video(make_staff(group), thumbnail=upload("poster.png", png()))

    video = Video.objects.get()

    assert response.status_code == 302
    assert (video.type, video.transcript, bool(video.thumbnail)) == ("video", "Said.", True)


def test_editor_edits_a_video(editor: Client) -> None:
    add_video(editor)
    video = Video.objects.get()
    form = {"title": "Another title", "duration": "0", "transcript": "", "tags": ""}

    response = editor.post(f"/admin/media/edit/{video.pk}/", form)

    assert response.status_code == 302
    assert Video.objects.get().title == "Another title"


@pytest.mark.parametrize(
    "fields",
    [
        {"file": upload("page.html", b"<script>")},
        {"file": upload("video", FILM)},
        {"file": upload("video.mp4", b"<script>alert(1)</script>")},
        {"file": upload("video.webm", FILM)},
        {"thumbnail": upload("poster.png", b"<svg/>")},
        {"file": ""},
        {"thumbnail": upload("poster.svg", b"<svg/>")},
        {"duration": "-1"},
        {"duration": "nan"},
        {"title": ""},
        {"title": "a\0b"},
    ],
)
@pytest.mark.parametrize("kind", ["video", "audio"])
def test_mistake_in_a_video_is_answered_with_a_sentence(editor: Client, fields: dict[str, Any], kind: str) -> None:
    response = add_video(editor, kind=kind, **fields)

    assert response.status_code == 200
    assert not Video.objects.exists()


def test_what_is_added_as_audio_is_a_video(editor: Client) -> None:
    add_video(editor, kind="audio")

    assert Video.objects.get().type == "video"


@pytest.mark.parametrize("address", ["/admin/media/", "/admin/media/edit/{}/", "/admin/media/chooser/"])
def test_editor_sees_the_videos(editor: Client, video: Video, address: str) -> None:
    assert editor.get(address.format(video.pk)).status_code == 200


def test_admin_links_a_video_to_its_door(editor: Client, video: Video) -> None:
    shown = editor.get(f"/admin/media/edit/{video.pk}/").content.decode()

    assert f'href="/files/0/video/{video.pk}/"' in shown


def test_editor_adds_an_image(editor: Client) -> None:
    response = editor.post("/admin/images/add/", {"title": "A hill", "file": upload("hill.png", png()), "tags": ""})

    assert response.status_code == 302
    assert CustomImage.objects.get().width == 64


@pytest.mark.parametrize(
    "file", [upload("hill.svg", b"<svg/>"), upload("hill.png", b"not a picture"), upload("hill.png", b"")]
)
def test_mistake_in_an_image_is_answered_with_a_sentence(editor: Client, file: SimpleUploadedFile) -> None:
    response = editor.post("/admin/images/add/", {"title": "A hill", "file": file, "tags": ""})

    assert response.status_code == 200
    assert not CustomImage.objects.exists()


def test_editor_sees_thumbnails(editor: Client, image: CustomImage) -> None:
    editor.get("/admin/images/")

    thumbnail = image.renditions.get()

    assert editor.get(thumbnail.url).getvalue()


@pytest.mark.parametrize(
    "address", ["/admin/images/{}/", "/admin/images/{}/preview/original/", "/admin/images/chooser/"]
)
def test_editor_sees_an_image(editor: Client, image: CustomImage, address: str) -> None:
    response = editor.get(address.format(image.pk))

    assert response.status_code == 200
    assert response.getvalue()


def test_replaced_image_forgets_its_sizes(editor: Client, image: CustomImage) -> None:
    image.get_rendition("width-32")
    form = {"title": "A hill", "file": upload("other.png", png(80, 45)), "tags": ""}

    editor.post(f"/admin/images/{image.pk}/", form)

    assert CustomImage.objects.get().width == 80
    assert not image.renditions.filter(filter_spec="width-32").exists()


def test_editor_adds_a_document(editor: Client) -> None:
    form = {"title": "A paper", "file": upload("paper.pdf", b"%PDF-1.4"), "tags": ""}

    response = editor.post("/admin/documents/add/", form)

    assert response.status_code == 302
    assert CustomDocument.objects.get().file_size == 8


@pytest.mark.parametrize("name", ["paper.html", "paper.exe", "paper", "paper.pdf.exe"])
def test_mistake_in_a_document_is_answered_with_a_sentence(editor: Client, name: str) -> None:
    response = editor.post("/admin/documents/add/", {"title": "x", "file": upload(name, b"x"), "tags": ""})

    assert response.status_code == 200
    assert not CustomDocument.objects.exists()


@pytest.mark.parametrize("address", ["/admin/documents/", "/admin/documents/edit/{}/", "/admin/documents/chooser/"])
def test_editor_sees_the_documents(editor: Client, document: CustomDocument, address: str) -> None:
    assert editor.get(address.format(document.pk)).status_code == 200


def test_document_uploaded_without_a_title_gets_one(admin_client: Client) -> None:
    file = SimpleUploadedFile("paper.pdf", b"%PDF-1.4")
    sent = admin_client.post("/admin/documents/multiple/add/", {"title": "x" * 256, "files[]": file}).json()
    waiting = sent["uploaded_file_id"]
    address = f"/admin/documents/multiple/create_from_uploaded_document/{waiting}/"

    assert admin_client.post(address).json()["success"] is False
    assert admin_client.post(address, {f"uploaded-document-{waiting}-title": "Short"}).json()["success"] is True
    assert CustomDocument.objects.get().title == "Short"


def test_admin_links_a_document_to_its_door(editor: Client, document: CustomDocument) -> None:
    assert document.url in editor.get(f"/admin/documents/edit/{document.pk}/").content.decode()


@pytest.mark.parametrize("address", ["/admin/images/", "/admin/documents/", "/admin/media/"])
def test_library_is_shut_to_the_anonymous(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 302


def test_editor_chooses_a_video_that_a_live_page_shows_and_may_not_change_it(
    editor: Client, email_lesson: Any, video: Video
) -> None:
    email_lesson.video = video
    email_lesson.save()

    assert editor.get(f"/admin/media/chooser/{video.pk}/").status_code == 200
    assert editor.get(f"/admin/media/edit/{video.pk}/").status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "is_taken"),
    [
        ("paper.pdf", b"%PDF-1.7 and so on", True),
        ("paper.pdf", b"<html><script>", False),
        ("table.xlsx", b"PK\x03\x04 and so on", True),
        ("table.xlsx", b"MZ and so on", False),
        ("notes.txt", "Grüße".encode(), True),
        ("notes.txt", "Grüße".encode("utf-16"), True),
        ("notes.txt", b"\x7fELF\0\0", False),
    ],
)
def test_document_is_what_its_ending_says(editor: Client, name: str, content: bytes, is_taken: bool) -> None:
    form = {"title": "A paper", "file": upload(name, content), "tags": ""}

    response = editor.post("/admin/documents/add/", form)

    assert CustomDocument.objects.exists() is is_taken
    assert ("match its extension" in response.content.decode()) is not is_taken


def test_document_and_film_have_a_largest_size(editor: Client, settings: Any) -> None:
    settings.VIDEO_MAX_BYTES = settings.DOCUMENT_MAX_BYTES = 1023

    answers = [
        add_video(editor),
        editor.post("/admin/documents/add/", {"title": "A", "file": upload("a.txt", b"a" * 1024), "tags": ""}),
    ]

    assert ["1.0\xa0KB; the limit is 1023\xa0bytes" in answer.content.decode() for answer in answers] == [True, True]
    assert not Video.objects.exists()
    assert not CustomDocument.objects.exists()


def test_poster_tells_nothing_of_its_camera(editor: Client) -> None:
    add_video(editor, thumbnail=upload("poster.jpg", photograph().read()))

    with Video.objects.get().thumbnail as poster:
        content = poster.read()
    assert content[8:12] == b"WEBP"
    assert b"canary" not in content


def test_a_script_is_told_where_to_go_and_what_is_said_there_waits(editor: Client) -> None:
    form = {"title": "A video", "file": upload("video.mp4", FILM), "duration": "3", "transcript": "", "tags": ""}

    response = editor.post("/admin/media/video/add/", form, headers={"X-Upload": "shown"})

    assert (response.status_code, response["X-Location"]) == (204, "/admin/media/")
    assert "Location" not in response
    assert "Media file &#x27;A video&#x27; added." in editor.get("/admin/media/").content.decode()


@pytest.mark.parametrize(
    ("address", "most_bytes", "sentence"),
    [
        ("/admin/media/video/add/", 2 * 1024**3, "This file is {size}; the limit is 2.0\xa0GB."),
        ("/admin/documents/add/", 100 * 1024**2, "This file is {size}; the limit is 100.0\xa0MB."),
        ("/admin/images/add/", 20 * 1024**2, "This file is too big ({size}). Maximum filesize 20.0\xa0MB."),
    ],
)
def test_a_form_knows_how_much_is_taken(editor: Client, address: str, most_bytes: int, sentence: str) -> None:
    field = editor.get(address).context["form"].fields["file"]

    said = json.loads(field.widget.attrs["data-upload"])

    assert (said["mostBytes"], said["tooLarge"]) == (most_bytes, sentence)
