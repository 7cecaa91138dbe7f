"""Whatever the secrets are, a visitor without access gets the same bytes: every surface, method and header, twice.

The site is crawled, every secret field is given another value of another length, and the site is crawled again.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from access.models import Email
from access.policy import Level
from courses.models import CoursePage, LessonCaption, LessonPage
from courses.models.stage import Availability
from library.models import CustomDocument, CustomImage, Video
from library.tests import factories

METHODS = ["HEAD", "OPTIONS", "POST", "PROPFIND"]
HEADERS: list[dict[str, str]] = [
    {},
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Boosted": "true"},
    {"HX-Request": "true", "HX-History-Restore-Request": "true"},
    {"Range": "bytes=0-9"},
    {"Range": "bytes=-1"},
    {"If-None-Match": "*"},
    {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    {"Accept": "application/json"},
    {"Accept-Language": "fr"},
    {"User-Agent": "Googlebot/2.1"},
    {"X-Preview": "1", "X-Original-URL": "/admin/"},
    {"Host": "other.test"},
]
VARYING = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def lessons(make_course: Callable[..., CoursePage], make_lesson: Callable[..., LessonPage]) -> list[LessonPage]:
    """A lesson behind each kind of door, with every kind of secret; and an alias of one under an open course."""
    image, video, document = factories.make_image(), factories.make_video(), factories.make_document()
    body = [
        ("rich_text", "<p>x</p>"),
        ("image", {"image": image, "caption": "x"}),
        ("document", {"document": document, "label": "x"}),
        ("code", {"language": "python", "code": "x", "caption": "x"}),
    ]
    made = []
    kinds: dict[str, dict[str, Any]] = {
        "asks-email": {"access": Level.EMAIL},
        "asks-purchase": {"access": Level.PURCHASE},
        "is-coming": {"access": Level.ANYONE, "availability": Availability.COMING_SOON},
        "is-a-draft": {"access": Level.ANYONE, "live": False},
    }
    for slug, fields in kinds.items():
        lesson = make_lesson(make_course(slug=slug, title=slug, **fields), slug="lesson", title="A lesson", body=body)
        lesson.video = video
        lesson.captions.set([LessonCaption(language="en", label="English", vtt="WEBVTT")])
        lesson.save_revision().publish()
        made.append(lesson)
    alias_home = make_course(slug="an-open-course", title="Open", access=Level.ANYONE)
    made[0].create_alias(parent=alias_home, update_slug="alias")
    return made


def change_secrets(lessons: list[LessonPage], word: str) -> None:
    """Give every secret field another value; what the page consists of stays."""
    for lesson in lessons:
        blocks = json.loads(json.dumps(lesson.body.get_prep_value()))
        blocks[0]["value"] = f"<p>{word}</p>"
        blocks[1]["value"]["caption"] = blocks[2]["value"]["label"] = word
        blocks[3]["value"]["code"] = blocks[3]["value"]["caption"] = word
        lesson.body = json.dumps(blocks)
        lesson.search_description = lesson.seo_title = word
        lesson.captions.set([LessonCaption(language="en", label=word[:20], vtt=f"WEBVTT\n\n{word}")])
        lesson.save_revision().publish()
    Video.objects.update(transcript=word, title=word)
    for medium in (*Video.objects.all(), *CustomDocument.objects.all()):
        Path(medium.file.path).write_bytes(word.encode() * 10)
    CustomDocument.objects.update(file_size=len(word))
    CustomImage.objects.update(description=word)


def addresses(lessons: list[LessonPage]) -> Iterator[str]:
    yield from ["/", "/courses/", "/courses/?q=lesson", "/sitemap.xml", "/robots.txt", "/courses/an-open-course/"]
    yield from ["/courses/?q=secretword", "/courses/an-open-course/alias/", "/access/"]
    image, video, document = CustomImage.objects.get(), Video.objects.get(), CustomDocument.objects.get()
    for lesson in lessons:
        parent = f"/courses/{lesson.get_parent().slug}/"
        yield from [parent, f"{parent}lesson/", f"{parent}lesson", f"{parent}lesson/?t=90"]
        yield from [f"/files/{lesson.pk}/picture/{image.pk}/960/", f"/files/{lesson.pk}/video/{video.pk}/"]
        yield f"/lessons/{lesson.pk}/captions/en.vtt"
    yield from [f"/documents/{document.pk}/{document.filename}", f"/documents/{document.pk}/x.pdf"]


def crawl(
    client: Client, lessons: list[LessonPage], *, leave_out: str = "$^"
) -> dict[tuple[str, str, str], tuple[int, Any, bytes]]:
    answers = {}
    for url in addresses(lessons):
        if re.match(leave_out, url):
            continue
        # What surrounds the secrets is asked for plainly; the doors to them in every way.
        is_door = re.search(r"/lesson/$|/alias/$|/video/|/documents/", url)
        ways = [("GET", each) for each in HEADERS] + [(method, {}) for method in METHODS] if is_door else [("GET", {})]
        for method, headers in ways:
            response = client.generic(method, url, headers=headers)
            content = VARYING.sub(b"", b"".join(response) if response.streaming else response.content)
            kept = sorted((name, value) for name, value in response.headers.items() if name not in {"Date", "Expires"})
            answers[method, url, str(headers)] = (response.status_code, kept, content)
    return answers


@pytest.mark.refusal("policy")
def test_the_anonymous_get_the_same_bytes_whatever_is_secret(lessons: list[LessonPage]) -> None:
    change_secrets(lessons, "secretword one")
    first = crawl(Client(), lessons)

    change_secrets(lessons, "quite another secret, and a longer one")

    assert differences(first, crawl(Client(), lessons)) == []


@pytest.mark.refusal("policy")
def test_an_address_tells_nothing_of_what_is_bought(
    lessons: list[LessonPage], learner_email: Email, sign_in: Callable[[Email], Client]
) -> None:
    bought = lessons[1:]
    change_secrets(bought, "secretword one")
    first = crawl_as(sign_in(learner_email), bought)

    change_secrets(bought, "quite another secret, and a longer one")

    assert differences(first, crawl_as(sign_in(learner_email), bought)) == []


def crawl_as(client: Client, lessons: list[LessonPage]) -> dict[Any, Any]:
    """As a verified learner, whose own page names the browser; the document is also offered where they may read."""
    return crawl(client, lessons, leave_out=r"/(access|documents)/|.*/alias/")


def differences(first: dict[Any, Any], second: dict[Any, Any]) -> list[Any]:
    assert len(first) > 100
    return [key for key, answer in first.items() if second[key] != answer]
