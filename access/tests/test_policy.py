"""The whole table of the policy, every cell written out, and that asking for more never opens anything."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.policy import ANONYMOUS, Decision, Level, Restriction, Status, Visitor, decide, least, strictest

COURSE, OTHER = uuid4(), uuid4()
VISITORS = {
    "anonymous": ANONYMOUS,
    "verified": Visitor(email="ada@example.org"),
    "buyer": Visitor(email="ada@example.org", grants=frozenset({COURSE})),
    "buyer_of_another": Visitor(email="ada@example.org", grants=frozenset({OTHER})),
    "staff": Visitor(is_page_staff=True),
}
A, E, P, Y, H = (
    Decision.ALLOW,
    Decision.NEEDS_EMAIL,
    Decision.NEEDS_PURCHASE,
    Decision.NOT_YET,
    Decision.NOT_HERE,
)
# (level, status, free preview): anonymous, verified, buyer, buyer of another course, staff
TABLE = {
    (None, Status.DRAFT, False): (H, H, H, H, H),
    (None, Status.DRAFT, True): (H, H, H, H, H),
    (None, Status.COMING_SOON, False): (H, H, H, H, H),
    (None, Status.COMING_SOON, True): (H, H, H, H, H),
    (None, Status.PUBLISHED, False): (H, H, H, H, H),
    (None, Status.PUBLISHED, True): (H, H, H, H, H),
    (Level.ANYONE, Status.DRAFT, False): (H, H, H, H, H),
    (Level.ANYONE, Status.DRAFT, True): (H, H, H, H, H),
    (Level.ANYONE, Status.COMING_SOON, False): (Y, Y, Y, Y, A),
    (Level.ANYONE, Status.COMING_SOON, True): (Y, Y, Y, Y, A),
    (Level.ANYONE, Status.PUBLISHED, False): (A, A, A, A, A),
    (Level.ANYONE, Status.PUBLISHED, True): (A, A, A, A, A),
    (Level.EMAIL, Status.DRAFT, False): (H, H, H, H, H),
    (Level.EMAIL, Status.DRAFT, True): (H, H, H, H, H),
    (Level.EMAIL, Status.COMING_SOON, False): (Y, Y, Y, Y, A),
    (Level.EMAIL, Status.COMING_SOON, True): (Y, Y, Y, Y, A),
    (Level.EMAIL, Status.PUBLISHED, False): (E, A, A, A, A),
    (Level.EMAIL, Status.PUBLISHED, True): (A, A, A, A, A),
    (Level.PURCHASE, Status.DRAFT, False): (H, H, H, H, H),
    (Level.PURCHASE, Status.DRAFT, True): (H, H, H, H, H),
    (Level.PURCHASE, Status.COMING_SOON, False): (Y, Y, Y, Y, A),
    (Level.PURCHASE, Status.COMING_SOON, True): (Y, Y, Y, Y, A),
    (Level.PURCHASE, Status.PUBLISHED, False): (P, P, A, P, A),
    (Level.PURCHASE, Status.PUBLISHED, True): (A, A, A, A, A),
}
CELLS = [
    pytest.param(level, status, free, who, expected, id=f"{level}-{status}-{'free' if free else 'kept'}-{who}")
    for (level, status, free), row in TABLE.items()
    for who, expected in zip(VISITORS, row, strict=True)
]


@pytest.mark.parametrize(("level", "status", "free", "who", "expected"), CELLS)
def test_every_cell(level: Level | None, status: Status, free: bool, who: str, expected: Decision) -> None:
    restriction = Restriction(level=level, status=status, is_free_preview=free, courses=frozenset({COURSE}))

    assert decide(restriction, VISITORS[who]) is expected


def test_the_table_is_whole() -> None:
    assert len(TABLE) == (len(Level) + 1) * len(Status) * 2


def test_only_what_is_published_for_anyone_reads_the_same_to_everyone() -> None:
    """What is open leaves for shared caches."""
    cells = [Restriction(level=level, status=status, is_free_preview=free) for level, status, free in TABLE]
    found = {(each.level, each.status) for each in cells if each.is_open}

    assert found == {(Level.ANYONE, Status.PUBLISHED)}
    assert {TABLE[*cell, free] for cell in found for free in (True, False)} == {(A,) * len(VISITORS)}


def test_every_course_that_asks_must_be_bought() -> None:
    restriction = Restriction(level=Level.PURCHASE, status=Status.PUBLISHED, courses=frozenset({COURSE, OTHER}))

    assert decide(restriction, VISITORS["buyer"]) is Decision.NEEDS_PURCHASE
    assert decide(restriction, Visitor(email="a@b.c", grants=frozenset({COURSE, OTHER}))) is Decision.ALLOW


def test_a_purchase_that_names_no_course_opens_to_nobody() -> None:
    restriction = Restriction(level=Level.PURCHASE, status=Status.PUBLISHED)

    assert decide(restriction, VISITORS["buyer"]) is Decision.NEEDS_PURCHASE


def test_grants_without_an_address_open_nothing() -> None:
    restriction = Restriction(level=Level.PURCHASE, status=Status.PUBLISHED, courses=frozenset({COURSE}))

    assert decide(restriction, Visitor(grants=frozenset({COURSE}))) is Decision.NEEDS_PURCHASE


def test_strictest_and_least() -> None:
    assert strictest([Level.ANYONE, Level.PURCHASE, Level.EMAIL]) is Level.PURCHASE
    assert strictest([]) is None
    assert least([Status.PUBLISHED, Status.COMING_SOON]) is Status.COMING_SOON
    assert least([]) is Status.DRAFT


keys: st.SearchStrategy[frozenset[UUID]] = st.frozensets(st.sampled_from([COURSE, OTHER]))
restrictions = st.builds(
    Restriction,
    level=st.sampled_from([None, *Level]),
    status=st.sampled_from(list(Status)),
    is_free_preview=st.booleans(),
    courses=keys,
)
visitors = st.builds(
    Visitor, email=st.sampled_from([None, "ada@example.org"]), grants=keys, is_page_staff=st.booleans()
)


def is_open(restriction: Restriction, visitor: Visitor) -> bool:
    return decide(restriction, visitor) is Decision.ALLOW


@given(restrictions, visitors)
def test_total(restriction: Restriction, visitor: Visitor) -> None:
    assert decide(restriction, visitor) in Decision


@given(restrictions, visitors, st.sampled_from(list(Level)), st.sampled_from(list(Status)), keys)
def test_adding_a_restriction_never_opens(
    restriction: Restriction, visitor: Visitor, level: Level, status: Status, more: frozenset[UUID]
) -> None:
    levels = [level, restriction.level] if restriction.level else []
    stricter = [
        replace(restriction, level=strictest(levels)),
        replace(restriction, level=None),
        replace(restriction, status=least([status, restriction.status])),
        replace(restriction, is_free_preview=False),
    ]
    if restriction.courses:
        stricter.append(replace(restriction, courses=restriction.courses | more))

    assert not any(is_open(each, visitor) and not is_open(restriction, visitor) for each in stricter)


@given(restrictions, visitors, keys)
def test_knowing_more_of_a_visitor_never_shuts(
    restriction: Restriction, visitor: Visitor, more: frozenset[UUID]
) -> None:
    known = [
        replace(visitor, email="ada@example.org"),
        replace(visitor, grants=visitor.grants | more),
        replace(visitor, is_page_staff=True),
    ]

    assert all(is_open(restriction, each) for each in known if is_open(restriction, visitor))


@given(restrictions, visitors)
def test_what_the_anonymous_may_read_everybody_may(restriction: Restriction, visitor: Visitor) -> None:
    """access.gate.decisions rests on this: it asks who the visitor is only when the anonymous are refused."""
    if is_open(restriction, ANONYMOUS):
        assert is_open(restriction, visitor)


@given(restrictions, visitors)
def test_what_is_not_here_is_here_for_nobody(restriction: Restriction, visitor: Visitor) -> None:
    if decide(restriction, ANONYMOUS) is Decision.NOT_HERE:
        assert decide(restriction, visitor) is Decision.NOT_HERE
