"""Parameters of a call: brackets in their names make a tree, and each value is read as what it has to be."""

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stand_ins.stripe.answers import Refusal

type Tree = dict[str, Any]

NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
DEPTH = 6
FIELDS = 1000


def pairs(text: bytes | str) -> list[tuple[str, str]]:
    try:
        decoded = text.decode() if isinstance(text, bytes) else text
        return parse_qsl(decoded, keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
    except ValueError as error:
        raise Refusal(400, "The parameters cannot be read.") from error


def tree(fields: list[tuple[str, str]]) -> Tree:
    """`a[b][0]=x` as {"a": {"b": {"0": "x"}}}; lists stay keyed by their indexes."""
    root: Tree = {}
    for name, value in fields:
        found = NAME.fullmatch(name)
        steps = [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])] if found else []
        if not 0 < len(steps) <= DEPTH:
            raise Refusal(400, f"The parameter {name} cannot be read.", param=name)
        place = root
        for step in steps[:-1]:
            place = place.setdefault(step or str(len(place)), {})
            if not isinstance(place, dict):
                raise Refusal(400, f"The parameter {name} is given in two ways.", param=name)
        place[steps[-1] or str(len(place))] = value
    return root


def check_names(params: Tree, known: Collection[str], *, within: str = "") -> None:
    for name in params:
        if name not in known:
            full = f"{within}[{name}]" if within else name
            raise Refusal(400, f"Received unknown parameter: {full}", code="parameter_unknown", param=full)


def branch(params: Tree, name: str, *, within: str = "") -> Tree:
    """A group of parameters, empty where none is given."""
    value = params.get(name, {})
    if not isinstance(value, dict):
        full = f"{within}[{name}]" if within else name
        raise Refusal(400, f"{full} has to be a group of parameters.", param=full)
    return value


def items(params: Tree, name: str) -> list[Any]:
    value = branch(params, name)
    if not all(re.fullmatch(r"[0-9]{1,4}", key) for key in value):
        raise Refusal(400, f"{name} has to be a list.", param=name)
    return [value[key] for key in sorted(value, key=int)]


def text(params: Tree, name: str, *, within: str = "", required: bool = False, longest: int = 5000) -> str:
    full = f"{within}[{name}]" if within else name
    value = params.get(name)
    if value is None:
        if required:
            raise Refusal(400, f"Missing required parameter: {full}", code="parameter_missing", param=full)
        return ""
    if not isinstance(value, str):
        raise Refusal(400, f"{full} has to be a text.", param=full)
    if not value:
        raise Refusal(400, f"{full} is given, but empty.", code="parameter_invalid_empty", param=full)
    if len(value) > longest:
        raise Refusal(400, f"{full} is longer than {longest} signs.", param=full)
    return value


def integer(params: Tree, name: str, *, within: str = "", required: bool = False, least: int = 0) -> int | None:
    full = f"{within}[{name}]" if within else name
    value = text(params, name, within=within, required=required, longest=20)
    if not value:
        return None
    if not re.fullmatch(r"-?[0-9]+", value):
        raise Refusal(400, f"Not an integer: {value}", code="parameter_invalid_integer", param=full)
    if int(value) < least:
        raise Refusal(400, f"{full} is at least {least}.", code="parameter_invalid_integer", param=full)
    return int(value)


def boolean(params: Tree, name: str, *, within: str = "") -> bool:
    full = f"{within}[{name}]" if within else name
    value = text(params, name, within=within)
    if value not in {"", "true", "false"}:
        raise Refusal(400, f"Neither true nor false: {value}", param=full)
    return value == "true"


def choice(params: Tree, name: str, allowed: Collection[str], *, required: bool = False) -> str:
    value = text(params, name, required=required)
    if value and value not in allowed:
        raise Refusal(400, f"{name} is one of: {', '.join(sorted(allowed))}", param=name)
    return value


def address(params: Tree, name: str, *, required: bool = False) -> str:
    value = text(params, name, required=required)
    if value and not (urlsplit(value).scheme in {"http", "https"} and urlsplit(value).netloc):
        raise Refusal(400, f"Not an address of the web: {value}", code="url_invalid", param=name)
    return value


def metadata(params: Tree, name: str = "metadata", *, within: str = "") -> dict[str, str]:
    """Up to 50 words of the shop's own; an empty one is one that is not there."""
    full = f"{within}[{name}]" if within else name
    given = branch(params, name, within=within)
    if len(given) > 50:
        raise Refusal(400, f"{full} has more than 50 keys.", param=full)
    for key, value in given.items():
        if not isinstance(value, str) or len(key) > 40 or len(value) > 500:
            raise Refusal(400, f"{full}[{key}]: a key has up to 40 signs, a value up to 500.", param=full)
    return {key: value for key, value in given.items() if value}
