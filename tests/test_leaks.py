"""The leak matrix: every surface, asked by everyone who may not read; no answer holds a secret, however encoded.

A family of surfaces a test. What is refused by the policy goes red without it. Where the policy has no say, because
only public fields are shown to anyone, the lock is the choice of those fields ("fields" in tests/locks.py).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from django.utils.text import slugify

from access.models import Email, EmailVerificationToken
from courses.models import CoursePage
from learning.models import LessonProgress
from tests import secret_site
from tests.secret_site import PUBLIC, SECRET, SHOWN, SHOWN_NOWHERE, SecretSite, leaks, url

Asked = Iterable[tuple[Client, str, str, dict[str, str]]]
ODD_METHODS = ["HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "FOO", "get"]
ODD_HEADERS: list[dict[str, str]] = [
    {"Range": "bytes=0-2000"},
    {"If-None-Match": "*"},
    {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    {"If-Range": '"x"', "Range": "bytes=-40"},
    {"User-Agent": "Googlebot/2.1", "X-Preview": "1", "X-Original-URL": "/admin/"},
    {"X-HTTP-Method-Override": "PUT", "X-Forwarded-For": "127.0.0.1", "Authorization": "Bearer x"},
]


def leaking(asked: Asked) -> list[str]:
    """Which of these requests were answered with a secret."""
    found = []
    for client, method, path, headers in asked:
        if held := leaks(client.generic(method, path, headers=headers)):
            found.append(f"{method} {path} {headers}: {sorted(held)}")
    return found


def plainly(asked: Iterable[tuple[Client, str]]) -> Asked:
    return ((client, "GET", path, {}) for client, path in asked)


def oddly(client: Client, path: str) -> Iterator[tuple[Client, str, str, dict[str, str]]]:
    yield from ((client, method, path, {}) for method in ODD_METHODS)
    yield from ((client, "GET", path, headers) for headers in ODD_HEADERS)


# The nose and the table


@pytest.mark.parametrize("before", ["", "1", "12", "Ein "])
@pytest.mark.parametrize("form", secret_site.FORMS)
def test_a_secret_is_found_however_it_is_spelt(form: str, before: str) -> None:
    spelt = secret_site.forms(f"{before}{SECRET} and more").get(form, secret_site.FORMS[form])

    assert secret_site.found_in(spelt)


@pytest.mark.parametrize("content", [PUBLIC, "Geheim", '"ölfund', "R2VoZWlt"])
def test_what_is_no_secret_is_not_found(content: str) -> None:
    assert not secret_site.found_in(content.encode())


def test_readers_are_shown_every_secret_that_is_for_readers(site_of_secrets: SecretSite) -> None:
    """The table's other half: who may read is answered with what the other tests look for, field by field."""
    unread = []
    for client, lesson, who, kind in site_of_secrets.allowed():
        text = client.get(url(lesson)).text
        unread += [
            f"{who}, {kind}: {field}"
            for field in SHOWN
            if f"{SECRET} {field}" not in text and escape(f"{SECRET} {field}") not in text
        ]
        unread += [f"{who}: {path}" for path in site_of_secrets.files(kind).values() if not leaks(client.get(path))]

    assert unread == []


def test_some_fields_are_shown_to_nobody(site_of_secrets: SecretSite) -> None:
    text = site_of_secrets.visitors["bought it"].get(url(site_of_secrets.lessons["paid"])).text

    assert [field for field in SHOWN_NOWHERE if f"{SECRET} {field}" in text] == []


# Pages and fragments


def spellings(path: str) -> list[str]:
    return [
        path.rstrip("/"),
        f"{path}?t=90&preview=1&is_preview=1&as_of=2100-01-01",
        path.replace("/courses/", "/%63ourses/"),
        path.replace("/courses/", "/courses/../courses/"),
        path.replace("/courses/", "/courses/%2e%2e/courses/"),
        f"{path[:-1]}%2F",
        f"{path}%00/",
        f"{path};x/",
        path.replace("/", "//"),
        path.upper(),
    ]


@pytest.mark.refusal("policy")
def test_pages_tell_nothing(site_of_secrets: SecretSite) -> None:
    everyone = [(client, url(lesson)) for client, lesson, _, _ in site_of_secrets.refused()]
    anonymous = site_of_secrets.visitors["anonymous"]
    doors = [url(site_of_secrets.lessons[kind]) for kind in ("email", "paid alias", "translation", "of a draft")]

    assert len(everyone) > 100
    assert leaking(plainly(everyone)) == []
    assert leaking(plainly((anonymous, each) for path in doors for each in spellings(path))) == []
    assert leaking(each for path in doors for each in oddly(anonymous, path)) == []


@pytest.mark.refusal("policy")
def test_fragments_tell_nothing(site_of_secrets: SecretSite) -> None:
    """The lesson requested by htmx, and htmx's own endpoint: the status of a waiting tab, from another browser."""
    ways = [
        {"HX-Request": "true"},
        {"HX-Request": "true", "HX-Boosted": "true"},
        {"HX-Request": "true", "HX-History-Restore-Request": "true"},
        {"HX-Request": "true", "HX-Target": "main", "HX-Current-URL": "http://testserver/courses/"},
        {"HX-History-Restore-Request": "true"},
    ]
    anonymous = site_of_secrets.visitors["anonymous"]
    asked = [
        (client, "GET", url(lesson), ways[number % len(ways)])
        for number, (client, lesson, _, _) in enumerate(site_of_secrets.refused())
    ]
    asked += [(anonymous, "GET", url(site_of_secrets.lessons["paid"]), way) for way in ways]
    asked += [(anonymous, "GET", path, {"HX-Request": "true"}) for path in waiting_rooms(site_of_secrets)]

    assert leaking(asked) == []


def waiting_rooms(site: SecretSite) -> list[str]:
    """Of another browser, which waits for the mail that opens a lesson."""
    email, now = Email.objects.get(address="verified@example.org"), timezone.now()
    token = EmailVerificationToken.objects.create(
        email=email,
        sent_to=email.address,
        asker_digest="a" * 64,
        page=site.lessons["email"],
        asked_at=now,
        send_after=now,
    )
    return [f"/access/waiting/{token.pk}/", f"/access/waiting/{token.pk}/status/"]


# What lists lessons


@pytest.mark.refusal("fields")
def test_search_home_and_catalogue_tell_nothing(site_of_secrets: SecretSite) -> None:
    """The policy has no say here: a secret is not searched for anybody, so looking for one finds no course."""
    for course in CoursePage.objects.all():
        course.write_search_text()
    anonymous = site_of_secrets.visitors["anonymous"]
    searched = anonymous.get("/courses/", {"q": SECRET})
    swapped = anonymous.get("/courses/", {"q": SECRET}, headers={"HX-Request": "true"})

    assert "Course " not in searched.text + swapped.text
    assert "Course paid" in anonymous.get("/courses/", {"q": "paid"}).text
    paths = ["/courses/?q=course", "/courses/?status=coming_soon", "/courses/?access=purchase"]
    assert leaking(plainly((anonymous, path) for path in paths)) == []
    for client in site_of_secrets.visitors.values():
        assert leaking(plainly((client, path) for path in ("/", "/courses/"))) == []


@pytest.mark.refusal("fields")
def test_course_pages_tell_nothing(site_of_secrets: SecretSite) -> None:
    """The policy has no say here: everybody is shown the syllabus, and it is made of public fields."""
    paths = [course.get_url() for course in CoursePage.objects.filter(locale__language_code="en")]
    anonymous = site_of_secrets.visitors["anonymous"]

    assert leaking(plainly((anonymous, path) for path in paths)) == []
    assert PUBLIC in anonymous.get("/courses/paid/").text


@pytest.mark.refusal("policy")
def test_progress_is_taken_of_no_lesson_that_may_not_be_read(site_of_secrets: SecretSite) -> None:
    """And what is answered to a player, or to a lesson's form, tells nothing of the lesson."""
    batch = {"played": [[0, 9]], "position": 9, "duration": 10}
    codes = set()
    for client, lesson, _, _ in site_of_secrets.refused():
        answer = client.post(f"/learning/progress/{lesson.pk}/", batch, content_type="application/json")
        form = client.post(f"/learning/lesson/{lesson.pk}/", {"which": "next"})
        codes.add(answer.status_code)
        assert not leaks(answer)
        assert not leaks(form)

    assert codes == {401, 403, 404}
    assert not LessonProgress.objects.exists()


@pytest.mark.refusal("fields")
def test_my_learning_tells_nothing(site_of_secrets: SecretSite) -> None:
    """The policy has no say here: who once watched a lesson is shown its public fields, whether they may read it now
    or not, and of a draft nothing."""
    now = timezone.now()
    for name in ("verified", "had it taken back", "bought it"):
        email = Email.objects.get(address=f"{slugify(name)}@example.org")
        for lesson in site_of_secrets.lessons.values():
            LessonProgress.objects.get_or_create(
                email=email, lesson_key=lesson.translation_key, defaults={"began_at": now, "seen_at": now}
            )

    asked = [(client, "/learning/") for client in site_of_secrets.visitors.values()]

    assert leaking(plainly(asked)) == []
    text = site_of_secrets.visitors["had it taken back"].get("/learning/").text
    assert "Course paid" in text
    assert "draft" not in text


@pytest.mark.refusal("fields")
def test_the_sitemap_tells_nothing(site_of_secrets: SecretSite) -> None:
    """The policy has no say here: it is the same for everybody, and names live lessons by their slugs."""
    anonymous = site_of_secrets.visitors["anonymous"]

    parts = [urlsplit(url).path for url in re.findall("<loc>(.*?)</loc>", anonymous.get("/sitemap.xml").text)]
    listed = "".join(anonymous.get(part).text for part in parts)

    assert leaking(plainly((anonymous, path) for path in ("/sitemap.xml", *parts, "/robots.txt"))) == []
    assert "/courses/paid/paid/" in listed
    assert "draft" not in listed


@pytest.mark.refusal("policy")
def test_there_are_no_feeds_and_no_exports(site_of_secrets: SecretSite) -> None:
    """No such address, and the lesson's own address gives out nothing in another format."""
    anonymous, path = site_of_secrets.visitors["anonymous"], url(site_of_secrets.lessons["paid"])
    page = site_of_secrets.lessons["paid"].pk
    missing = ["/feed/", "/rss.xml", "/atom.xml", "/feed.json", "/courses/feed/", f"{path}feed/", f"{path}print/"]
    missing += ["/llms.txt", "/.well-known/security.txt", "/manifest.json", "/export/", "/graphql/", "/oembed/"]
    missing += ["/api/", f"/api/v2/pages/{page}/", "/api/v2/pages/?type=courses.LessonPage&fields=*", "/api/v3/pages/"]
    formats = [{"Accept": each} for each in ("application/json", "application/rss+xml", "text/calendar")]

    assert {anonymous.get(each).status_code for each in missing} == {404}
    assert leaking((anonymous, "GET", path, headers) for headers in formats) == []
    assert leaking(plainly((anonymous, f"{path}?format={each}") for each in ("json", "rss", "print"))) == []


@pytest.mark.refusal("fields")
def test_what_machines_read_of_a_page_tells_nothing(site_of_secrets: SecretSite) -> None:
    """Title, description, OpenGraph and JSON-LD of the gate, and of what leads to it, are made of public fields."""
    anonymous = site_of_secrets.visitors["anonymous"]
    paths = [url(site_of_secrets.lessons[kind]) for kind in ("email", "paid", "soon", "alias", "translation")]

    heads = [head_of(anonymous.get(path)) for path in [*paths, "/courses/email/", "/courses/", "/"]]

    assert [head for head in heads if secret_site.found_in(head.encode())] == []
    assert all(PUBLIC in head and "og:description" in head for head in heads[: len(paths)])


def head_of(response: Any) -> str:
    """Everything for machines: the head, and what a script may hold anywhere."""
    head, body = response.text.split("</head>")
    return "".join([head, *re.findall(r"<script.*?</script>|<template.*?</template>|data-[\w-]+=\S+", body, re.DOTALL)])
