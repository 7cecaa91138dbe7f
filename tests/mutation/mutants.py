"""Mutation operators: small faults put into a module's source, one at a time, each of which some test should notice."""

import ast
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import CodeType

COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
SWAPPED = {
    one: other
    for pair in [("filter", "exclude"), ("first", "last"), ("min", "max"), ("any", "all"), ("startswith", "endswith")]
    for one, other in [pair, pair[::-1]]
}
CONDITIONS = {
    "filter",
    "exclude",
    "get",
    "update",
    "Q",
}  # of which each argument is one more condition, or one more change
# What is only read by people: nothing in these calls is changed.
WORDS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
LOGGERS = {"logger", "logging"}
# The parts of each node that run while the module is imported, or do not run at all.
UNTOUCHED: dict[type[ast.AST], set[str]] = {
    ast.FunctionDef: {"args", "decorator_list", "returns"},
    ast.AsyncFunctionDef: {"args", "decorator_list", "returns"},
    ast.Lambda: {"args"},
    ast.ClassDef: {"bases", "keywords", "decorator_list"},
    ast.AnnAssign: {"target", "annotation"},
    ast.FormattedValue: {"format_spec"},
}


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One fault. `name` stays the same while only other lines of the file change; `lines` are the statement's own.

    `constant` is the module's name to which the changed statement gives a value, "" for a statement in a function;
    `compiled` gives the code of that statement then, and otherwise of the whole module.
    """

    path: str
    name: str
    lines: range
    constant: str
    compiled: Callable[[], CodeType]

    @property
    def rank(self) -> str:
        """Where it stands in the order in which samples are drawn: the same each time, and spread over the files."""
        return sha256(self.name.encode()).hexdigest()


def mutants(source: str, path: str) -> list[Mutant]:
    """Every fault of every operator in the functions of a module, and in the values of its constants."""
    tree = ast.parse(source)
    found: list[Mutant] = []
    names: dict[str, int] = {}
    for place in _places(tree, _Place(node=tree)):
        for changed in _variants(place.node):
            name = f"{path} {place.where}: {_text(place.node)} → {_text(changed)}"
            names[name] = names.get(name, 0) + 1
            found.append(
                Mutant(
                    path=path,
                    name=name if names[name] == 1 else f"{name} #{names[name]}",
                    lines=place.lines,
                    constant=place.constant,
                    compiled=partial(_compiled, tree, place, changed, path),
                )
            )
    return found


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A node of the tree, how to put another in its stead, and where it is."""

    node: ast.AST
    put: Callable[[ast.AST], None] = lambda node: None
    names: tuple[str, ...] = ()
    is_function: bool = False
    constant: str = ""
    statement: ast.stmt | None = None
    lines: range = range(0)

    @property
    def where(self) -> str:
        return ".".join(self.names) or self.constant or "<lambda>"


def _places(node: ast.AST, here: _Place) -> Iterator[_Place]:
    if _is_for_people(node):
        return
    here = _inside(node, here)
    if here.is_function or here.constant:
        yield here
    for field, value in ast.iter_fields(node):
        if field in UNTOUCHED.get(type(node), ()):
            continue
        for child, put in _children(node, field, value):
            yield from _places(child, replace(here, node=child, put=put))


def _children(node: ast.AST, field: str, value: object) -> Iterator[tuple[ast.AST, Callable[[ast.AST], None]]]:
    if isinstance(value, ast.AST):
        yield value, lambda new: setattr(node, field, new)
    elif isinstance(value, list):
        for number, child in enumerate(value):
            if isinstance(child, ast.AST):
                yield child, lambda new, number=number: value.__setitem__(number, new)  # type: ignore[misc]


def _inside(node: ast.AST, here: _Place) -> _Place:
    if isinstance(node, ast.stmt | ast.match_case | ast.Lambda):
        here = replace(here, lines=_own_lines(node))
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return replace(here, names=(*here.names, name), is_function=True, constant="")
        case ast.Lambda():
            return replace(here, is_function=True, constant="")
        case ast.ClassDef(name=name):  # its body runs while it is made, as a module's does
            return replace(here, names=(*here.names, name), is_function=False)
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            if not here.names and not here.is_function:
                return replace(here, constant=name, statement=node)
    return here


def _own_lines(node: ast.stmt | ast.match_case | ast.Lambda) -> range:
    """The lines of a statement without those of the statements within it."""
    start = node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not isinstance(body, list):
        assert not isinstance(node, ast.match_case)
        return range(start, (node.end_lineno or start) + 1)
    first = body[0].pattern.lineno if isinstance(body[0], ast.match_case) else body[0].lineno
    return range(start, max(start + 1, first))


def _is_for_people(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in WORDS
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            return name in LOGGERS
        case ast.Expr(value=value):
            return _is_for_people(value)
    return False


def _variants(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901, PLR0912  one case an operator
    match node:
        case ast.Compare(ops=ops):
            for number, op in enumerate(ops):
                for other in COMPARISONS[type(op)]:
                    yield _with(node, ops=[*ops[:number], other(), *ops[number + 1 :]])
        case ast.BoolOp(op=op, values=values):
            yield _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
            yield from (_with(node, values=_without(values, each)) for each in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in OPERATORS and not _is_text(node):
            yield _with(node, op=OPERATORS[type(op)]())
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if _is_plain(test):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.comprehension(ifs=[_, *_] as ifs):
            yield from (_with(node, ifs=_without(ifs, each)) for each in ifs)
        case ast.Call():
            yield from _calls(node)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield _with(node, value=ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]) | ast.AugAssign():
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()
        case ast.Set(elts=[_, _, *_] as elements):
            yield from (_with(node, elts=_without(elements, each)) for each in elements)
        case ast.MatchOr(patterns=patterns):
            yield from (_with(node, patterns=_without(patterns, each)) for each in patterns)


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in SWAPPED and not (name == "first" and node.args):
        func = (
            _with(node.func, attr=SWAPPED[name])
            if isinstance(node.func, ast.Attribute)
            else ast.Name(SWAPPED[name], ast.Load())
        )
        yield _with(node, func=func)
    if name in CONDITIONS and not _is_of_super(node.func):  # what a view hands on to its base holds no condition
        yield from (_with(node, keywords=_without(node.keywords, each)) for each in node.keywords)
        yield from (
            _with(node, args=_without(node.args, each)) for each in node.args if isinstance(each, ast.Call | ast.BinOp)
        )
    if name == "order_by":
        for number, each in enumerate(node.args):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                other = each.value[1:] if each.value.startswith("-") else f"-{each.value}"
                yield _with(node, args=[*node.args[:number], ast.Constant(other), *node.args[number + 1 :]])


def _is_of_super(func: ast.expr) -> bool:
    match func:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return True
    return False


def _is_plain(test: ast.expr) -> bool:
    """Whether no other operator turns it into its opposite."""
    return not isinstance(test, ast.BoolOp | ast.Compare | ast.Constant) and not (
        isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    )


def _is_text(node: ast.BinOp | ast.AugAssign) -> bool:
    """Strings put together or formatted, where any other operator only raises."""
    sides = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.value]
    return any(isinstance(side, ast.JoinedStr) or isinstance(getattr(side, "value", None), str) for side in sides)


def _without[T](values: list[T], one: T) -> list[T]:
    return [value for value in values if value is not one]


def _with[T: ast.AST](node: T, **fields: object) -> ast.AST:
    changed = copy(node)
    for field, value in fields.items():
        setattr(changed, field, value)
    if isinstance(changed, ast.BoolOp) and len(changed.values) == 1:
        return changed.values[0]
    if isinstance(changed, ast.MatchOr) and len(changed.patterns) == 1:
        return changed.patterns[0]
    return changed


def _text(node: ast.AST) -> str:
    """In one line; of a statement only what is its own."""
    if isinstance(node, ast.If | ast.While):
        node = _with(node, body=[ast.Pass()], orelse=[])
        return ast.unparse(ast.fix_missing_locations(node)).split("\n")[0]
    return " ".join(ast.unparse(ast.fix_missing_locations(node)).split())


def _compiled(tree: ast.Module, place: _Place, changed: ast.AST, path: str) -> CodeType:
    ast.copy_location(changed, place.node)
    place.put(ast.fix_missing_locations(changed))
    try:
        body = [place.statement] if place.constant and place.statement else tree.body
        return compile(ast.Module(body, type_ignores=[]), str(Path(path).resolve()), "exec", dont_inherit=True)
    finally:
        place.put(place.node)
