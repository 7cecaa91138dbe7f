"""Every URL of the site, declared with who may open it: one nobody declared fails, and each public one is tried."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import Page

from conftest import CANARY
from courses.models import CoursePage
from tests.test_slots import SLOT

# What visitors without a login may ask for, and what decides about it.
DOORS = {
    "access/": "the learner's own page; shows an address only to its own session",
    "access/ask/": "POST only; tells addresses apart by nothing",
    "access/waiting/<uuid:token_id>/": "tells the address only to the browser that asked",
    "access/waiting/<uuid:token_id>/status/": "tells only the browser that asked, and goes on only if it confirmed",
    "access/confirm/": "says to open the link again",
    "access/confirm/<str:secret>/": "GET is the same for every secret, POST spends",
    "access/sign-out/": "POST only",
    "access/data/": "POST only; the data of the session's own address",
    "notify/<int:page_id>/": "a course everybody may know of; how an address stands with it, to its session only",
    "notify/leave/<str:signed>/": "GET is the same for every link; POST deletes one wish, by a signed link",
    "purchases/buy/<int:page_id>/": "a course everybody may know of; whether it is bought, to its session only",
    "purchases/checkout/<uuid:intent_id>/": "the order of the session's own address",
    "purchases/checkout/<uuid:intent_id>/status/": "the order of the session's own address",
    "purchases/checkout/<uuid:intent_id>/invoice/": "the order of the session's own address",
    "purchases/move/": "what the session's own address has bought",
    "purchases/gift/<str:signed>/": "by a signed link; GET is inert, POST mails the address that was given the course",
    "purchases/gift/<str:signed>/<uuid:token_id>/": "takes the code from the browser that asked",
    "purchases/webhook/stripe/": "POST only; signed by the payment provider",
    "learning/": "what the session's own address has watched, done and been given",
    "learning/history/": "POST only; the history of the session's own address",
    "learning/lesson/<int:page_id>/": "POST only; policy of the lesson, for the session's own address",
    "learning/progress/<int:page_id>/": "POST only; policy of the lesson, for the session's own address",
    "files/<int:page_id>/picture/<int:image_id>/<int:width>/": "policy of the page that shows it",
    "files/<int:page_id>/video/<int:video_id>/": "policy of the page that shows it",
    "lessons/<int:page_id>/captions/<str:language>.vtt": "policy of the lesson",
    "lessons/<int:page_id>/chapters.vtt": "policy of the lesson",
    "review/<str:signed>/": "an open review link shows its page, to whoever holds it",
    "review/<str:signed>/page/<int:page_id>/": "the same, in its frame",
    "review/<str:signed>/say/": "POST only; by the mailbox the link was made for",
    "review/<str:signed>/mailbox/": "POST mails that mailbox, and no other",
    "review/<str:signed>/mailbox/<uuid:token_id>/": "takes the code from the browser that asked",
    "review/<str:signed>/files/<int:page_id>/picture/<int:image_id>/<int:width>/": "what the link's draft shows",
    "review/<str:signed>/files/<int:page_id>/video/<int:video_id>/": "what the link's draft shows",
    "review/<str:signed>/files/<int:page_id>/captions/<str:language>.vtt": "what the link's draft shows",
    "review/<str:signed>/files/<int:page_id>/chapters.vtt": "what the link's draft shows",
    "review/<str:signed>/files/<int:page_id>/documents/<int:document_id>/<str:filename>": "what the link's draft shows",
    "documents/<int:document_id>/<str:filename>": "policy of any live page that offers it",
    "media/<path:path>": "public files, under names nobody can guess",
    "sitemap.xml": "the parts of the sitemap",
    "sitemap-<int:catalogue_id>-<int:number>.xml": "addresses of what everyone may know of",
    "robots.txt": "the same to everyone",
    "healthz": "says nothing but ok",
    "readyz": "says nothing but ok, or not ready",
    "dev/mail/": "dev settings only",
    "dev/mail/<slug:name>/": "dev settings only",
    "dev/mail/<slug:name>/html/": "dev settings only",
    "^((?:[\\w\\-]+/)*)$": "Wagtail's pages, behind the gate",
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": "Wagtail's own",
    "_util/login/": "Wagtail's own login form",
}
# Below /admin/ Wagtail decides, and only these may be asked for without a login.
ADMIN_OPEN = {"admin/login/", "admin/logout/"}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path
        else:
            yield from patterns(entry, path)


def everything() -> list[str]:
    return list(patterns(get_resolver()))


def test_every_address_is_declared() -> None:
    public = {path for path in everything() if not path.startswith("admin/")}

    assert public - set(DOORS) == set()


def test_nothing_declared_is_gone() -> None:
    assert set(DOORS) - set(everything()) == set()


def test_the_apis_are_not_mounted() -> None:
    assert not [path for path in everything() if "api/v2" in path or "api/v3" in path]


def test_the_admin_asks_everybody_for_a_login(client: Client, home_page: Page) -> None:
    """Every address without arguments; those with arguments are behind the same decorator."""
    plain = {path for path in everything() if path.startswith("admin/") and not set("<(^$\\") & set(path)}

    opened = {path for path in plain if client.get(f"/{path}").status_code not in {302, 403, 404, 405}}

    assert len(plain) > 50
    assert opened <= ADMIN_OPEN | {
        "admin/password_reset/",
        "admin/password_reset/done/",
        "admin/password_reset/complete/",
        "admin/jsi18n/",
        "admin/sprite/",
    }


@pytest.fixture
def soon_lesson(make_course: Callable[..., Page], make_lesson: Callable[..., Page]) -> Page:
    return make_lesson(make_course(slug="soon", availability="coming_soon"), slug="lesson")


@pytest.fixture
def sold_lesson(paid_lesson: Page, settings: Any) -> Page:
    """Of a course that is for sale."""
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    CoursePage.objects.filter(pk=paid_lesson.get_parent().pk).update(price=4900, currency="EUR")
    return paid_lesson


def public_urls(*lessons: Page) -> list[str]:
    of_lessons = [url for lesson in lessons for url in (lesson.url, lesson.get_parent().url)]
    return [
        "/",
        "/courses/",
        "/courses/?q=lesson",
        f"/courses/?q={CANARY}",
        "/access/",
        "/access/confirm/x/",
        "/learning/",
        "/sitemap.xml",
        "/robots.txt",
        "/missing/",
        *of_lessons,
        *(url.rstrip("/") for url in of_lessons),
        *(f"/notify/{lesson.get_parent().pk}/" for lesson in lessons),
        *(f"/purchases/buy/{lesson.get_parent().pk}/" for lesson in lessons),
        "/notify/leave/x/",
    ]


@pytest.mark.refusal("policy")
def test_no_public_surface_holds_what_is_secret(
    client: Client, email_lesson: Page, paid_lesson: Page, soon_lesson: Page
) -> None:
    for url in public_urls(email_lesson, paid_lesson, soon_lesson):
        content = client.get(url, follow=True).content

        assert CANARY.encode() not in content.replace(f'value="{CANARY}"'.encode(), b"")


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models() if model._meta.managed}


def test_an_anonymous_get_writes_no_row(
    client: Client, open_lesson: Page, email_lesson: Page, soon_lesson: Page, sold_lesson: Page
) -> None:
    before = counts()

    with connection.execute_wrapper(refuse_writes):
        for url in public_urls(open_lesson, email_lesson, soon_lesson, sold_lesson):
            client.get(url)
            client.head(url)

    assert counts() == before


def refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    assert sql.split(maxsplit=1)[0].upper() in {"SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK"}, sql
    return execute(sql, params, many, context)


def cacheable(lessons: Iterable[Page]) -> list[str]:
    return ["/", "/courses/", "/courses/?q=x", "/sitemap.xml", "/robots.txt", *(page.url for page in lessons)]


def test_cacheable_pages_set_no_cookie_and_hold_no_form(
    client: Client, open_lesson: Page, email_lesson: Page, soon_lesson: Page, sold_lesson: Page
) -> None:
    courses = [lesson.get_parent() for lesson in (open_lesson, email_lesson, soon_lesson, sold_lesson)]
    for url in cacheable([open_lesson, *courses]):
        response = client.get(url)

        assert response.status_code == 200
        assert "public" in response["Cache-Control"]
        assert not response.cookies
        # With one, a page may speak of its reader, and is kept by nobody; a file never does.
        assert ("Cookie" in response.get("Vary", "")) is not url.endswith((".xml", ".txt"))
        assert 'method="post"' not in response.text.lower()
        assert "csrfmiddlewaretoken" not in response.text


def test_cacheable_pages_are_the_same_for_everyone(
    client: Client, verified_learner: Client, admin_client: Client, open_lesson: Page, email_lesson: Page
) -> None:
    for url in cacheable([open_lesson, open_lesson.get_parent(), email_lesson.get_parent()]):
        first, *others = [SLOT.sub("", each.get(url).text) for each in (client, verified_learner, admin_client)]
        assert all(each == first for each in others)


def test_pages_about_waiting_are_kept_by_nobody(client: Client, soon_lesson: Page) -> None:
    for path in (f"/notify/{soon_lesson.get_parent().pk}/", "/notify/leave/x/"):
        assert "no-store" in client.get(path)["Cache-Control"]
        assert "private" in client.post(path)["Cache-Control"]
        assert 'name="robots" content="noindex"' in client.get(path).text


@pytest.mark.parametrize(
    "path", ["/", "/missing/", "/access/", "/learning/", "/courses/?access=x", "/healthz", "/notify/{course}/"]
)
def test_every_answer_has_the_strict_policy(client: Client, soon_lesson: Page, path: str) -> None:
    response = client.get(path.format(course=soon_lesson.get_parent().pk))

    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_the_admin_has_a_policy_of_its_own(client: Client, home_page: Page) -> None:
    response = client.get("/admin/login/")

    assert "'unsafe-inline'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("cookie", ['"\\000aaaaaaaaaaaa"', "x", "../../etc", "a" * 5000, "%00"])
def test_a_session_cookie_we_never_gave_out_is_nothing(client: Client, email_lesson: Page, cookie: str) -> None:
    for path in (email_lesson.url, "/admin/login/", "/documents/1/x"):
        response = client.get(path, headers={"Cookie": f"sessionid={cookie}"})

        assert response.status_code in {200, 302, 404}


def test_a_site_that_is_not_ready_tells_strangers_no_reason(client: Client, db: None, caplog: Any) -> None:
    MigrationRecorder.Migration.objects.filter(app="access").delete()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"not ready\n")
    assert "migrations are missing" in caplog.text


@pytest.mark.parametrize(
    "path", ["purchases/buy/{}/", "notify/{}/", "admin/courses/{}/keep-readers/", "admin/pages/{}/"]
)
def test_number_that_no_row_can_have_is_not_found(admin_client: Client, home_page: Page, path: str) -> None:
    """A page's id is a relation, for which Django does not ask whether the column can hold the number."""
    for number in (2**31, 2**63 - 1, 2**63, 10**30):
        assert admin_client.get(f"/{path.format(number)}").status_code == 404
