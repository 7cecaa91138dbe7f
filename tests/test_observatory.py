"""The headers of every kind of answer under production's settings, graded as MDN's HTTP Observatory would."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from config.settings import base
from home.models import HomePage
from tests import observatory, production
from tests.observatory import PAGES, Answer

ELSEWHERE = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}


@pytest.fixture
def stranger(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser without a cookie, in front of a site with production's settings."""
    production.apply(settings, monkeypatch)
    return Client(headers={"host": production.HOST}, raise_request_exception=False)


@pytest.fixture
def path_of(stranger: Client, open_lesson: Page, email_lesson: Page) -> Callable[[str], str]:
    paths = {
        "home": "/",
        "open lesson": open_lesson.url,
        "missing page": "/missing/",
        "gate": email_lesson.url,
        "confirm page": "/access/confirm/never-was/",
    }

    def find(name: str) -> str:
        if name == "waiting page":
            return stranger.post("/access/ask/", {"email": "ada@example.org"}, secure=True)["Location"]
        return str(paths[name])

    return find


def ask(stranger: Client, path: str) -> Answer:
    plain, page = stranger.get(path), stranger.get(path, secure=True)
    return Answer(
        url=f"https://{production.HOST}{path}",
        headers=page.headers,
        cookies=tuple(page.cookies.values()),
        html=page.text,
        redirect=plain.get("Location", ""),
        preflight=stranger.options(path, headers=ELSEWHERE, secure=True).headers,
    )


@pytest.mark.parametrize("name", PAGES)
def test_every_kind_of_page_has_the_top_grade(stranger: Client, path_of: Callable[[str], str], name: str) -> None:
    found = observatory.results(ask(stranger, path_of(name)))

    assert found == PAGES[name]
    assert observatory.grade(found) == "A+"


def csp(**changed: list[str] | None) -> dict[str, list[str]]:
    """The public policy with a few directives changed; None takes one away."""
    policy: dict[str, Any] = {**base.SECURE_CSP, **{name.replace("_", "-"): value for name, value in changed.items()}}
    return {name: sources for name, sources in policy.items() if sources is not None}


WEAKER: list[tuple[str, Any, str, str]] = [
    ("SECURE_CSP", {}, "content-security-policy", "csp-not-implemented"),
    ("SECURE_CSP", csp(default_src=["'self'"]), "content-security-policy", "csp-implemented-with-no-unsafe"),
    *(
        ("SECURE_CSP", csp(**{directive: sources}), "content-security-policy", f"csp-implemented-with-{result}")
        for directive, sources, result in [
            ("script_src", ["'self'", "'unsafe-inline'"], "unsafe-inline"),
            ("script_src", ["https:"], "unsafe-inline"),
            ("script_src", ["'self'", "'unsafe-eval'"], "unsafe-eval"),
            ("style_src", ["'self'", "'unsafe-inline'"], "unsafe-inline-in-style-src-only"),
            ("img_src", ["http://pictures.example"], "insecure-scheme-in-passive-content-only"),
            ("connect_src", ["http://counter.example"], "insecure-scheme"),
        ]
    ),
    ("SECURE_CSP", csp(frame_ancestors=None), "x-frame-options", "x-frame-options-sameorigin-or-deny"),
    ("SECURE_HSTS_SECONDS", 0, "strict-transport-security", "hsts-not-implemented"),
    ("SECURE_HSTS_SECONDS", 3600, "strict-transport-security", "hsts-implemented-max-age-less-than-six-months"),
    ("SECURE_SSL_REDIRECT", False, "redirection", "redirection-missing"),
    ("SECURE_SSL_HOST", "elsewhere.example", "redirection", "redirection-off-host-from-http"),
    ("SECURE_REFERRER_POLICY", None, "referrer-policy", "referrer-policy-not-implemented"),
    ("SECURE_REFERRER_POLICY", "unsafe-url", "referrer-policy", "referrer-policy-unsafe"),
    ("SECURE_CONTENT_TYPE_NOSNIFF", False, "x-content-type-options", "x-content-type-options-not-implemented"),
    ("CSRF_COOKIE_SECURE", False, "cookies", "cookies-without-secure-flag-but-protected-by-hsts"),
    ("CSRF_COOKIE_SAMESITE", None, "cookies", "cookies-anticsrf-without-samesite-flag"),
    (
        "MIDDLEWARE",
        [name for name in base.MIDDLEWARE if name != "config.middleware.isolation"],
        "cross-origin-resource-policy",
        "corp-not-implemented",
    ),
]


@pytest.mark.parametrize(("setting", "value", "rule", "result"), WEAKER)
def test_a_weaker_setting_is_seen_and_costs_points(
    stranger: Client, email_lesson: Page, settings: Any, setting: str, value: Any, rule: str, result: str
) -> None:
    setattr(settings, setting, value)

    found = observatory.results(ask(stranger, email_lesson.url))

    assert found[rule] == result
    assert observatory.score(found) < observatory.score(PAGES["gate"])


@pytest.mark.parametrize(
    ("weaker", "rule", "result"),
    [
        (
            {"html": '<script src="https://cdn.example/x.js"></script>'},
            "subresource-integrity",
            "sri-not-implemented-but-external-scripts-loaded-securely",
        ),
        (
            {"html": '<script src="//cdn.example/x.js"></script>'},
            "subresource-integrity",
            "sri-not-implemented-and-external-scripts-not-loaded-securely",
        ),
        (
            {
                "preflight": {
                    "Access-Control-Allow-Origin": ELSEWHERE["Origin"],
                    "Access-Control-Allow-Credentials": "true",
                }
            },
            "cross-origin-resource-sharing",
            "cross-origin-resource-sharing-implemented-with-universal-access",
        ),
    ],
)
def test_a_weaker_answer_is_seen_and_costs_points(
    stranger: Client, home_page: Page, weaker: dict[str, Any], rule: str, result: str
) -> None:
    answer = ask(stranger, "/")

    found = observatory.results(replace(answer, **weaker))

    assert found[rule] == result
    assert observatory.score(found) < observatory.score(observatory.results(answer))


def test_a_site_without_any_of_it_fails() -> None:
    bare = Answer(url="https://x.example/", headers={}, cookies=(), html="", redirect="", preflight={})

    assert observatory.score(observatory.results(bare)) == 10  # 100 - 25 - 20 - 20 - 5 - 20
    assert observatory.grade(observatory.results(bare)) == "D or F"


def fail(*args: object, **kwargs: object) -> None:
    raise RuntimeError


# Answers that are no page: a path, how it is asked for, and the status that comes back.
ODD: dict[str, tuple[str, dict[str, Any], int]] = {
    "over HTTP": ("/", {"secure": False}, 301),
    "without its slash": ("/courses/open/lesson", {}, 301),
    "below the admin": ("/admin/", {}, 302),
    "an unknown host": ("/", {"headers": {"host": "elsewhere.example"}}, 400),
    "an unknown filter": ("/courses/?access=x", {}, 400),
    "htmx at the gate": ("/courses/gated/lesson/", {"headers": {"HX-Request": "true"}}, 403),
    "a missing file": ("/static/missing.js", {}, 404),
    "a wrong method": ("/access/ask/", {}, 405),
    "the health of the process": ("/healthz", {"secure": False}, 200),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_page_has_the_headers_too_and_is_kept_by_nobody(
    stranger: Client, open_lesson: Page, email_lesson: Page, name: str
) -> None:
    path, how, status = ODD[name]

    answer = stranger.get(path, **{"secure": True, **how})

    assert answer.status_code == status
    check_bare_answer(answer)


def test_a_form_too_large_has_the_headers_too(stranger: Client, home_page: Page) -> None:
    answer = stranger.post("/access/ask/", {"email": "x" * 3_000_000}, secure=True)

    assert answer.status_code == 413
    check_bare_answer(answer)


def test_a_failure_of_ours_has_the_headers_too(
    stranger: Client, home_page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HomePage, "serve", fail)

    answer = stranger.get("/", secure=True)

    assert answer.status_code == 500
    check_bare_answer(answer)


def check_bare_answer(answer: Any) -> None:
    assert "no-store" in answer["Cache-Control"]
    assert "unsafe" not in answer["Content-Security-Policy"] or answer.request["PATH_INFO"].startswith("/admin/")
    assert answer["Cross-Origin-Resource-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert not answer.cookies


def test_a_static_file_is_kept_by_everyone_and_open_to_no_other_site(
    stranger: Client, settings: Any, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    (tmp_path / "some.js").write_text("0")

    answer = stranger.get("/static/some.js", headers={"Origin": ELSEWHERE["Origin"]}, secure=True)

    assert b"".join(answer.streaming_content) == b"0"  # type: ignore[attr-defined]
    assert "public" in answer["Cache-Control"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer
    assert not answer.cookies


def test_every_cookie_belongs_to_this_host_alone(
    stranger: Client, path_of: Callable[[str], str], mailoutbox: list[Any], django_user_model: Any
) -> None:
    """By its name: a browser takes a __Host- cookie only from the host itself, over TLS, and for all its paths."""
    waiting = stranger.get(path_of("waiting page"), secure=True)
    stranger.post(confirm_path(mailoutbox), secure=True)
    stranger.force_login(django_user_model.objects.create_superuser("admin", "admin@example.org", "x"))
    stranger.post("/admin/logout/", secure=True)

    jar = stranger.cookies
    assert waiting.status_code == 200
    assert {
        "__Host-asker",
        "__Host-proofs",
        "__Host-csrftoken",
        "__Host-learner",
        "__Host-sessionid",
        "__Host-messages",
    } == set(jar)
    assert all(cookie["secure"] and cookie["samesite"] == "Lax" and cookie["path"] == "/" for cookie in jar.values())
    assert not any(cookie["domain"] for cookie in jar.values())


def confirm_path(mailoutbox: list[Any]) -> str:
    link = next(word for word in mailoutbox[-1].body.split() if "/access/confirm/" in word)
    return "/access/confirm/" + link.partition("/access/confirm/")[2]
