"""What the library keeps, and under which names."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library import storage
from library.models import CustomDocument, CustomImage, CustomRendition, Video
from library.tests.factories import FILM, make_document, make_image, make_video


def test_names_on_disk_say_nothing(image: CustomImage, document: CustomDocument, video: Video, settings: Any) -> None:
    names = [image.file.name, document.file.name, video.file.name, image.get_rendition("width-32").file.name]

    assert all(re.fullmatch(r"[a-z_]+/[0-9a-f]{32}\.[a-z0-9]{2,4}", name) for name in names)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(deadline=None)
def test_name_on_disk_stays_in_its_folder(filename: str) -> None:
    name = storage.random_name("videos", filename)

    assert re.fullmatch(r"videos/[0-9a-f]{32}(\.[a-z0-9]+)?", name)


@pytest.mark.parametrize(
    ("title", "filename"),
    [
        ("A paper", "a-paper.pdf"),
        ("paper.pdf", "paper.pdf"),
        ("A/B: what?", "ab-what.pdf"),
        ('a";x=.bat', "axbat.pdf"),
        ("../../etc/passwd", "etcpasswd.pdf"),
        ("Übung 1", "übung-1.pdf"),
        ("名前", "名前.pdf"),
        ("\u202efdp.exe", "fdpexe.pdf"),
        ("...", "document.pdf"),
        ("x" * 255, "x" * 255 + ".pdf"),
    ],
)
def test_document_is_named_for_its_title(db: None, title: str, filename: str) -> None:
    assert make_document(title=title).filename == filename


@given(title=st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_document_of_any_title_has_an_address(db: None, title: str) -> None:
    document = CustomDocument(pk=1, title=title, file="documents/0.pdf")

    assert document.url.startswith("/documents/1/")


def test_document_knows_its_size_from_the_start(db: None) -> None:
    assert CustomDocument.objects.get(pk=make_document().pk).file_size == 8


def test_video_is_a_video_whatever_was_asked_for(db: None) -> None:
    video = Video(title="x", type="audio", file=ContentFile(FILM, "x.mp4"))
    video.clean()

    assert video.type == "video"


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.mp4.exe", "x"])
def test_video_of_another_kind_is_refused(db: None, name: str) -> None:
    video = Video(title="x", type="audio", file=ContentFile(FILM, name))

    with pytest.raises(ValidationError):
        video.clean()


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.js", "x"])
def test_poster_that_is_no_picture_is_refused(db: None, name: str) -> None:
    video = Video(title="x", file=ContentFile(FILM, "x.mp4"), thumbnail=ContentFile(b"<script>", name))

    with pytest.raises(ValidationError):
        video.clean()


@pytest.mark.parametrize(
    ("name", "mime"), [("x.MP4", "video/mp4"), ("x.webm", "video/webm"), ("x.html", "application/octet-stream")]
)
def test_video_is_sent_as_a_video_or_as_nothing_a_browser_opens(db: None, name: str, mime: str) -> None:
    assert make_video(file=ContentFile(FILM, name)).mime == mime


def test_private_file_is_for_its_owner_alone(video: Video, settings: Any) -> None:
    assert Path(video.file.path).stat().st_mode & 0o077 == 0


def test_deleted_rendition_is_not_remembered(db: None) -> None:
    image = make_image()
    image.get_rendition("width-32")
    CustomRendition.objects.all().delete()

    CustomImage.objects.get(pk=image.pk).get_rendition("width-32")

    assert image.renditions.count() == 1
