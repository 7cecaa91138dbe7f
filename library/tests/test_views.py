"""Delivery of files: each is as restricted as the page that shows it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from access.policy import Level
from courses.models import CoursePage, LessonPage
from courses.models.stage import Availability
from courses.tests.content import download, picture
from library.models import CustomDocument, CustomImage, Video
from library.tests.factories import FILM, make_document, make_image, make_video

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]
Show = Callable[..., list[str]]


def body(response: Any) -> bytes:
    """The answer's bytes; its file is closed when they are read."""
    content: bytes = response.getvalue()
    return content


def status(client: Client, address: str, **headers: str) -> int:
    response = client.get(address, headers=headers)
    body(response)
    return int(response.status_code)


@pytest.fixture
def show(
    make_course: MakeCourse, make_lesson: MakeLesson, image: CustomImage, document: CustomDocument, video: Video
) -> Show:
    """The URLs of an image, a video and a document that one lesson of such a course shows."""

    def make(level: Level, *, availability: Availability = Availability.PUBLISHED, **lesson: Any) -> list[str]:
        course = make_course(access=level, availability=availability)
        page = make_lesson(course, video=video, body=[picture(image), download(document)], **lesson)
        return [f"/files/{page.pk}/picture/{image.pk}/480/", f"/files/{page.pk}/video/{video.pk}/", document.url]

    return make


@pytest.mark.refusal("policy")
@pytest.mark.parametrize("level", [Level.EMAIL, Level.PURCHASE])
@pytest.mark.parametrize("method", ["get", "head"])
def test_media_of_a_gated_lesson_are_refused(client: Client, show: Show, level: Level, method: str) -> None:
    answers = [getattr(client, method)(address) for address in show(level)]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


@pytest.mark.refusal("policy")
def test_media_of_a_paid_lesson_are_refused_to_who_did_not_buy(verified_learner: Client, show: Show) -> None:
    assert [status(verified_learner, address) for address in show(Level.PURCHASE)] == [403, 403, 403]


@pytest.mark.refusal("policy")
def test_media_of_a_coming_soon_lesson_are_refused(client: Client, show: Show) -> None:
    addresses = show(Level.ANYONE, availability=Availability.COMING_SOON)

    assert [status(client, address) for address in addresses] == [403, 403, 403]


@pytest.mark.refusal("policy")
def test_refused_media_tell_nothing_of_themselves(client: Client, show: Show) -> None:
    answers = [client.get(address) for address in show(Level.EMAIL)]

    assert {answer.getvalue() for answer in answers} == {b"Not open to you."}
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}
    assert not any(answer.has_header("ETag") or answer.has_header("Last-Modified") for answer in answers)


@pytest.mark.refusal("policy")
@pytest.mark.parametrize("condition", [{"If-None-Match": "*"}, {"If-Modified-Since": "Fri, 31 Dec 9999 23:59:59 GMT"}])
def test_condition_is_never_answered_before_the_gate(client: Client, show: Show, condition: dict[str, str]) -> None:
    assert [status(client, address, **condition) for address in show(Level.EMAIL)] == [403, 403, 403]


@pytest.mark.refusal("policy")
def test_etag_seen_by_a_member_opens_nothing(client: Client, verified_learner: Client, show: Show) -> None:
    _, address, _ = show(Level.EMAIL)
    seen = verified_learner.get(address)
    body(seen)

    assert status(client, address, **{"If-None-Match": seen["ETag"]}) == 403


@pytest.mark.refusal("policy")
def test_range_opens_nothing(client: Client, show: Show) -> None:
    _, address, _ = show(Level.EMAIL)

    assert status(client, address, Range="bytes=0-0") == 403


@pytest.mark.refusal("policy")
def test_media_are_gone_with_their_course(client: Client, show: Show) -> None:
    addresses = show(Level.ANYONE)
    CoursePage.objects.get().unpublish()

    assert [status(client, address) for address in addresses] == [404, 404, 404]


@pytest.mark.refusal("policy")
def test_media_of_a_tightened_course_shut_at_once(client: Client, show: Show) -> None:
    addresses = show(Level.ANYONE)
    CoursePage.objects.update(access=Level.EMAIL)

    assert [status(client, address) for address in addresses] == [403, 403, 403]


def test_media_of_a_draft_are_not_here(client: Client, show: Show) -> None:
    addresses = show(Level.ANYONE, live=False)

    assert [status(client, address) for address in addresses] == [404, 404, 404]


def test_media_that_the_page_does_not_show_are_not_here(client: Client, show: Show) -> None:
    address = show(Level.ANYONE)[0]
    page = address.split("/")[2]
    others = [f"/files/{page}/picture/{make_image().pk}/480/", f"/files/{page}/video/{make_video().pk}/"]

    assert [status(client, other) for other in others] == [404, 404]


def test_media_named_with_an_open_page_of_another_kind_are_not_here(
    client: Client, show: Show, catalogue: Any, image: CustomImage
) -> None:
    show(Level.EMAIL)

    assert status(client, f"/files/{catalogue.pk}/picture/{image.pk}/480/") == 404


def test_media_edited_into_a_draft_are_not_here(client: Client, open_lesson: LessonPage, video: Video) -> None:
    open_lesson.video = video
    open_lesson.save_revision()

    assert status(client, f"/files/{open_lesson.pk}/video/{video.pk}/") == 404


def test_document_that_no_page_offers_is_not_here(client: Client, document: CustomDocument) -> None:
    assert status(client, document.url) == 404


def test_document_under_a_wrong_name_is_not_here(client: Client, show: Show, document: CustomDocument) -> None:
    show(Level.ANYONE)

    assert status(client, f"/documents/{document.pk}/another.pdf") == 404


@pytest.mark.parametrize(
    "address",
    [
        "/files/1/picture/999999/480/",
        "/files/{0}/picture/{0}/480/",
        "/files/1/picture/1/481/",
        "/files/{0}/video/{0}/",
        "/files/1/video/999999/",
        "/documents/{0}/x.pdf",
        "/documents/999999/x.pdf",
    ],
)
def test_number_that_nothing_has_is_not_here(client: Client, db: None, address: str) -> None:
    assert status(client, address.format("9" * 30)) == 404


def test_width_that_was_not_made_is_not_here(client: Client, show: Show) -> None:
    address = show(Level.ANYONE)[0]

    assert status(client, address.replace("/480/", "/481/")) == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_media_are_only_read(client: Client, show: Show, method: str) -> None:
    assert [getattr(client, method)(address).status_code for address in show(Level.ANYONE)] == [405, 405, 405]


# Opens


def test_media_of_an_open_lesson_open(client: Client, show: Show) -> None:
    assert [status(client, address) for address in show(Level.ANYONE)] == [200, 200, 200]


def test_media_of_a_free_preview_open(client: Client, show: Show) -> None:
    assert [status(client, address) for address in show(Level.PURCHASE, is_free_preview=True)] == [200, 200, 200]


def test_media_of_an_email_lesson_open_to_a_verified_learner(verified_learner: Client, show: Show) -> None:
    assert [status(verified_learner, address) for address in show(Level.EMAIL)] == [200, 200, 200]


def test_media_of_a_draft_show_to_staff(editor: Client, show: Show) -> None:
    assert [status(editor, address) for address in show(Level.ANYONE, live=False)] == [200, 200, 200]


def test_media_of_a_page_not_yet_saved_show_to_staff(editor: Client, image: CustomImage, video: Video) -> None:
    assert [status(editor, f"/files/0/picture/{image.pk}/480/"), status(editor, video.url)] == [200, 200]


def test_staff_of_nothing_is_anonymous(client: Client, show: Show, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user("nobody"))

    assert [status(client, address) for address in show(Level.EMAIL)] == [403, 403, 403]


@pytest.mark.refusal("policy")
def test_the_admin_without_the_library_opens_nothing(client: Client, show: Show, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("desk")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    assert [status(client, address) for address in show(Level.EMAIL)] == [403, 403, 403]


def test_document_opens_if_one_of_its_pages_does(
    client: Client, show: Show, open_lesson: LessonPage, document: CustomDocument
) -> None:
    show(Level.PURCHASE)
    open_lesson.body = [download(document)]
    open_lesson.save_revision().publish()

    assert status(client, document.url) == 200


def test_media_shown_by_an_alias_open_with_it(client: Client, open_lesson: LessonPage, video: Video) -> None:
    open_lesson.video = video
    open_lesson.save_revision().publish()
    alias = open_lesson.create_alias(update_slug="alias")

    assert status(client, f"/files/{alias.pk}/video/{video.pk}/") == 200


@pytest.mark.parametrize(
    ("level", "cache"),
    [(Level.ANYONE, "public, max-age=0, must-revalidate"), (Level.EMAIL, "private, no-store")],
)
def test_what_is_gated_is_kept_by_nobody(verified_learner: Client, show: Show, level: Level, cache: str) -> None:
    answer = verified_learner.get(show(level)[1])
    body(answer)

    assert answer["Cache-Control"] == cache


def test_document_is_a_download_and_never_opened_in_place(client: Client, show: Show) -> None:
    answer = client.get(show(Level.ANYONE)[2])
    body(answer)

    assert answer["Content-Disposition"] == 'attachment; filename="a-paper.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_picture_is_sent_as_webp(client: Client, show: Show) -> None:
    answer = client.get(show(Level.ANYONE)[0])

    assert answer["Content-Type"] == "image/webp"
    assert body(answer)[8:12] == b"WEBP"


# Ranges


@pytest.fixture
def video_url(show: Show) -> str:
    return show(Level.ANYONE)[1]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=0-0", 0, 0),
        ("bytes=1023-", 1023, 1023),
        ("bytes=-1", 1023, 1023),
        ("bytes=1000-99999", 1000, 1023),
    ],
)
def test_part_of_a_video_is_sent(client: Client, video_url: str, asked: str, first: int, last: int) -> None:
    answer = client.get(video_url, headers={"Range": asked})

    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/1024"
    assert answer["Content-Length"] == str(last - first + 1)
    assert body(answer) == FILM[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=2000-3000"])
def test_part_past_the_end_cannot_be_had(client: Client, video_url: str, asked: str) -> None:
    answer = client.get(video_url, headers={"Range": asked})
    body(answer)

    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */1024")


@pytest.mark.parametrize(
    "asked", ["", "bytes", "bytes=", "bytes=a-b", "bytes=0-1,5-6", "lines=0-1", "bytes=" + "9" * 5000]
)
def test_range_that_makes_no_sense_is_ignored(client: Client, video_url: str, asked: str) -> None:
    assert body(client.get(video_url, headers={"Range": asked})) == FILM


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=0-0"}, {"Range": "bytes=0-99"}])
def test_head_has_no_body(client: Client, video_url: str, asked: dict[str, str]) -> None:
    assert body(client.head(video_url, headers=asked)) == b""


def test_video_says_that_it_can_be_had_in_parts(client: Client, video_url: str) -> None:
    answer = client.head(video_url)
    body(answer)

    assert (answer["Accept-Ranges"], answer["Content-Length"]) == ("bytes", "1024")


def test_known_etag_of_an_open_video_saves_sending_it(client: Client, video_url: str) -> None:
    seen = client.head(video_url)
    body(seen)

    assert status(client, video_url, **{"If-None-Match": seen["ETag"]}) == 304


@pytest.mark.parametrize("header", ["If-Modified-Since", "If-None-Match", "If-Range"])
def test_condition_that_makes_no_sense_breaks_nothing(client: Client, video_url: str, header: str) -> None:
    assert status(client, video_url, **{header: "\xff nonsense"}) == 200


def test_file_that_was_lost_is_not_here(client: Client, video_url: str, video: Video) -> None:
    Path(video.file.path).unlink()

    assert status(client, video_url) == 404


# Public files


@pytest.mark.parametrize(
    "path",
    [
        "../private/{}",
        "..%2fprivate%2f{}",
        "%2e%2e/private/{}",
        "x/../../private/{}",
        "/{}",
        "{}",
        "%00",
        "..",
        ".",
        "images/",
        "a" * 5000,
        "\\..\\private\\{}",
    ],
)
def test_private_file_is_not_reached_through_the_public_folder(client: Client, video: Video, path: str) -> None:
    assert status(client, f"/media/{path.format(video.file.name)}") in {400, 404}


def test_originals_lie_outside_the_public_folder(
    image: CustomImage, document: CustomDocument, video: Video, settings: Any
) -> None:
    paths = [media.file.path for media in (image, document, video)]

    assert not any(path.startswith(str(settings.MEDIA_ROOT)) for path in paths)


def test_public_file_may_be_kept_for_ever(client: Client, make_course: MakeCourse, image: CustomImage) -> None:
    make_course(thumbnail=image)
    rendition = image.renditions.first()
    assert rendition is not None

    answer = client.get(rendition.url)
    body(answer)

    assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


def test_document_offered_by_nobody_shows_to_staff(editor: Client) -> None:
    assert status(editor, make_document().url) == 200


# Behind nginx


def test_nginx_sends_a_private_file_once_it_is_decided(
    verified_learner: Client, show: Show, document: CustomDocument, settings: Any
) -> None:
    settings.X_ACCEL_PREFIX = "/private-files/"
    _, video_url, document_url = show(Level.EMAIL)

    answers = [verified_learner.get(address) for address in (video_url, document_url)]

    assert [answer["X-Accel-Redirect"] for answer in answers] == [
        f"/private-files/{Video.objects.get().file.name}",
        f"/private-files/{document.file.name}",
    ]
    assert [answer.content for answer in answers] == [b"", b""]
    assert [answer["Cache-Control"] for answer in answers] == ["private, no-store"] * 2
    assert answers[1]["Content-Disposition"].startswith("attachment; filename=")


@pytest.mark.refusal("policy")
def test_nginx_is_told_nothing_before(client: Client, show: Show, settings: Any) -> None:
    settings.X_ACCEL_PREFIX = "/private-files/"

    answers = [client.get(address, headers={"If-None-Match": "*"}) for address in show(Level.EMAIL)]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not any("X-Accel-Redirect" in answer for answer in answers)


@pytest.mark.django_db
def test_what_was_uploaded_and_not_saved_is_not_public(client: Client, settings: Any) -> None:
    """Wagtail keeps it under the name that somebody gave it, which can be guessed."""
    folder = Path(settings.MEDIA_ROOT) / "wagtail_uploads"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secret.pdf").write_bytes(b"secret")
    (folder.parent / "open.txt").write_bytes(b"open")

    names = [f"{way}wagtail_uploads/secret.pdf" for way in ("", "./", "x/../")]
    answers = [status(client, f"/media/{name}") for name in [*names, "open.txt"]]

    assert answers == [404, 404, 404, 200]
