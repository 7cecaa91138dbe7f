"""Hostile input (fuzzing), sent to every URL that the resolver knows, by everybody: no answer is a 5xx.

`make test` sends every hostile value in every address, and one choice of the rest to each form and each endpoint. With
SOAK=1, as in `make soak`, everything is sent everywhere, field by field, by every kind of visitor; that takes hours.
"""

import json
import logging
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from courses.models import CourseIndexPage
from purchases.tests.checkout_fixture import WEBHOOK
from stand_ins.stripe import server
from stand_ins.stripe.server import Stripe
from tests.hostile import forms, routes, site, values
from tests.hostile.site import HostileSite
from tests.hostile.walk import SOAK, Walk, some

# What Django will take away some day is no 500 today.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
JSON = "application/json"
# Addresses at which nobody finds anything, whatever they name.
NOTHING_THERE = {
    "/admin/api/main/pages/find/": "wants an id or a path in its query",
    "/admin/api/main/documents/find/": "wants an id in its query",
    "/admin/api/main/images/find/": "wants an id in its query",
    "/admin/bulk/%(app_label)s/%(model_name)s/%(action)s/": "wants ids in its query",
    "/admin/block-preview/": "wants a block in its query",
    "/admin/images/%(image_id)s/generate_url/": "Wagtail's image server is not mounted",
    "/admin/images/%(image_id)s/generate_url/output/": "Wagtail's image server is not mounted",
    "/admin/translation/submit/snippet/%(app_label)s/%(model_name)s/%(pk)s/": "no snippet can be translated",
    "/admin/settings/%(app_name)s/%(model_name)s/%(pk)s/preview/": "no settings have a preview",
    "/admin//": "Wagtail's own 404 for what is not there",
    "/admin/test404/": "Wagtail's way to see what a 404 looks like",
    "/access/confirm/": "says to open the link again",
}
# What is asked for with hostile headers and cookies: every way in which an answer comes about.
SURFACES = ["/", "/courses/?q=x", "/admin/", "/access/", "/healthz", "/sitemap.xml", "/missing/", "/static/x"]
SURFACES += ["/files/%(page_id)s/picture/%(image_id)s/%(width)s/", "/media/%(path)s", "/%(_0)s"]


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[HostileSite, Stripe]]:
    """Below the transaction of each test. Its shop sells, by way of a server that speaks Stripe's protocol."""
    with server.running(webhooks="hold") as stripe:
        shop: dict[str, Any] = {
            "STRIPE_SECRET_KEY": stripe.secret_key,
            "STRIPE_API_BASE": stripe.origin,
            "STRIPE_WEBHOOK_SECRETS": list(stripe.webhook_secrets),
        }
        with django_db_blocker.unblock(), override_settings(**shop), transaction.atomic():
            yield site.build(CourseIndexPage.objects.get(), timezone.now(), stripe), stripe
            transaction.set_rollback(True)


@pytest.fixture
def walk(_built: tuple[HostileSite, Stripe], db: None) -> Iterator[Walk]:
    logging.disable(logging.CRITICAL)  # each of thousands of refusals has its line
    yield Walk(*_built)
    logging.disable(logging.NOTSET)


def test_every_part_of_every_address(walk: Walk) -> None:
    for route in routes.everything():
        for part, converter in route.parts:
            for turn, value in enumerate(values.nonsense(converter)):
                path = route.path({**walk.site.values(route), part: value})
                for who in walk.people(route):
                    for method in some(["GET", "POST"], turn):
                        walk.send(who, method, path, said=part)

    walk.assert_sound()


def test_every_query(walk: Walk) -> None:
    for turn, route in enumerate(routes.everything()):
        for value in some(values.TEXTS, turn):
            together = [(name, value) for name in values.QUERY.split()]
            for pairs in [together, *([pair] for pair in together if SOAK)]:
                for who in some(walk.everybody(route), turn):
                    query = forms.urlencoded(pairs).decode()
                    walk.send(who, "GET", walk.good(route), query=query, said=query[-300:])

    walk.assert_sound()


def test_every_method_and_body(walk: Walk) -> None:
    for turn, route in enumerate(routes.everything()):
        for body in some(values.BODIES, turn):
            for method in some(["POST", *values.METHODS] if turn % 2 or SOAK else ["POST"], turn // 2):
                for who in walk.people(route):
                    signed = {"Stripe-Signature": walk.stripe.sign(body)}
                    walk.send(who, method, walk.good(route), body, content_type=JSON, headers=signed, said=body[:99])

    walk.assert_sound()


def test_every_part_of_a_payment_message(walk: Walk) -> None:
    session = {
        "id": "cs_1",
        "object": "checkout.session",
        "payment_intent": "pi_1",
        "payment_status": "paid",
        "metadata": {"lectern_checkout": str(walk.site.samples["/purchases"]["intent_id"]), "lectern_course": "x"},
        "amount_total": 4900,
        "currency": "eur",
        "total_details": {"amount_discount": 0},
    }
    for turn, message in enumerate(values.altered(walk.stripe.event("checkout.session.completed", session))):
        if SOAK or turn % 5 == 0:
            body = walk.stripe.payload(message)
            signed = {"Stripe-Signature": walk.stripe.sign(body)}
            stripe = ("Stripe", Client(raise_request_exception=False))
            walk.send(stripe, "POST", WEBHOOK, body, content_type=JSON, headers=signed, said=body)

    walk.assert_sound()


def test_every_part_of_what_the_admins_api_is_told(walk: Walk) -> None:
    actions = ["copy", "move", "create_alias", "publish", "unpublish", "delete", "copy_for_translation", "x"]
    page = walk.site.samples["/"]["page_id"]
    told = {"destination_page_id": page, "recursive": True, "keep_live": False, "slug": "x", "locale": "en"}
    for turn, data in enumerate(values.altered(told)):
        for action in some(actions, turn) if SOAK or turn % 3 == 0 else ():
            body = json.dumps(data).encode()
            path = f"/admin/api/main/pages/{page}/action/{action}/"
            walk.send(("admin", walk.site.staff["admin"]), "POST", path, body, content_type=JSON, said=body)

    walk.assert_sound()


def test_every_field_of_every_form(walk: Walk) -> None:
    """Nothing but 404s would prove little: where this names a new address, give it one of tests/hostile/samples.py."""
    turns, seen, unknown = count(), set(), []
    for route in routes.everything():
        path, codes = walk.good(route), set()
        for who in walk.people(route):
            answer = walk.send(who, "GET", path)
            codes.add(answer.status_code)
            for form in () if answer.streaming else forms.within(path, answer):
                known = (form.action.split("?")[0], form.names, who[0] if SOAK else "")
                if known not in seen:
                    seen.add(known)
                    fill_in(walk, who, walk.site.complete(form), turns)
        if codes == {404} and str(route) not in NOTHING_THERE:
            unknown.append(str(route))

    assert not unknown
    walk.assert_sound()


def fill_in(walk: Walk, who: tuple[str, Client], form: forms.Form, turns: Iterator[int]) -> None:
    """As it is, and then with all fields hostile at once; in the soak each field by itself, with everything."""
    if form.method == "post":
        walk.post(who, form, form.fields)
    for _ in values.TEXTS if SOAK else range(1):
        turn = next(turns)
        walk.post(who, form, [(name, some_text(turn * 7 + place)) for place, (name, _) in enumerate(form.fields)])
    for name in dict(form.fields) if SOAK else ():
        for text in values.TEXTS:
            walk.post(who, form, form.with_field(name, text))
        walk.post(who, form, form.with_field(name))
        walk.post(who, form, form.with_field(name, "x", "y"))
        walk.post(who, form, form.with_field(name), (name, "x.txt", b"x"))
    for name in form.files:
        walk.post(who, form, form.with_field(name, "no file"))
        for file in some(values.FILES, next(turns), 2):
            walk.post(who, form, form.fields, (name, *file))


def some_text(turn: int) -> str:
    return values.TEXTS[turn % len(values.TEXTS)]


def test_every_header_and_cookie(walk: Walk) -> None:
    everybody = [*walk.site.visitors.items(), *walk.site.staff.items()]
    names = {"header": values.HEADERS.split(), "cookie": values.COOKIES.split()}
    for turn, surface in enumerate(SURFACES):
        path = surface % {**walk.site.samples["/"], **walk.site.samples["/media"]}
        for who in some(everybody, turn):
            for value in some(values.IN_HEADERS, turn, 3):
                for chosen in [names["header"], *([name] for name in names["header"] if SOAK)]:
                    walk.send(who, "GET", path, headers=dict.fromkeys(chosen, value), said=(chosen, value[:60]))
            for value in some(values.IN_COOKIES, turn, 3):
                for chosen in [names["cookie"], *([name] for name in names["cookie"] if SOAK)]:
                    cookies = "; ".join(f"{name}={value}" for name in chosen)
                    walk.send(who, "GET", path, headers={"Cookie": cookies}, said=(chosen, value[:60]))

    walk.assert_sound()
