"""The closed sets on which access and money rest: where code branches on them, and a member nobody has thought of."""

import ast
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

from access.policy import Decision, Level, Status
from courses.models.stage import Availability
from courses.preview_time import Audience
from purchases.ledger.payment_state import Dispute
from purchases.models.states import State

ROOT = Path(__file__).parent.parent
APPS = ["mail", "access", "library", "courses", "learning", "purchases", "release", "review", "home"]
SETS: list[type[Enum]] = [Level, Status, Decision, Audience, Availability, State, Dispute]
NAME = "MADE_UP"


def made_up(kind: type[Enum]) -> Any:
    """One more member of the set, as somebody might add it and forget the rest."""
    value = NAME.lower()
    member: Any = str.__new__(kind, value) if issubclass(kind, str) else object.__new__(kind)
    member._name_, member._value_, member._label_ = NAME, value, value
    return member


def with_one_more(kind: type[Enum], source: str) -> str:
    """The source of the set's own module, with the made-up member at its end."""
    lines = source.splitlines()
    classes = {each.name: each for each in ast.parse(source).body if isinstance(each, ast.ClassDef)}
    last = max(each.lineno for each in classes[kind.__name__].body if isinstance(each, ast.Assign))
    value = f'"{NAME.lower()}"'
    lines.insert(last, f"    {NAME} = {value}, _({value})" if hasattr(kind, "labels") else f"    {NAME} = {value}")
    return "\n".join(lines) + "\n"


def app_code() -> list[Path]:
    """Without tests and migrations."""
    found = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return [path for path in found if not {"tests", "testing", "migrations"} & set(path.relative_to(ROOT).parts)]


def loose_branches(source: str, module: str) -> Iterator[int]:
    """Lines that branch on one of the sets in a way that mypy cannot hold against a new member: by comparing, by a
    list or a dict of members, or by a match that ends without assert_never."""
    tree = ast.parse(source)
    names = set(_names(tree, module))
    for node in ast.walk(tree):
        asked: list[ast.expr | None] = []
        match node:
            case ast.Compare(left=left, comparators=others):
                asked = [left, *others]
            case ast.Set(elts=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Dict(keys=parts):
                asked = [*parts]
            case ast.Match(cases=cases) if not _is_closed(cases[-1]):
                patterns = [part for case in cases for part in ast.walk(case.pattern)]
                asked = [part.value for part in patterns if isinstance(part, ast.MatchValue)]
        if any(_is_member(each, names) for each in asked):
            yield node.lineno  # type: ignore[attr-defined]  # each of these four has one


def _names(tree: ast.Module, module: str) -> Iterator[str]:
    """What the sets are called here."""
    wanted = {(kind.__module__, kind.__name__) for kind in SETS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (each.asname or each.name for each in node.names if (node.module, each.name) in wanted)
        elif isinstance(node, ast.ClassDef) and (module, node.name) in wanted:
            yield node.name


def _is_member(node: ast.expr | None, names: set[str]) -> bool:
    """Such as Level.EMAIL; Level.values is none."""
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attr):
            return name in names and attr.isupper()
        case _:
            return False


def _is_closed(case: ast.match_case) -> bool:
    """Whether it takes whatever is left, and hands it to a function that takes nothing."""
    called = {each.func.id for each in ast.walk(case) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)}
    takes_all = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
    return takes_all and bool(called & {"assert_never", "_refuse"})
