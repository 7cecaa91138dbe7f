"""What is shown of records: lists, newest first and in pages, and records with others in place of their ids."""

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from stand_ins.stripe import forms, sessions
from stand_ins.stripe.answers import Record, Refusal, unknown
from stand_ins.stripe.forms import Tree

if TYPE_CHECKING:
    from stand_ins.stripe.account import Stripe

PAGING = {"limit", "starting_after", "ending_before", "created", "expand"}
FILTERS = {
    "checkout.session": {"payment_intent", "status"},
    "refund": {"payment_intent", "charge"},
    "charge": {"payment_intent"},
    "dispute": {"payment_intent", "charge"},
    "event": {"type", "types"},
}
BOUNDS = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}
EXPANDABLE = {
    "checkout.session": {"payment_intent", "invoice"},
    "payment_intent": {"latest_charge"},
    "charge": {"payment_intent"},
    "refund": {"payment_intent", "charge"},
    "dispute": {"payment_intent", "charge"},
}
DEEPEST = 4


def page(account: "Stripe", name: str, params: Tree, *, path: str) -> Record:
    forms.check_names(params, PAGING | FILTERS.get(name, set()))
    paths = expansions(name, params, prefix="data.")
    found = sessions.every(account) if name == sessions.SESSION else account.shelf.all(name)
    found.reverse()
    found = [record for record in found if _fits(record, params)]
    shown, has_more = _cut(found, params, name)
    data = [expanded(account, record, paths) for record in shown]
    return {"object": "list", "data": data, "has_more": has_more, "url": path}


def expansions(name: str, params: Tree, *, prefix: str = "") -> list[str]:
    """The paths that are asked for, all of them possible: nothing is done for a call that asks for another."""
    paths = [str(path) for path in forms.items(params, "expand")]
    for path in paths:
        place, steps = name, path.removeprefix(prefix).split(".")
        for step in steps:
            if step not in EXPANDABLE.get(place, set()) or len(steps) > DEEPEST:
                raise Refusal(400, f"This cannot be expanded: {path}", param="expand")
            place = _object(step)
    return [path.removeprefix(prefix) for path in paths]


def expanded(account: "Stripe", record: Record, paths: list[str]) -> Record:
    """The record with others in place of their ids, each named by its path."""
    for path in paths:
        first, _, rest = path.partition(".")
        value = record[first]
        if isinstance(value, str):
            value = record[first] = account.shelf.get(_object(first), value)
        if rest and value:
            expanded(account, value, [rest])
    return record


def _object(step: str) -> str:
    return step.removeprefix("latest_")


def _fits(record: Record, params: Tree) -> bool:
    for name in ("payment_intent", "charge", "status"):
        if (wanted := forms.text(params, name)) and record[name] != wanted:
            return False
    kinds = [forms.text(params, "type"), *forms.items(params, "types")]
    if any(kinds) and not any(fnmatchcase(record["type"], kind) for kind in kinds if kind):
        return False
    return _is_of_time(record["created"], params)


def _is_of_time(created: int, params: Tree) -> bool:
    if isinstance(params.get("created"), str):
        return created == forms.integer(params, "created")
    bounds = forms.branch(params, "created")
    forms.check_names(bounds, BOUNDS, within="created")
    return all(BOUNDS[name](created, forms.integer(bounds, name, within="created") or 0) for name in bounds)


def _cut(found: list[Record], params: Tree, name: str) -> tuple[list[Record], bool]:
    limit = forms.integer(params, "limit", least=1) or 10
    if limit > 100:
        raise Refusal(400, "limit is at most 100.", code="parameter_invalid_integer", param="limit")
    ids = [record["id"] for record in found]
    if after := forms.text(params, "starting_after"):
        start = _place(ids, after, name, param="starting_after") + 1
        return found[start : start + limit], len(found) > start + limit
    if before := forms.text(params, "ending_before"):
        end = _place(ids, before, name, param="ending_before")
        return found[max(0, end - limit) : end], end > limit
    return found[:limit], len(found) > limit


def _place(ids: list[str], identifier: str, name: str, *, param: str) -> int:
    if identifier not in ids:
        raise unknown(name, identifier, param=param, status=400)
    return ids.index(identifier)
