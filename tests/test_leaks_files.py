"""The leak matrix for what is not a page: documents, images, videos and captions, redirects and error pages."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.test import Client

from tests.secret_site import MARK, SecretSite, leaks, url

WAYS: list[tuple[str, dict[str, str]]] = [
    ("HEAD", {}),
    ("OPTIONS", {}),
    ("POST", {}),
    ("PROPFIND", {}),
    ("GET", {"Range": "bytes=0-2000"}),
    ("GET", {"Range": "bytes=-20"}),
    ("GET", {"If-None-Match": "*"}),
    ("GET", {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}),
    ("GET", {"If-Range": '"x"', "Range": "bytes=0-"}),
    ("GET", {"HX-Request": "true"}),
    ("GET", {"Sec-Fetch-Dest": "video", "Referer": "http://testserver/courses/"}),
]
SHUT = {403, 404, 405}


def wrong(client: Client, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> list[str]:
    """What is wrong with the answer: a secret in it, or that it is not a refusal."""
    response = client.generic(method, path, headers=headers or {})
    held = leaks(response)
    is_shut = response.status_code in SHUT or method == "OPTIONS"
    return [] if is_shut and not held else [f"{method} {path} {headers}: {response.status_code} {sorted(held)}"]


def all_wrong(site: SecretSite, what: str) -> Iterator[str]:
    """This file of each lesson, for each who may not read it; and in odd ways for the anonymous."""
    for client, _, who, kind in site.refused():
        # A document opens with any page that offers it, and so with the lesson that an alias mirrors.
        yield from (f"{who}: {each}" for each in wrong(client, site.files(kind)[what]))
    for kind in ("email", "paid alias", "translation"):
        for method, headers in WAYS:
            yield from wrong(site.visitors["anonymous"], site.files(kind)[what], method, headers)


@pytest.mark.refusal("policy")
def test_documents_are_shut(site_of_secrets: SecretSite) -> None:
    assert list(all_wrong(site_of_secrets, "document")) == []


@pytest.mark.refusal("policy")
def test_pictures_are_shut(site_of_secrets: SecretSite) -> None:
    assert list(all_wrong(site_of_secrets, "picture")) == []


@pytest.mark.refusal("policy")
def test_videos_are_shut(site_of_secrets: SecretSite) -> None:
    assert list(all_wrong(site_of_secrets, "video")) == []


@pytest.mark.refusal("policy")
def test_captions_are_shut(site_of_secrets: SecretSite) -> None:
    assert list(all_wrong(site_of_secrets, "captions")) == []
    assert list(all_wrong(site_of_secrets, "captions as text")) == []


@pytest.mark.refusal("policy")
def test_chapters_are_shut(site_of_secrets: SecretSite) -> None:
    assert list(all_wrong(site_of_secrets, "chapters")) == []


@pytest.mark.refusal("policy")
def test_a_refused_file_is_like_one_that_the_lesson_does_not_show(site_of_secrets: SecretSite) -> None:
    """Else one could ask which files a locked lesson shows, and in which languages its captions are."""
    anonymous, page = site_of_secrets.visitors["anonymous"], site_of_secrets.lessons["paid"].pk
    files = site_of_secrets.files("paid")
    for real, unreal in [
        (files["picture"], f"/files/{page}/picture/999999/480/"),
        (files["video"], f"/files/{page}/video/999999/"),
        (files["captions"], f"/lessons/{page}/captions/xx.vtt"),
        (files["document"], files["document"].rsplit("/", 1)[0] + "/another-name.pdf"),
    ]:
        first, second = anonymous.get(real), anonymous.get(unreal)

        assert (first.status_code, first.content, first.headers) == (second.status_code, second.content, second.headers)


def test_no_original_has_an_address(site_of_secrets: SecretSite) -> None:
    """No policy is asked here, as there is no view: the same names below the public folder find nothing."""
    anonymous, media = site_of_secrets.visitors["anonymous"], site_of_secrets.media["paid"]
    names = [media.image.file.name, media.document.file.name, media.video.file.name]
    paths = [f"/{place}/{name}" for place in ("media", "media/../private", "private", "static") for name in names]
    paths += [f"/images/x/{media.image.pk}/original/", f"/documents/{media.document.pk}/", "/media/", "/private/"]

    assert all(MARK in Path(each.file.path).read_bytes() for each in (media.image, media.document, media.video))
    assert [each for path in paths for each in wrong(anonymous, path)] == []


# Redirects


@pytest.mark.refusal("policy")
def test_redirects_tell_nothing(site_of_secrets: SecretSite) -> None:
    """Where they send is the path that was asked for, with its slash; and what is found there is the gate."""
    for client, lesson, _, _ in site_of_secrets.refused("anonymous", "verified"):
        answer = client.get(url(lesson).rstrip("/"), follow=True)

        assert answer.redirect_chain == [(url(lesson), 301)]
        assert not leaks(answer)


@pytest.mark.refusal("policy")
def test_the_old_address_of_a_renamed_lesson_does_not_name_the_new_one(site_of_secrets: SecretSite) -> None:
    lesson, anonymous = site_of_secrets.lessons["email"], site_of_secrets.visitors["anonymous"]
    old = url(lesson)
    lesson.slug = "quite-another-slug"
    lesson.save()

    answer = anonymous.get(old)

    assert (answer.status_code, "quite-another-slug" in answer.text) == (404, False)
    assert not leaks(answer)
    assert not leaks(anonymous.get(old.replace("/email/email/", "/email/quite-another-slug/")))


# Errors


@pytest.mark.refusal("policy")
def test_error_pages_tell_nothing(site_of_secrets: SecretSite, settings: Any) -> None:
    """Each kind of error, forced on a gated lesson; the last two with the database failing half-way to the gate."""
    settings.LIMITS_PER_NETWORK = [(2, 600)]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    lesson, anonymous = site_of_secrets.lessons["email"], Client(raise_request_exception=False)
    form = {"email": "no address", "page": lesson.pk}
    answers = {
        400: anonymous.post("/access/ask/", {**form, "email": "x" * 2000}),
        403: Client(enforce_csrf_checks=True).post("/access/ask/", form),
        404: anonymous.get(f"{url(lesson)}missing/"),
        405: anonymous.post(url(lesson)),
        422: anonymous.post("/access/ask/", form),
        429: [anonymous.post("/access/ask/", {**form, "email": f"{n}@example.org"}) for n in range(3)][-1],
    }
    for status, error in {500: ProgrammingError, 503: OperationalError}.items():
        with connection.execute_wrapper(partial(fail_at_the_syllabus, error)):
            answers[status] = anonymous.get(url(lesson))

    assert {asked: answer.status_code for asked, answer in answers.items()} == {asked: asked for asked in answers}
    assert "The email lesson" in answers[422].text  # the gate itself, with the form's mistake
    assert {answer["Cache-Control"] for answer in answers.values()} <= {"private, no-store", NEVER}
    assert {asked: leaks(answer) for asked, answer in answers.items() if leaks(answer)} == {}


NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"


def fail_at_the_syllabus(error: type[Exception], execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if "minutes" in sql and "body" not in sql:
        raise error("The database went away.")
    return execute(sql, params, many, context)
