"""The API: who asks is checked, a call that is repeated gets the answer of the first, and the rest is looked up."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from stand_ins.http import Answer
from stand_ins.stripe import forms, lists, refunds, sessions
from stand_ins.stripe.account import NOBODY
from stand_ins.stripe.answers import Record, Refusal, said, unknown
from stand_ins.stripe.forms import Tree
from stand_ins.stripe.records import API_VERSION
from stand_ins.stripe.shelf import new_id

if TYPE_CHECKING:
    from stand_ins.stripe.account import Stripe

REPEATS = "repeat"  # the table of calls that may be repeated, by their key
REPEATED_SECONDS = 24 * 60 * 60
LONGEST_KEY = 255
OBJECTS = {
    "payment_intents": "payment_intent",
    "charges": "charge",
    "refunds": "refund",
    "invoices": "invoice",
    "disputes": "dispute",
    "events": "event",
}


def call(account: "Stripe", method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> Answer:
    """One call. The events that follow name it as their cause."""
    key = headers.get("idempotency-key") if method == "POST" else None
    account.request = {"id": new_id("request"), "idempotency_key": key}
    told = {"Request-Id": str(account.request["id"]), "Stripe-Version": API_VERSION}
    try:
        _check_key(account, headers)
        given = _parameters(method, query, headers, body)
        answer = _once(account, key, (method, path, given)) if key else _answer(account, method, path, given)
    except Refusal as refusal:
        answer = refusal.answer
    finally:
        account.request = NOBODY
    return Answer(answer.status, answer.body, answer.content_type, {**answer.headers, **told})


def _check_key(account: "Stripe", headers: dict[str, str]) -> None:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            given = ""
    if not hmac.compare_digest(given.strip().encode(), account.secret_key.encode()):
        raise Refusal(401, f"Not the secret key of this account: {given[:8]}…" if given else "No secret key is given.")


def _parameters(method: str, query: str, headers: dict[str, str], body: bytes) -> list[tuple[str, str]]:
    if method != "POST":
        return forms.pairs(query)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != "application/x-www-form-urlencoded":
        raise Refusal(400, "A body is form-encoded here.")
    return forms.pairs(body)


def _once(account: "Stripe", key: str, asked: tuple[str, str, list[tuple[str, str]]]) -> Answer:
    """The answer of the first call with this key. One that was refused did nothing, and may be made anew."""
    if len(key) > LONGEST_KEY:
        raise Refusal(400, f"An idempotency key has up to {LONGEST_KEY} signs.", kind="idempotency_error")
    method, path, given = asked
    digest = hashlib.sha256(json.dumps([method, path, sorted(given)]).encode()).hexdigest()
    first = account.shelf.get(REPEATS, key)
    if first and first["created"] > account.now() - REPEATED_SECONDS:
        if first["digest"] != digest:
            raise Refusal(400, "This idempotency key belongs to another call.", kind="idempotency_error")
        return Answer(first["status"], first["body"].encode(), headers={"Idempotent-Replayed": "true"})
    answer = _answer(account, method, path, given)
    repeat = {"id": key, "digest": digest, "status": answer.status, "body": answer.body.decode()}
    account.shelf.put(REPEATS, {**repeat, "created": account.now()})
    return answer


def _answer(account: "Stripe", method: str, path: str, given: list[tuple[str, str]]) -> Answer:
    params = forms.tree(given)
    steps = path.removeprefix("/v1/").split("/")
    match [method, *steps]:
        case ["POST", "checkout", "sessions"]:
            return _made(account, sessions.SESSION, sessions.create, params)
        case ["POST", "checkout", "sessions", identifier, "expire"]:
            return _shown(account, sessions.expire(account, identifier), params)
        case ["GET", "checkout", "sessions"]:
            return said(lists.page(account, sessions.SESSION, params, path=path))
        case ["GET", "checkout", "sessions", identifier]:
            return _shown(account, sessions.get(account, identifier, param="session"), params)
        case ["POST", "refunds"]:
            return _made(account, "refund", refunds.create, params)
        case ["GET", kind] if kind in OBJECTS:
            return said(lists.page(account, OBJECTS[kind], params, path=path))
        case ["GET", kind, identifier] if kind in OBJECTS:
            return _shown(account, _found(account, OBJECTS[kind], identifier), params)
    raise Refusal(404, f"This server does not know {method} {path}.")


def _made(account: "Stripe", name: str, make: Callable[["Stripe", Tree], Record], params: Tree) -> Answer:
    paths = lists.expansions(name, params)
    return said(lists.expanded(account, make(account, params), paths))


def _shown(account: "Stripe", record: Record, params: Tree) -> Answer:
    forms.check_names(params, {"expand"})
    return said(lists.expanded(account, record, lists.expansions(record["object"], params)))


def _found(account: "Stripe", name: str, identifier: str) -> Record:
    record = account.shelf.get(name, identifier)
    if record is None:
        raise unknown(name, identifier, param={"payment_intent": "intent"}.get(name, "id"))
    return record
