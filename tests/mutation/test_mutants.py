from typing import Any

import pytest

from tests.mutation.__main__ import EQUIVALENT
from tests.mutation.mutants import mutants

ROOT = EQUIVALENT.parents[2]


def names(source: str) -> list[str]:
    return [mutant.name.removeprefix("made_up.py ") for mutant in mutants(source, "made_up.py")]


@pytest.mark.parametrize(
    ("statement", "faults"),
    [
        ("if a < b: pass", ["a < b → a <= b", "a < b → a >= b"]),
        ("if a is None: pass", ["a is None → a is not None"]),
        ("if a and b: pass", ["a and b → a or b", "a and b → b", "a and b → a"]),
        ("if a: pass", ["if a: → if not a:"]),
        ("if not a: pass", ["not a → a"]),
        ("a = b + 1", ["b + 1 → b - 1", "1 → 2"]),
        ("a = True", ["True → False"]),
        ("a.b = c", ["a.b = c → pass"]),
        ("a(b)", ["a(b) → pass"]),
        ("raise A", ["raise A → pass"]),
        ("return a", ["return a → return None"]),
        ("a = {b, c}", ["{b, c} → {c}", "{b, c} → {b}"]),
        ("a = [b for b in c if b]", ["for b in c if b → for b in c"]),
        ("a = b.get(c=1)", ["b.get(c=1) → b.get()", "1 → 2"]),
        ("a = b.order_by('c')", ["b.order_by('c') → b.order_by('-c')"]),
        ("a = b.first()", ["b.first() → b.last()"]),
        ("a = super().get(b, **c)", []),
        ("match a:\n  case b.C | b.D: pass", ["b.C | b.D → b.D", "b.C | b.D → b.C"]),
    ],
)
def test_each_operator_makes_its_faults(statement: str, faults: list[str]) -> None:
    body = "\n".join(f"  {line}" for line in statement.split("\n"))

    assert names(f"def f():\n{body}") == [f"f: {fault}".strip() for fault in faults]


@pytest.mark.parametrize(
    "source",
    [
        "def f(a: 1 = 2) -> 3: pass",
        "@decorated(1)\ndef f(): pass",
        "class A(b(1)):\n  c = 1",
        "def f():\n  logger.info('one', 1)",
        "def f():\n  a = _('one', 1)",
        "def f():\n  a: b[1] = 'two'",
    ],
)
def test_what_runs_at_import_or_is_only_read_by_people_is_left_alone(source: str) -> None:
    assert names(source) == []


def test_faults_lie_in_methods_lambdas_and_constants() -> None:
    source = "LIMIT = 5\nclass A:\n  def f(self):\n    a = 1\n    a = 1\nKEY = lambda x: not x\n"

    assert names(source) == ["LIMIT: 5 → 6", "A.f: 1 → 2", "A.f: 1 → 2 #2", "<lambda>: not x → x"]


def test_a_fault_is_compiled_and_the_source_then_stands_as_it_was() -> None:
    first, second = mutants("def f():\n  return 1 + 1", "made_up.py")[1:3]
    spaces: list[dict[str, Any]] = [{}, {}]

    exec(first.compiled(), spaces[0])  # noqa: S102
    exec(second.compiled(), spaces[1])  # noqa: S102

    assert [space["f"]() for space in spaces] == [0, 3]


def test_what_is_called_equivalent_is_a_mutant() -> None:
    """A name that was changed in the code is changed here as well, or its mutant counts again."""
    named = [line for line in EQUIVALENT.read_text().splitlines() if line and not line.startswith("#")]
    paths = {line.split(" ", maxsplit=1)[0] for line in named}

    known = {mutant.name for path in paths for mutant in mutants((ROOT / path).read_text(), path)}

    assert [name for name in named if name not in known] == []
    assert len(set(named)) == len(named)
