"""Whatever the secrets are, a visitor without access gets the same bytes: every address, method and header, twice.

The site is crawled, every secret field is given another value of another length, and the site is crawled again.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import batched
from typing import Any

import pytest
from django.test import Client
from django.urls import is_valid_path, resolve
from django.utils.text import slugify
from wagtail.models import Page, Site

from access.models import Email, EmailVerificationToken
from courses.models import CourseIndexPage, CoursePage
from tests.secret_site import MAY_READ, SecretSite, again
from tests.test_doors import DOORS

METHODS = ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "PROPFIND", "FOO", "get"]
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
    {"Accept-Encoding": "gzip"},
    {"User-Agent": "Googlebot/2.1"},
    {"X-Preview": "1", "X-Original-URL": "/admin/"},
    {"Cookie": "learner=x; sessionid=x; asker=x"},
    {"Host": "other.test"},
]
VARYING = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
FIRST, SECOND = "Secretword one", 'Another "sécret", longer'
NOT_CRAWLED = {
    "dev/mail/": "in dev settings only; shows what this machine's own mail folder holds",
    "dev/mail/<slug:name>/": "the same",
    "dev/mail/<slug:name>/html/": "the same",
    "purchases/gift/<str:signed>/": "needs a link that we signed; says of a gift no more than its email did",
    "purchases/gift/<str:signed>/<uuid:token_id>/": "the same",
}
OWN = {"/access/", "/access/sign-out/", "/access/data/", "/readyz"}
AROUND = [
    "/courses/?q=lesson",
    "/courses/?q=secretword",
    "/courses/?access=purchase",
    "/courses/?status=coming_soon",
    "/courses/?page=2",
    "/sitemap.xml",
    "/robots.txt",
    "/healthz",
    "/readyz",
    "/access/",
    "/access/ask/",
    "/access/confirm/",
    "/access/confirm/x/",
    *(  # without a link; its holder is meant to see its draft (review/tests/test_links.py)
        f"/review/{'0' * 32}.x/{rest}"
        for rest in (
            "",
            "page/1/",
            "say/",
            "mailbox/",
            "mailbox/00000000-0000-4000-8000-000000000000/",
            "files/1/picture/1/960/",
            "files/1/video/1/",
            "files/1/captions/en.vtt",
            "files/1/chapters.vtt",
            "files/1/documents/1/x.pdf",
        )
    ),
    "/learning/",
    "/learning/history/",
    "/notify/leave/x/",
    "/purchases/move/",
    "/purchases/webhook/stripe/",
    *(f"/purchases/checkout/00000000-0000-4000-8000-000000000000/{rest}" for rest in ("", "status/", "invoice/")),
    "/access/data/",
    "/access/sign-out/",
    "/media/images/x.webp",
    "/_util/login/",
    "/_util/authenticate_with_password/1/1/",
    "/missing/",
    "/",
    "/courses/",
]


@pytest.fixture
def crawled(site_of_secrets: SecretSite) -> SecretSite:
    """With a second site, which is rooted at a gated course."""
    course = site_of_secrets.lessons["paid"].get_parent()
    Site.objects.create(hostname="other.test", port=80, root_page=course)
    return site_of_secrets


def path_of(page: Page) -> str:
    """On the default site, though another may be nearer."""
    return str(page.url_path.removeprefix("/home"))


def addresses(site: SecretSite, kinds: list[str]) -> list[tuple[str, bool]]:
    """Every URL, and whether it leads to a secret."""
    found = [(path, False) for path in AROUND]
    token = EmailVerificationToken.objects.get()
    found += [(f"/access/waiting/{token.pk}/", False), (f"/access/waiting/{token.pk}/status/", False)]
    for catalogue in CourseIndexPage.objects.all():
        found += [(f"/sitemap-{catalogue.pk}-{number}.xml", False) for number in range(2)]
    for kind in kinds:
        lesson, media = again(site.lessons[kind]), site.media[kind]
        path, files = path_of(lesson), site.files(kind)
        is_odd = kind == "paid alias"
        found += [
            (path, is_odd or kind in {"paid", "draft"}),
            (path.rstrip("/"), False),
            (f"{path}?t=90", False),
            (f"/{lesson.slug}/", False),
            (f"/learning/lesson/{lesson.pk}/", False),
            (f"/learning/progress/{lesson.pk}/", False),
        ]
        found += [(files[name], is_odd) for name in ("picture", "video", "captions", "chapters")]
        # Under the name it has in either world, and under one it never had.
        names = [slugify(f"{word} document_title", allow_unicode=True) for word in (FIRST, SECOND)]
        found += [(f"/documents/{media.document.pk}/{name}.pdf", False) for name in [*names, "x"]]
    for course in CoursePage.objects.filter(locale__language_code="en"):
        found += [
            (path_of(course), False),
            (f"/notify/{course.pk}/", False),
            (f"/purchases/buy/{course.pk}/", False),
        ]
    return list(dict.fromkeys(found))


def crawl(client: Client, paths: Iterable[tuple[int, tuple[str, bool]]]) -> Iterator[tuple[tuple[str, str, str], Any]]:
    """How each is answered, one after the other: method, address and headers, with status, headers and content."""
    every_way = [("GET", each) for each in HEADERS] + [(method, {}) for method in METHODS]
    for number, (path, is_door) in paths:
        # Each costs as much as a page: one that leads to a secret is asked in every way, the others take turns.
        for method, headers in every_way if is_door else [("GET", {}), every_way[1 + number % 23]]:
            response = client.generic(method, path, headers=headers)
            kept = sorted((name, value) for name, value in response.headers.items() if name not in {"Date", "Expires"})
            content = VARYING.sub(b"", response.getvalue())
            yield (method, path, str(headers)), (response.status_code, kept, content)


def difference(site: SecretSite, who: str, kinds: list[str], paths: list[tuple[str, bool]]) -> Any:
    """The first thing that a visitor is answered differently in a world where these lessons hold other secrets.

    A hundred addresses at a time: with the lock off, the first lessons tell, and the others need not be asked.
    """
    asked = 0
    for some in batched(enumerate(paths), 100):
        site.plant(FIRST, *kinds)
        first = dict(crawl(site.visitors[who], some))
        site.plant(SECOND, *kinds)
        for key, answer in crawl(site.visitors[who], some):
            if first.pop(key) != answer:
                return key
            asked += 1
        assert not first
    assert asked > 200
    return None


@pytest.fixture
def token(crawled: SecretSite, now: datetime) -> EmailVerificationToken:
    """A mail that was asked for from a gated lesson, in a browser that is none of the crawlers'."""
    email = Email.objects.get(address="verified@example.org")
    page = crawled.lessons["paid"]
    return EmailVerificationToken.objects.create(
        email=email, sent_to=email.address, asker_digest="a" * 64, page=page, asked_at=now, send_after=now
    )


@pytest.mark.refusal("policy")
def test_the_anonymous_get_the_same_bytes_whatever_is_secret(
    crawled: SecretSite, token: EmailVerificationToken
) -> None:
    kinds = list(crawled.lessons)

    assert difference(crawled, "anonymous", kinds, addresses(crawled, kinds)) is None


@pytest.mark.refusal("policy")
def test_an_address_tells_nothing_of_what_is_bought(crawled: SecretSite, token: EmailVerificationToken) -> None:
    """As a verified learner, whose account page names the browser, and who would be signed out by its button."""
    refused = [kind for kind in crawled.lessons if kind not in MAY_READ["verified"]]
    paths = [(path, False) for path, _ in addresses(crawled, refused) if path not in OWN]

    assert difference(crawled, "verified", refused, paths) is None


def test_the_crawl_comes_to_every_door(crawled: SecretSite, token: EmailVerificationToken) -> None:
    """An address declared in tests/test_doors.py is crawled, or it is said here why not."""
    paths = [path.split("?")[0] for path, _ in addresses(crawled, list(crawled.lessons))]
    visited = {resolve(path).route for path in paths if is_valid_path(path)}  # one without its slash is redirected

    assert set(DOORS) - visited == set(NOT_CRAWLED)
