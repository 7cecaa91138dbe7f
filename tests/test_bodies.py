"""Large bodies are refused by their length, before anything reads them or writes them to the disk."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from wagtail.models import Page

STRANGER, STAFF = settings.PUBLIC_BODY_BYTES, settings.STAFF_BODY_BYTES
UPLOAD = "/admin/images/multiple/add/"


class Unread:
    """A body that nobody may touch."""

    def read(self, *size: int) -> bytes:
        raise AssertionError("The body was read.")

    readline = read


def post(client: Client, path: str, length: int | str | None, **headers: str) -> Any:
    """Announce a body of that many bytes; None, as in chunks, announces nothing."""
    request: dict[str, Any] = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Unread()}
    if length is not None:
        request["CONTENT_LENGTH"] = str(length)
    return client.generic("POST", path, headers=headers, **request)


@pytest.fixture
def stranger(settings: Any) -> Client:
    """A browser with every cookie of our kinds, all of them made up, so that only the length can refuse."""
    client = Client(enforce_csrf_checks=True)
    for name in (settings.LEARNER_COOKIE, settings.ASKER_COOKIE, settings.SESSION_COOKIE_NAME):
        client.cookies[name] = "x" * 32
    client.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32
    return client


@pytest.mark.parametrize("length", [STRANGER + 1, STAFF, 10**18, None])
@pytest.mark.parametrize(
    "path",
    ["/admin/login/", UPLOAD, "/admin/password_reset/", "/access/ask/", "/purchases/webhook/stripe/", "/_util/login/"],
)
def test_large_body_of_a_stranger_is_refused_unread(db: None, stranger: Client, path: str, length: int | None) -> None:
    response = post(stranger, path, length, **({} if length else {"Transfer-Encoding": "chunked"}))

    assert response.status_code == (413 if length else 411)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Frame-Options"]


def test_large_body_of_a_stranger_costs_no_query_outside_the_admin(
    stranger: Client, django_assert_num_queries: Callable[[int], Any], db: None
) -> None:
    with django_assert_num_queries(0):
        post(stranger, "/access/ask/", STRANGER + 1)


def test_only_a_session_that_is_really_staffs_may_send_more(admin_client: Client, home_page: Page) -> None:
    """And only to the admin, and no more than a video is large."""
    with pytest.raises(AssertionError, match="The body was read"):
        post(admin_client, UPLOAD, STAFF)
    assert post(admin_client, UPLOAD, STAFF + 1).status_code == 413
    assert post(admin_client, "/access/ask/", STRANGER + 1).status_code == 413

    Session.objects.all().delete()

    assert post(admin_client, UPLOAD, STAFF).status_code == 413


def test_account_without_a_right_to_the_admin_is_a_stranger(client: Client, home_page: Page) -> None:
    client.force_login(get_user_model().objects.create_user("visitor"))

    assert post(client, UPLOAD, STRANGER + 1).status_code == 413
    assert client.get("/admin/may-upload/").status_code == 403


def test_the_proxy_is_told_who_may_upload(client: Client, admin_client: Client) -> None:
    assert client.get("/admin/may-upload/").status_code == 403
    assert admin_client.get("/admin/may-upload/").status_code == 204
    assert admin_client.post("/admin/may-upload/").status_code == 405


def test_small_body_is_read(stranger: Client, db: None) -> None:
    with pytest.raises(AssertionError, match="The body was read"):
        post(stranger, "/admin/login/", STRANGER)


def test_nginx_takes_in_as_much_as_the_site() -> None:
    sizes = re.findall(r"client_max_body_size +(\d+)([km]);", (settings.BASE_DIR / "docs/nginx.conf").read_text())

    assert {int(number) * {"k": 1024, "m": 1024**2}[unit] for number, unit in sizes} == {STRANGER, STAFF}
