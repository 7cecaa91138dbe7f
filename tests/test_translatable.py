"""Whether every sentence can be translated: in a made-up language that puts each into brackets, none is outside them.

What people write here is digits alone, so that whatever letters are left come from us.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core import mail
from django.db.models import Field, Model
from django.test import Client
from django.utils import translation
from django.utils.functional import Promise
from pytest_django import DjangoDbBlocker
from wagtail.models import Page, Task, Workflow

from access import policy
from access.models import Email
from conftest import undone
from courses.models import CourseIndexPage, CoursePage, LessonPage
from courses.models.stage import Availability
from courses.tests.factories import CoursePageFactory, LessonPageFactory
from home.models import HomePage
from purchases.ledger import ledger
from purchases.mail import messages as purchase_mails
from purchases.models import CheckoutIntent, Payment, PaymentEvent, PurchaseMail, ShopSettings
from purchases.models.states import State
from purchases.provider_events import Fact, Kind
from purchases.tests import staff_fixtures
from release.models import WaitlistEntry
from review.models import ReviewLink, ReviewMail, ReviewNote
from review.notify import messages as review_mails

TRANSLATED = re.compile("⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{2,}")
ADDRESSES = re.compile(r"https?://\S+|\S+@\S+|[\w./-]+/[\w./-]*")
READ_OUT = {"alt", "aria-label", "aria-description", "placeholder", "title"}
HIDDEN_COUNTER = re.compile("<div data-side-panel-toggle-counter.*?</div>", re.DOTALL)  # Wagtail's, and empty
# The names of currencies come from CLDR in the reader's language, not from us.
CURRENCIES = re.compile('<select name="currency".*?</select>', re.DOTALL)
OURS = ["access", "courses", "home", "learning", "library", "mail", "purchases", "release", "review"]
ADDRESS = "1@2.example"
# What stands in Wagtail's own pages and is the same in every language.
SAME_EVERYWHERE = {
    "Lectern",
    "localhost",
    "Wagtail",
    "UTC",
    "CSV",
    "XLSX",
    "Ctrl",
    "Alt",
    "EUR",
    "Shift",
    "Esc",
    "Actions",
    "Search",
}


class Words(HTMLParser):
    """The words of a page that people see or hear, as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in {"script", "style", "svg"}
        said = {name: value or "" for name, value in attrs}
        self.found += [said[name] for name in READ_OUT & said.keys()]
        if tag == "meta" and said.get("name") == "description":
            self.found.append(said["content"])
        if tag == "input" and said.get("type") in {"submit", "button"}:
            self.found.append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in {"script", "style", "svg"}

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(data)


def untranslated(text: str) -> list[str]:
    """What of a page or an email is outside the brackets, and has words."""
    text = CURRENCIES.sub("", HIDDEN_COUNTER.sub("", text))
    while TRANSLATED.search(text):
        text = TRANSLATED.sub("", text)
    words = Words()
    words.feed(text)
    left = [" ".join(ADDRESSES.sub("", part).split()) for part in words.found]
    return [part for part in left if set(WORD.findall(part)) - SAME_EVERYWHERE]


@pytest.fixture
def _brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    speak = translation._trans  # type: ignore[attr-defined]

    def bracketed(function: Callable[..., str]) -> Callable[..., str]:
        return lambda *args: f"⟦{function(*args)}⟧"

    for name in ("gettext", "pgettext", "ngettext", "npgettext"):
        monkeypatch.setattr(speak, name, bracketed(getattr(speak, name)))


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, LessonPage]]:
    """Lessons that say nothing but digits, once for all tests of this module, each of which is rolled back."""
    with django_db_blocker.unblock(), undone():
        yield build()


def build() -> dict[str, LessonPage]:
    for number, page in enumerate(Page.objects.all()):
        Page.objects.filter(pk=page.pk).update(title=number, draft_title=number)
    HomePage.objects.update(headline="1", lead="1")
    Workflow.objects.update(name="1")
    Task.objects.update(name="1")
    digits: dict[str, Any] = {"title": "1", "summary": "2"}
    kinds: dict[str, dict[str, Any]] = {
        "open": {"access": policy.Level.ANYONE},
        "gated": {"access": policy.Level.EMAIL},
        "paid": {"access": policy.Level.PURCHASE},
        "soon": {"access": policy.Level.EMAIL, "availability": Availability.COMING_SOON},
    }
    made = {}
    for slug, fields in kinds.items():
        course = CoursePageFactory(parent=CourseIndexPage.objects.get(), slug=slug, **digits, **fields)
        made[slug] = LessonPageFactory(parent=course, slug="1", body=[], search_description="3", **digits)
        made[slug].save_revision().publish()
    return made


@pytest.fixture
def lessons(_built: dict[str, LessonPage], db: None) -> dict[str, LessonPage]:
    return {slug: LessonPage.objects.get(pk=lesson.pk) for slug, lesson in _built.items()}


@pytest.fixture
def _all(_brackets: None, lessons: dict[str, LessonPage]) -> None:
    """Pages made in one language, then read in the other."""


@pytest.mark.usefixtures("_all")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/courses/",
        "/courses/?q=1",
        "/courses/?q=99",
        "/courses/?page=99",
        "/courses/open/",
        "/courses/gated/",
        "/courses/paid/",
        "/courses/soon/",
        "/courses/open/1/",
        "/courses/gated/1/",
        "/courses/paid/1/",
        "/courses/soon/1/",
        "/nothing/",
        "/access/",
        "/access/confirm/",
        "/access/confirm/1/",
        "/access/waiting/00000000-0000-4000-8000-000000000000/",
        "/notify/leave/1/",
        "/review/1/",
    ],
)
def test_pages_for_visitors(client: Client, path: str) -> None:
    page = client.get(path).content.decode()

    assert "⟦" in page
    assert untranslated(page) == []


@pytest.mark.usefixtures("_all")
def test_the_way_in(client: Client, lessons: dict[str, LessonPage], settings: Any) -> None:
    page = lessons["gated"].pk
    answers = [client.post("/access/ask/", {"email": typed, "page": page}, follow=True) for typed in ("", "1", ADDRESS)]
    waiting = answers[-1].redirect_chain[-1][0]
    answers += [client.post(waiting, {"code": code}) for code in ("", "1", "000000")]
    (secret,) = re.findall(r"/access/confirm/([\w-]{43})/", str(mail.outbox[0].body))
    answers += [
        client.get(f"/access/confirm/{secret}/"),
        Client().post(f"/access/confirm/{secret}/"),
        client.post(f"/access/confirm/{secret}/", follow=True),
        client.post(f"/access/confirm/{secret}/"),
        client.get("/access/"),
    ]

    assert [untranslated(answer.content.decode()) for answer in answers] == [[]] * len(answers)


@pytest.mark.usefixtures("_all")
def test_mails(client: Client, lessons: dict[str, LessonPage]) -> None:
    client.post("/access/ask/", {"email": ADDRESS, "page": lessons["gated"].pk})
    client.post(f"/notify/{lessons['soon'].get_parent().pk}/", {"email": ADDRESS})

    assert len(mail.outbox) == 2
    for message in mail.outbox:
        html = message.message().get_payload(1).get_payload(decode=True).decode()  # type: ignore[union-attr]
        assert [untranslated(str(part)) for part in (message.subject, message.body, html)] == [[], [], []]


@pytest.fixture
def order(lessons: dict[str, LessonPage], settings: Any, now: Any) -> Payment:
    """Of somebody who has paid; the course is still for sale."""
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    ShopSettings.objects.create(
        tax_note="1", seller_name="2", seller_address="3\n4", contact_email=ADDRESS, tax_number="5"
    )
    course = lessons["paid"].get_parent().specific
    type(course).objects.filter(pk=course.pk).update(price=4900, currency="EUR")
    email = Email.objects.create(address=ADDRESS, asked_at=now, verified_at=now)
    intent = CheckoutIntent.objects.create(
        email=email,
        course_key=course.translation_key,
        course_title="1",
        amount=4900,
        currency="EUR",
        page=course,
        is_live=False,
        created_at=now,
        confirmed_at=now,
    )
    return Payment.objects.create(
        reference="1",
        intent=intent,
        email=email,
        course_key=course.translation_key,
        currency="EUR",
        amount=4900,
        refunded=900,
    )


@pytest.mark.usefixtures("_all")
def test_the_till(client: Client, order: Payment, lessons: dict[str, LessonPage], sign_in: Any, now: Any) -> None:
    assert order.intent is not None
    assert order.email is not None
    buyer, course = sign_in(order.email), lessons["paid"].get_parent()
    buy, checkout = f"/purchases/buy/{course.pk}/", f"/purchases/checkout/{order.intent.pk}/"
    addresses = [buy, checkout, f"{checkout}?paid", "/access/", "/purchases/move/", course.url, lessons["paid"].url]
    pages = [buyer.get(address) for address in addresses]
    for state in State.values:
        Payment.objects.update(state=state, paid_at=now, opens=state == State.PAID, is_duplicate=state == State.PAID)
        pages.append(buyer.get(checkout))
    Payment.objects.update(opens=False, is_duplicate=False, problem="amount")
    pages.append(buyer.get(checkout))
    Payment.objects.all().delete()
    pages += [buyer.get(checkout), buyer.get(f"{checkout}?paid"), buyer.get(f"{checkout}status/?looked=99")]
    CheckoutIntent.objects.update(closed_at=now)
    pages += [buyer.get(checkout), client.get(checkout), client.get(buy), client.post(buy, {"email": "1"})]
    type(course.specific).objects.filter(pk=course.pk).update(price=None, currency="")
    pages.append(client.get(buy))

    assert [untranslated(page.content.decode()) for page in pages] == [[]] * len(pages)


@pytest.mark.usefixtures("_all")
@pytest.mark.parametrize("kind", PurchaseMail.Kind.values)
def test_mails_to_buyers(order: Payment, now: Any, kind: str) -> None:
    row = PurchaseMail.objects.create(payment=order, kind=kind, amount=900, queued_at=now)
    Payment.objects.update(paid_at=now)
    row.refresh_from_db()

    message = purchase_mails.told(row, to=ADDRESS)

    html = message.message().get_payload(1).get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert [untranslated(str(part)) for part in (message.subject, message.body, html)] == [[], [], []]


@pytest.mark.usefixtures("_all")
def test_mails_that_prove_an_address_to_buy_or_to_move(order: Payment, sign_in: Any) -> None:
    sign_in(order.email).post("/purchases/move/", {"email": "2@3.example"})
    Client().post(f"/purchases/buy/{order.intent.page_id}/", {"email": ADDRESS})  # type: ignore[union-attr]

    assert len(mail.outbox) == 2
    for message in mail.outbox:
        html = message.message().get_payload(1).get_payload(decode=True).decode()  # type: ignore[union-attr]
        assert [untranslated(str(part)) for part in (message.subject, message.body, html)] == [[], [], []]


@pytest.fixture
def staff(_all: None, lessons: dict[str, LessonPage], admin_user: User, now: Any) -> Client:
    User.objects.update(username="1", first_name="1", last_name="1", email=ADDRESS)
    email = Email.objects.create(address=ADDRESS, asked_at=now, verified_at=now)
    WaitlistEntry.objects.create(
        email=email, course_key=lessons["soon"].get_parent().translation_key, asked_at=now, confirmed_at=now
    )
    _sell(lessons["paid"].get_parent().specific, now=now)
    client = Client()
    client.force_login(User.objects.get())
    return client


def _sell(course: CoursePage, *, now: Any) -> None:
    """Twice, which needs somebody; and a message that belongs nowhere. What comes from Stripe is digits too."""
    course.price, course.currency = 4900, "EUR"
    staff_fixtures.make_payment(course, ADDRESS, now=now, payment="1")
    payment = staff_fixtures.make_payment(course, ADDRESS, now=now, payment="2")
    staff_fixtures.tell_more(payment, Kind.REFUNDED, now=now, amount=100)
    ledger.record(staff_fixtures.event(Fact(kind=Kind.DISPUTED, at=1, payment="3")), now=now)
    ledger.record(staff_fixtures.event(Fact(kind=Kind.COMPLETED, at=1, intent="4")), now=now)
    for row in PaymentEvent.objects.all():
        PaymentEvent.objects.filter(pk=row.pk).update(reference=row.pk, kind="1", body="1")


@pytest.mark.usefixtures("staff")
def test_mails_to_staff(lessons: dict[str, LessonPage], now: Any) -> None:
    author, lesson = User.objects.get(), lessons["gated"]
    state = lesson.get_workflow().start(lesson, author).current_task_state
    notes = [
        ReviewNote.objects.create(page=lesson.page_ptr, name="1", kind=kind, text="2", said_at=now)
        for kind in ReviewNote.Kind
    ]
    link = ReviewLink.objects.create(
        page=lesson.page_ptr, mailbox=ADDRESS, created_at=now, expires_at=now + timedelta(days=1)
    )
    notes.append(
        ReviewNote.objects.create(page=lesson.page_ptr, link=link, name=ADDRESS, kind="comment", text="2", said_at=now)
    )
    kinds = set(ReviewMail.Kind) - {ReviewMail.Kind.NOTE}
    rows = [ReviewMail(pk=1, kind=kind, task_state=state, user=author) for kind in kinds]
    rows += [ReviewMail(pk=1, kind=ReviewMail.Kind.NOTE, note=note, task_state=state, user=author) for note in notes]

    for row in rows:
        message = review_mails.notice(row)

        ((html, _),) = message.alternatives  # type: ignore[attr-defined]
        assert [untranslated(str(part)) for part in (message.subject, message.body, html)] == [[], [], []]


PAGES_FOR_STAFF = [
    "/admin/",
    "/admin/reports/content-health/",
    "/admin/reports/access/",
    "/admin/reports/reviews/",
    "/admin/reports/waitlists/",
    "/admin/reports/revenue/",
    "/admin/reports/revenue/?first=1&last=1",
    "/admin/orders/",
    "/admin/orders/?q=99",
    "/admin/orders/?attention=needed",
    "/admin/orders/messages/",
    "/admin/gifts/",
    "/admin/learners/",
    "/admin/learners/?q=99",
    "/admin/learners/why/",
]


def test_pages_for_staff(staff: Client) -> None:
    said = {path: untranslated(staff.get(path).content.decode()) for path in PAGES_FOR_STAFF}

    assert {path: words for path, words in said.items() if words} == {}


def test_pages_for_staff_about_one_thing(staff: Client, lessons: dict[str, LessonPage]) -> None:
    lesson = lessons["gated"]
    course = lesson.get_parent().specific
    lesson.get_workflow().start(lesson, User.objects.get())
    waiting = lesson.current_workflow_task_state
    email = Email.objects.get()
    payment = Payment.objects.get(reference="2")
    paths = [
        *[f"/admin/orders/{payment.pk}/{action}" for action in ("", "refund/", "receipt/", "move/", "end/", "reopen/")],
        f"/admin/orders/messages/{PaymentEvent.objects.latest('pk').pk}/",
        f"/admin/pages/{course.get_parent().pk}/",
        f"/admin/pages/{course.pk}/",
        f"/admin/pages/{course.pk}/edit/",
        f"/admin/pages/{lesson.pk}/edit/",
        f"/admin/review/{waiting.pk}/",
        f"/admin/review/links/{lesson.pk}/",
        f"/admin/reports/waitlists/{lessons['soon'].get_parent().translation_key}/",
        f"/admin/courses/{course.pk}/keep-readers/",
        *[f"/admin/learners/{email.pk}/{action}" for action in ("", "block/", "sign-out/", "give/")],
    ]

    answers = {path: staff.get(path) for path in paths}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert {path: said for path, answer in answers.items() if (said := untranslated(answer.content.decode()))} == {}


def models() -> list[type[Model]]:
    return [model for app in OURS for model in apps.get_app_config(app).get_models()]


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_labels_of_models(model: type[Model]) -> None:
    fields = [field for field in model._meta.local_fields if not (field.primary_key or field.remote_field)]
    sentences = [said for field in fields for said in said_of(field)]

    assert [said for said in sentences if said and not isinstance(said, Promise)] == []


def said_of(field: Field[Any, Any]) -> list[Any]:
    """Its help and choices, and its label where somebody wrote one."""
    named = [] if field.verbose_name == (field.name or "").replace("_", " ") else [field.verbose_name]
    choices = [label for _, label in getattr(field, "choices", None) or []]
    return [*named, field.help_text, *choices]
