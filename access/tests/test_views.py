"""Asking, waiting, confirming and signing out, as a browser does them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from wagtail.models import Page

from access.models import Email, EmailVerificationToken, LearnerSession
from conftest import CANARY

LINK = re.compile(r"http://localhost:8000(/access/confirm/[\w-]+/)")


def ask(client: Client, email: str = "ada@example.org", page: Any = "") -> Any:
    return client.post("/access/ask/", {"email": email, "page": getattr(page, "pk", page)})


def link(mailoutbox: list[Any]) -> str:
    match = LINK.search(mailoutbox[-1].body)
    assert match is not None
    return match[1]


def test_from_gate_to_lesson(client: Client, email_lesson: Page, mailoutbox: list[Any]) -> None:
    asked = ask(client, page=email_lesson)
    assert asked.status_code == 303
    assert "ada@example.org" in client.get(asked["Location"]).text

    confirmed = client.post(link(mailoutbox))

    assert confirmed.status_code == 303
    assert confirmed["Location"] == email_lesson.url
    assert CANARY in client.get(email_lesson.url).text


def test_in_another_browser_the_address_is_typed(email_lesson: Page, mailoutbox: list[Any]) -> None:
    phone = Client()
    ask(Client(), page=email_lesson)
    assert 'name="email"' in phone.get(link(mailoutbox)).text

    confirmed = phone.post(link(mailoutbox), {"email": "Ada@Example.org"})

    assert confirmed["Location"] == email_lesson.url
    assert CANARY in phone.get(email_lesson.url).text


@pytest.mark.refusal("token")
def test_a_scanner_that_presses_gets_nothing_and_spends_nothing(
    client: Client, email_lesson: Page, mailoutbox: list[Any]
) -> None:
    ask(client, page=email_lesson)
    scanner = Client()

    pressed = scanner.post(link(mailoutbox))

    assert pressed.status_code == 403
    assert not LearnerSession.objects.exists()
    assert client.post(link(mailoutbox)).status_code == 303


def test_opening_the_link_changes_nothing(client: Client, email_lesson: Page, mailoutbox: list[Any]) -> None:
    ask(client, page=email_lesson)
    before = EmailVerificationToken.objects.values().get()

    for browser in (client, Client()):
        for _ in range(10):
            assert browser.get(link(mailoutbox)).status_code == 200
        assert browser.head(link(mailoutbox)).status_code == 200

    assert EmailVerificationToken.objects.values().get() == before
    assert not LearnerSession.objects.exists()


def test_every_link_shows_the_same_page(db: None, client: Client, mailoutbox: list[Any]) -> None:
    ask(Client())
    without_nonce = [
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", client.get(path).text.replace(path, ""))
        for path in (link(mailoutbox), "/access/confirm/never-was/")
    ]

    assert without_nonce[0] == without_nonce[1]


def test_reading_a_link_asks_the_database_nothing(
    client: Client, settings: Any, django_assert_num_queries: Any, home_page: Page
) -> None:
    client.get("/access/confirm/x/")  # fills Wagtail's cache of sites and settings

    with django_assert_num_queries(2):  # the site and its brand, for the header
        client.get("/access/confirm/y/")


@pytest.mark.parametrize("secret", ["x", "x" * 3000, "%00", "%ff%fe", "😀", "..", "a%2fb", "<svg onload=alert(1)>"])
def test_a_link_that_never_was_gets_one_answer(client: Client, home_page: Page, secret: str) -> None:
    opened, pressed = client.get(f"/access/confirm/{secret}/"), client.post(f"/access/confirm/{secret}/")

    assert opened.status_code in {200, 404}
    assert pressed.status_code == 404
    assert b"<svg onload" not in opened.content + pressed.content


def test_pressing_twice_in_the_same_browser_goes_on(client: Client, email_lesson: Page, mailoutbox: list[Any]) -> None:
    ask(client, page=email_lesson)
    client.post(link(mailoutbox))

    again = client.post(link(mailoutbox))

    assert again.status_code == 303
    assert again["Location"] == email_lesson.url
    assert LearnerSession.objects.count() == 1


def test_session_of_another_mail_is_not_taken_for_the_one_it_opened(
    verified_learner: Client, email_lesson: Page, mailoutbox: list[Any]
) -> None:
    """Somebody is signed in, asks for another address, and that one's mail opens another browser."""
    waiting = ask(verified_learner, "new@example.org", page=email_lesson)["Location"]

    tab, status = verified_learner.get(waiting), verified_learner.get(f"{waiting}status/")
    Client().post(link(mailoutbox), {"email": "new@example.org"})
    pressed = verified_learner.post(link(mailoutbox))

    assert (tab.status_code, "new@example.org" in tab.text) == (200, True)
    assert (status.status_code, "HX-Redirect" in status.headers) == (200, False)
    assert (pressed.status_code, verified_learner.get(waiting).status_code) == (410, 200)


@pytest.mark.refusal("token")
def test_a_spent_link_says_so_and_offers_a_way_on(client: Client, email_lesson: Page, mailoutbox: list[Any]) -> None:
    ask(client, page=email_lesson)
    client.post(link(mailoutbox))
    client.cookies.pop("learner")

    again = client.post(link(mailoutbox))

    assert again.status_code == 410
    assert "already been used" in again.text
    assert f'href="{email_lesson.url}"' in again.text


@pytest.mark.refusal("token")
def test_an_expired_link_says_so_and_offers_a_way_on(
    client: Client, email_lesson: Page, mailoutbox: list[Any], now: Any
) -> None:
    ask(client, page=email_lesson)
    EmailVerificationToken.objects.update(expires_at=now)

    pressed = client.post(link(mailoutbox))

    assert pressed.status_code == 410
    assert "expired" in pressed.text
    assert f'href="{email_lesson.url}"' in pressed.text


@pytest.mark.refusal("token")
def test_a_wrong_address_is_told_beside_the_field(client: Client, email_lesson: Page, mailoutbox: list[Any]) -> None:
    ask(Client(), page=email_lesson)

    pressed = client.post(link(mailoutbox), {"email": "eve@example.org"})

    assert pressed.status_code == 403
    assert "a different address" in pressed.text
    assert "ada@example.org" not in pressed.text


@pytest.mark.refusal("address")
@pytest.mark.parametrize("typed", ["a@x.io,b@y.io", "a@x.io\r\nBcc: v@x.io", "a@x.i\u200bo", "ada"])
def test_a_bad_address_gets_a_sentence_and_no_mail(
    client: Client, email_lesson: Page, mailoutbox: list[Any], typed: str
) -> None:
    response = ask(client, typed, email_lesson)

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert "canary" not in response.text
    assert mailoutbox == []


def test_an_endless_address_is_refused(client: Client, email_lesson: Page, mailoutbox: list[Any]) -> None:
    assert ask(client, "x" * 9999, email_lesson).status_code == 422
    assert mailoutbox == []


def test_a_bad_address_is_kept_in_the_field(client: Client, email_lesson: Page) -> None:
    assert 'value="ada@example"' in ask(client, "ada@example", email_lesson).text


@pytest.mark.parametrize("page", ["", "0", "-1", "999999999999999999", "9" * 40, "x", "1e309", "\0", "١"])
def test_a_page_that_is_not_there_is_forgotten(
    client: Client, home_page: Page, mailoutbox: list[Any], page: str
) -> None:
    assert ask(client, page=page).status_code == 303

    assert client.post(link(mailoutbox))["Location"] == "/access/"


def test_a_draft_is_never_named(client: Client, make_course: Any, make_lesson: Any, mailoutbox: list[Any]) -> None:
    draft = make_lesson(make_course(live=False), title="Unannounced")

    ask(client, page=draft)

    assert "Unannounced" not in mailoutbox[0].body
    assert client.post(link(mailoutbox))["Location"] == "/access/"


@pytest.mark.refusal("throttle")
def test_too_many_mails_are_said(client: Client, email_lesson: Page, mailoutbox: list[Any]) -> None:
    for _ in range(2):
        assert ask(Client(), page=email_lesson).status_code == 303
    assert ask(client, page=email_lesson).status_code == 303

    refused = ask(Client(), page=email_lesson)

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 900
    assert len(mailoutbox) == 3
    assert client.post(link(mailoutbox)).status_code == 303  # what was mailed still opens


def test_known_and_unknown_addresses_get_the_same_answer(email_lesson: Page, learner_email: Email) -> None:
    answers = []
    for address in (learner_email.address, "zoe@example.org"):
        client = Client()
        asked = ask(client, address, email_lesson)
        page = client.get(asked["Location"])
        token = str(EmailVerificationToken.objects.latest("asked_at").pk)
        text = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page.text.replace(address, "").replace(token, ""))
        answers.append((asked.status_code, sorted(asked.headers), sorted(asked.cookies), page.status_code, text))

    assert answers[0] == answers[1]


def test_the_waiting_page_tells_the_address_only_to_who_asked(client: Client, email_lesson: Page) -> None:
    asked = ask(Client(), page=email_lesson)

    response = client.get(asked["Location"])

    assert response.status_code == 200
    assert "ada@example.org" not in response.text


def test_signing_out_ends_the_session_for_good(verified_learner: Client, email_lesson: Page, settings: Any) -> None:
    stolen = verified_learner.cookies[settings.LEARNER_COOKIE].value

    response = verified_learner.post("/access/sign-out/")

    assert response.status_code == 303
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    verified_learner.cookies[settings.LEARNER_COOKIE] = stolen
    assert CANARY not in verified_learner.get(email_lesson.url).text


def test_verifying_again_ends_the_browsers_old_session(
    verified_learner: Client, mailoutbox: list[Any], email_lesson: Page
) -> None:
    ask(verified_learner, page=email_lesson)

    verified_learner.post(link(mailoutbox))

    assert LearnerSession.objects.filter(revoked_at=None).count() == 1


def test_a_staff_login_outlives_the_learners(client: Client, admin_user: Any, mailoutbox: list[Any]) -> None:
    client.force_login(admin_user)
    ask(client)
    client.post(link(mailoutbox))
    client.post("/access/sign-out/")

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["/access/ask/", "/access/sign-out/"])
def test_what_acts_is_post_only(client: Client, home_page: Page, path: str) -> None:
    assert client.get(path).status_code == 405


@pytest.mark.parametrize("path", ["/access/ask/", "/access/sign-out/", "/access/confirm/x/"])
def test_a_form_from_elsewhere_is_refused(home_page: Page, path: str) -> None:
    response = Client(enforce_csrf_checks=True).post(path, {"email": "ada@example.org"})

    assert response.status_code == 403
    assert "no-store" in response["Cache-Control"]
    assert not EmailVerificationToken.objects.exists()


@pytest.mark.parametrize("path", ["/access/", "/access/confirm/x/", "/access/ask/"])
def test_form_pages_are_kept_by_nobody(client: Client, home_page: Page, path: str) -> None:
    response = client.post(path, {"email": "x"}) if "ask" in path else client.get(path)

    assert "no-store" in response["Cache-Control"]


def test_the_confirm_page_tells_nobody_its_address(client: Client, home_page: Page) -> None:
    """strict-origin, and not no-referrer: a browser would send the form with "Origin: null", which is refused."""
    response = client.get("/access/confirm/x/")

    assert response["Referrer-Policy"].split(", ")[-1] == "strict-origin"
    assert set(re.findall(r'(?:href|src)="(https?://[^"]+)"', response.text)) <= {"http://testserver/access/confirm/x/"}


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    client: Client, email_lesson: Page, mailoutbox: list[Any], settings: Any
) -> None:
    ask(client, page=email_lesson)
    client.post(link(mailoutbox))

    for name in (settings.ASKER_COOKIE, settings.LEARNER_COOKIE):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"
        assert not client.cookies[name]["domain"]
    assert client.cookies[settings.ASKER_COOKIE]["max-age"] == 86_400


def code(mailoutbox: list[Any]) -> str:
    (found,) = re.findall(r"^(\d{6})$", mailoutbox[-1].body, re.MULTILINE)
    return str(found)


def test_the_code_opens_the_waiting_tab(client: Client, email_lesson: Page, mailoutbox: list[Any]) -> None:
    waiting = ask(client, page=email_lesson)["Location"]
    digits = code(mailoutbox)

    confirmed = client.post(waiting, {"code": f" {digits[:3]}-{digits[3:]} "})

    assert confirmed.status_code == 303
    assert confirmed["Location"] == email_lesson.url
    assert CANARY in client.get(email_lesson.url).text


@pytest.mark.refusal("token")
def test_a_wrong_code_is_told_with_the_tries_left(client: Client, email_lesson: Page, mailoutbox: list[Any]) -> None:
    waiting = ask(client, page=email_lesson)["Location"]
    wrong = f"{(int(code(mailoutbox)) + 1) % 1_000_000:06d}"

    answers = [client.post(waiting, {"code": wrong}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [410]
    assert "4 attempts left" in answers[0].text
    assert "last attempt" in answers[4].text
    assert "Too many wrong attempts" in answers[5].text
    assert client.post(link(mailoutbox)).status_code == 410


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "\u0661\u0662\u0663\u0664\u0665\u0666", "\0", "1e5", "9" * 5000]
)
def test_what_is_no_code_costs_no_try(client: Client, email_lesson: Page, typed: str) -> None:
    waiting = ask(client, page=email_lesson)["Location"]

    response = client.post(waiting, {"code": typed})

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert EmailVerificationToken.objects.get().tries == 0


def test_a_waiting_tab_of_another_browser_takes_no_code(
    client: Client, email_lesson: Page, mailoutbox: list[Any]
) -> None:
    waiting = ask(Client(), page=email_lesson)["Location"]

    assert client.post(waiting, {"code": code(mailoutbox)}).status_code == 404
    assert client.get(f"{waiting}status/").status_code == 404


def test_the_waiting_tab_goes_on_when_its_own_browser_confirms(
    client: Client, email_lesson: Page, mailoutbox: list[Any]
) -> None:
    waiting = ask(client, page=email_lesson)["Location"]
    assert "HX-Redirect" not in client.get(f"{waiting}status/").headers
    client.post(link(mailoutbox))

    status = client.get(f"{waiting}status/")

    assert status["HX-Redirect"] == email_lesson.url
    assert client.get(waiting)["Location"] == email_lesson.url


def test_the_waiting_tab_stays_shut_when_another_browser_confirms(
    client: Client, email_lesson: Page, mailoutbox: list[Any]
) -> None:
    """The tab may be an attacker's who asked for the address of the one who confirmed."""
    waiting = ask(client, page=email_lesson)["Location"]
    Client().post(link(mailoutbox), {"email": "ada@example.org"})

    at_once = client.get(f"{waiting}status/")
    EmailVerificationToken.objects.update(spent_at=F("spent_at") - timedelta(minutes=1))
    status = client.get(f"{waiting}status/")

    assert "HX-Redirect" not in at_once.headers
    assert "HX-Redirect" not in status.headers
    assert "hx-get" not in status.text
    assert CANARY not in client.get(email_lesson.url).text
    assert client.post(waiting, {"code": code(mailoutbox)}).status_code == 410


def test_the_second_is_kept_with_the_page(client: Client, email_lesson: Page, mailoutbox: list[Any]) -> None:
    gate = client.get(f"{email_lesson.url}?t=90").text
    assert 'name="second" value="90"' in gate

    client.post("/access/ask/", {"email": "ada@example.org", "page": email_lesson.pk, "second": "90"})

    assert client.post(link(mailoutbox))["Location"] == f"{email_lesson.url}?t=90"


@pytest.mark.parametrize("second", ["-1", "x", "1e9", "9" * 30, "\0", "90&next=//evil.example"])
def test_a_second_that_is_none_is_the_start(
    client: Client, email_lesson: Page, mailoutbox: list[Any], second: str
) -> None:
    client.post("/access/ask/", {"email": "ada@example.org", "page": email_lesson.pk, "second": second})

    assert client.post(link(mailoutbox))["Location"] == email_lesson.url


def test_signing_out_everywhere(learner_email: Email, sign_in: Any, email_lesson: Page) -> None:
    laptop, phone = sign_in(learner_email), sign_in(learner_email)

    laptop.post("/access/sign-out/", {"which": "everywhere"})

    assert CANARY not in phone.get(email_lesson.url).text


def test_one_other_browser_is_ended(learner_email: Email, sign_in: Any, email_lesson: Page) -> None:
    phone, laptop = sign_in(learner_email), sign_in(learner_email)
    oldest = LearnerSession.objects.order_by("pk").first()
    assert oldest is not None

    laptop.post("/access/sign-out/", {"which": str(oldest.pk)})

    assert CANARY not in phone.get(email_lesson.url).text
    assert CANARY in laptop.get(email_lesson.url).text


def test_nobody_ends_a_strangers_session(verified_learner: Client, sign_in: Any, email_lesson: Page, now: Any) -> None:
    stranger = sign_in(Email.objects.create(address="grace@example.org", asked_at=now))
    theirs = LearnerSession.objects.get(email__address="ada@example.org")

    for which in (str(theirs.pk), "everywhere", "9" * 40, "1" * 5000, "-1", "\0", "²"):
        stranger.post("/access/sign-out/", {"which": which})

    assert CANARY in verified_learner.get(email_lesson.url).text
