"""The library on Cloudinary: the same decisions, and what is locked leaves at addresses that end, or through us."""

import io
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from wagtail.models import Page

from conftest import CANARY
from courses.models import CoursePage, LessonPage
from library import renditions
from library.models import CustomDocument, CustomImage, CustomRendition, Video
from library.tests.factories import FILM, make_document, make_image, make_video, png
from stand_ins.cloudinary.server import Cloudinary


@pytest.fixture
def lesson(
    db: None, cloudinary: Cloudinary, make_lesson: Callable[..., LessonPage], request: pytest.FixtureRequest
) -> LessonPage:
    """A lesson with one of each; locked, or open to anyone where a test says so."""
    kind = getattr(request, "param", "email")
    course = request.getfixturevalue(f"{kind}_lesson").get_parent().specific
    image = make_image(title=CANARY, file=ContentFile(png(2000, 1000), "picture.png"))
    document = make_document(title="A paper")
    image.contextual_alt_text, image.decorative = "A picture", False
    body = [("image", {"image": image, "caption": ""}), ("document", {"document": document, "label": "A paper"})]
    return make_lesson(course, slug="with-files", video=make_video(title=CANARY), body=body)


def address(lesson: Page, kind: str) -> str:
    image, document = CustomImage.objects.get(), CustomDocument.objects.get()
    return {
        "picture": f"/files/{lesson.pk}/picture/{image.pk}/960/",
        "video": f"/files/{lesson.pk}/video/{Video.objects.get().pk}/",
        "document": f"/documents/{document.pk}/{document.filename}",
    }[kind]


KINDS = ["picture", "video", "document"]


@pytest.mark.refusal("policy")
@pytest.mark.parametrize("kind", KINDS)
def test_files_of_a_locked_lesson_are_shut(
    client: Client, lesson: LessonPage, cloudinary: Cloudinary, kind: str
) -> None:
    asked = len(cloudinary.requests)

    response = client.get(address(lesson, kind))

    assert response.status_code == 403
    assert cloudinary.origin not in str(response.headers)
    assert len(cloudinary.requests) == asked


def test_a_locked_film_is_lent_at_an_address_that_ends(
    verified_learner: Client, lesson: LessonPage, settings: Any
) -> None:
    settings.MEDIA_SECONDS = 1

    response = verified_learner.get(address(lesson, "video"))
    lent = response["Location"]

    assert (response.status_code, response["Cache-Control"]) == (302, "private, no-store")
    assert requests.get(lent, timeout=5).content == FILM
    assert requests.get(lent, headers={"Range": "bytes=4-7"}, timeout=5).content == FILM[4:8]
    time.sleep(2.1)
    assert requests.get(lent, timeout=5).status_code in {401, 403, 410}


def test_a_lent_address_cannot_be_made_to_last(verified_learner: Client, lesson: LessonPage) -> None:
    lent = verified_learner.get(address(lesson, "video"))["Location"]
    (until,) = [part for part in urlsplit(lent).query.split("&") if part.startswith("expires_at=")]

    longer = lent.replace(until, f"expires_at={int(until.partition('=')[2]) + 3600}")

    assert requests.get(longer, timeout=5).status_code in {401, 403}


def test_a_locked_picture_passes_through_us(verified_learner: Client, lesson: LessonPage) -> None:
    response = verified_learner.get(address(lesson, "picture"))

    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert response["Cache-Control"] == "private, no-store"
    assert response.content[8:12] == b"WEBP"


def test_a_document_keeps_its_name(verified_learner: Client, lesson: LessonPage) -> None:
    response = verified_learner.get(address(lesson, "document"))

    assert b"".join(response.streaming_content) == b"%PDF-1.4"  # type: ignore[attr-defined]
    assert response["Content-Disposition"] == 'attachment; filename="a-paper.pdf"'
    response.close()


@pytest.mark.parametrize("lesson", ["open"], indirect=True)
@pytest.mark.parametrize("kind", ["picture", "video"])
def test_what_is_open_to_anyone_comes_from_there(client: Client, lesson: LessonPage, kind: str) -> None:
    response = client.get(address(lesson, kind))

    assert response.status_code == 302
    assert requests.get(response["Location"], timeout=5).status_code == 200
    assert requests.get(response["Location"].replace("/s--", "/s--x"), timeout=5).status_code in {401, 404}


@pytest.mark.parametrize("lesson", ["open"], indirect=True)
def test_an_open_film_is_offered_as_a_stream(client: Client, lesson: LessonPage) -> None:
    url = address(lesson, "video")
    page = client.get(lesson.url).content.decode()

    stream = client.get(f"{url}?stream")["Location"]

    assert f'src="{url}?stream" type="application/vnd.apple.mpegurl"' in page
    assert "/video/authenticated/s--" in stream
    assert stream.endswith(".m3u8")


@pytest.mark.parametrize("lesson", ["open"], indirect=True)
def test_a_picture_comes_in_every_width_of_its_srcset(client: Client, lesson: LessonPage) -> None:
    page = client.get(lesson.url).content.decode()
    (srcset,) = re.findall(r'srcset="([^"]+)"', page)
    widths = {}
    for candidate in srcset.split(", "):
        url, _, width = candidate.partition(" ")
        answer = requests.get(client.get(url)["Location"], timeout=5)
        widths[width] = Image.open(io.BytesIO(answer.content)).width

    assert widths == {"480w": 480, "960w": 960, "1600w": 1600}


@pytest.mark.refusal("policy")
def test_no_stream_of_a_locked_video(verified_learner: Client, lesson: LessonPage) -> None:
    page = verified_learner.get(lesson.url).content.decode()

    assert "?stream" not in page
    assert Client().get(address(lesson, "video") + "?stream").status_code == 403
    assert ".m3u8" not in verified_learner.get(address(lesson, "video") + "?stream")["Location"]


@pytest.mark.usefixtures("lesson")
def test_a_card_is_sized_there(client: Client, lesson: LessonPage, cloudinary: Cloudinary) -> None:
    course = lesson.get_parent().specific
    course.thumbnail = make_image(title="A cover")
    course.save_revision().publish()
    asked = len(cloudinary.requests)

    page = client.get("/courses/").content.decode()

    rendition = renditions.find(course.thumbnail, renditions.CARD)
    assert rendition is not None
    assert rendition.url in page
    assert len(cloudinary.requests) == asked
    assert CustomRendition.objects.count() == 0
    assert requests.get(rendition.url, timeout=5).status_code == 200


@pytest.mark.usefixtures("cloudinary")
def test_a_catalogue_of_24_asks_no_more_than_one_of_6(client: Client, make_course: Callable[..., CoursePage]) -> None:
    counts = []
    for number in range(24):
        make_course(slug=f"course-{number}", thumbnail=make_image())
        if number in {5, 23}:
            client.get("/courses/")
            with CaptureQueriesContext(connection) as queries:
                client.get("/courses/")
            counts.append(len(queries))
            asked = [query["sql"] for query in queries if CustomRendition._meta.db_table in query["sql"]]
            assert asked == []

    assert counts[0] == counts[1]


@pytest.mark.usefixtures("cloudinary")
def test_sizes_are_not_looked_for_in_the_database(db: None) -> None:
    images = [make_image(), None]

    with CaptureQueriesContext(connection) as queries:
        renditions.prefetch(images, renditions.CARD)
        found = renditions.missing(filter(None, images), renditions.CARD)

    assert len(queries) == 0
    assert found == []


@pytest.mark.parametrize("fault", ["down", "refuse", "nonsense", "500"])
def test_pages_stand_while_the_provider_is_away(
    verified_learner: Client, lesson: LessonPage, cloudinary: Cloudinary, fault: Any
) -> None:
    cloudinary.fault = fault

    began = time.monotonic()
    page = verified_learner.get(lesson.url)
    verified_learner.raise_request_exception = False
    answers = [verified_learner.get(address(lesson, kind)) for kind in ("picture", "document")]

    assert page.status_code == 200
    assert [answer.status_code for answer in answers] == [503, 503]
    assert all("Go back and try again in a few minutes." in answer.content.decode() for answer in answers)
    assert time.monotonic() - began < cloudinary.slow_seconds


@pytest.mark.usefixtures("lesson")
def test_nothing_that_strangers_fetch_names_a_locked_file(client: Client, lesson: LessonPage) -> None:
    names = [model.objects.get().file.name for model in (CustomImage, CustomDocument, Video)]
    secrets = {name.rpartition("/")[2].partition(".")[0] for name in names} | {CANARY}
    fetched = [client.get(path).content.decode() for path in ("/", "/courses/", lesson.url, "/sitemap.xml")]

    assert [secret for secret in secrets for page in fetched if secret in page] == []


def test_a_poster_is_public_and_tells_nothing_of_its_video(db: None, cloudinary: Cloudinary) -> None:
    video = make_video(thumbnail=ContentFile(png(), "poster.png"))
    name = str(video.file.name).rpartition("/")[2].partition(".")[0]

    assert requests.get(video.thumbnail.url, timeout=5).status_code == 200
    assert name not in video.thumbnail.url
    assert requests.get(video.thumbnail.url.replace("/image/", "/video/"), timeout=5).status_code == 404


def test_deleting_a_file_removes_it_there(
    db: None, cloudinary: Cloudinary, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        video = make_video()
        lent = storages["private"].expiring_url(video.file.name, seconds=60)  # type: ignore[attr-defined]
        assert requests.get(lent, timeout=5).status_code == 200
        video.delete()

    assert requests.get(lent, timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (make_image, "/admin/images/{}/delete/"),
        (make_document, "/admin/documents/delete/{}/"),
        (make_video, "/admin/media/delete/{}/"),
    ],
)
def test_what_is_deleted_while_the_provider_is_away_is_deleted_by_the_clock(
    editor: Client, cloudinary: Cloudinary, make: Any, path: str, django_capture_on_commit_callbacks: Any
) -> None:
    poster = {"thumbnail": ContentFile(png(), "poster.png")} if make is make_video else {}
    item = make(**poster)
    cloudinary.fault = "500"

    with django_capture_on_commit_callbacks(execute=True):
        response = editor.post(path.format(item.pk))
    cloudinary.fault = ""
    stayed = len(cloudinary.shelf)
    call_command("run_due")

    assert response.status_code == 302
    assert not type(item).objects.exists()
    assert (stayed, len(cloudinary.shelf)) == (1 + len(poster), 0)


def test_a_film_is_not_taken_for_lost_while_the_provider_is_away(editor: Client, cloudinary: Cloudinary) -> None:
    video = make_video()
    asked = len(cloudinary.requests)
    cloudinary.fault = "refuse"

    page = editor.get(f"/admin/media/edit/{video.pk}/").content.decode()

    assert "could not be found" not in page
    assert "1.0\xa0KB" in page
    assert len(cloudinary.requests) == asked
