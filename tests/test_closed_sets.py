"""One more level, status or decision than the code knows: nothing opens, nothing is stored, and mypy says where."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import CheckConstraint, Q

from access import policy
from access.policy import ANONYMOUS, Decision, Level, Restriction, Status, Visitor
from courses import preview_time
from courses.models import CoursePage
from courses.models.stage import status_of
from courses.preview_time import Audience
from purchases.ledger.payment_state import Dispute, PaymentState
from purchases.models.states import State
from tests.closed_sets import APPS, NAME, ROOT, app_code, loose_branches, made_up
from tests.secret_site import SecretSite, leaks, url

COURSE = uuid4()
LEARNER = Visitor(email="ada@example.org", grants=frozenset({COURSE}))
VISITORS = [ANONYMOUS, LEARNER, replace(LEARNER, is_page_staff=True)]
OURS = {*APPS, "wagtail_cloudinary"}


@pytest.mark.parametrize("level", [made_up(Level), NAME.lower()])
def test_a_made_up_level_opens_nothing(level: Level) -> None:
    for visitor, status, is_free in product(VISITORS, Status, (True, False)):
        restriction = Restriction(level=level, status=status, is_free_preview=is_free, courses=frozenset({COURSE}))

        assert policy.decide(restriction, visitor) is Decision.NOT_HERE


@pytest.mark.parametrize("status", [made_up(Status), NAME.lower()])
def test_a_made_up_status_opens_nothing(status: Status) -> None:
    for visitor, level, is_free in product(VISITORS, Level, (True, False)):
        restriction = Restriction(level=level, status=status, is_free_preview=is_free, courses=frozenset({COURSE}))

        assert policy.decide(restriction, visitor) is Decision.NOT_HERE
    assert status_of(is_live=True, availability=NAME.lower()) is Status.DRAFT


def test_a_made_up_decision_opens_no_door(site_of_secrets: SecretSite, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson, client = site_of_secrets.lessons["email"], site_of_secrets.visitors["anonymous"]
    monkeypatch.setattr(client, "raise_request_exception", False)
    monkeypatch.setattr(policy, "decide", lambda restriction, visitor: made_up(Decision))

    for address in [url(lesson), *site_of_secrets.files("email").values()]:
        answer = client.get(address)

        assert answer.status_code == 500
        assert not leaks(answer)


def test_what_is_made_up_answers_no_question() -> None:
    """What is not decided upon ends the request: no page says more, and no answer is kept for everybody."""
    questions: list[Callable[[], Any]] = [
        lambda: Restriction(level=made_up(Level), status=Status.PUBLISHED).is_open,
        lambda: made_up(Level).is_sold,
        lambda: made_up(Status).is_public,
        lambda: made_up(Status).is_published,
        lambda: made_up(Decision).is_allowed,
        lambda: made_up(Decision).is_here,
        lambda: PaymentState(paid_at=datetime(2026, 1, 1, tzinfo=UTC), dispute=made_up(Dispute)).opens(
            keeps_access=True
        ),
        lambda: preview_time._learner(made_up(Audience), CoursePage()),
    ]
    for question in questions:
        with pytest.raises(AssertionError, match="unreachable"):
            question()
    assert not made_up(State).has_money
    assert not made_up(State).is_disputed


def test_the_database_takes_no_choice_that_is_not_known() -> None:
    stored = [
        (model, field, {value for value, _label in field.flatchoices} | ({""} if field.blank else set()))
        for model in apps.get_models()
        if model.__module__.split(".")[0] in OURS
        for field in model._meta.local_fields
        if field.flatchoices and field.editable
    ]

    loose = [
        f"{model.__name__}.{field.name}" for model, field, known in stored if known not in _held(model, field.name)
    ]

    assert len(stored) > 10
    assert loose == []


def _held(model: Any, name: str) -> Iterator[set[str]]:
    """The values to which a constraint holds this column."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q):
            conditions = [each for each in constraint.condition.children if isinstance(each, tuple)]
            yield from (set(values) for key, values in conditions if key == f"{name}__in")


LOOSE = """
from access.policy import Level
from courses.models.stage import Availability as Stage
if level is not Level.ANYONE: pass
if level in {Level.ANYONE}: pass
texts = {Level.EMAIL: "by email"}
match level:
    case Level.ANYONE: pass
    case _: pass
match level:
    case Level.ANYONE: pass
    case _: assert_never(level)
courses.filter(access=Level.ANYONE, availability=Stage.PUBLISHED)
"""


def test_code_branches_on_closed_sets_only_where_mypy_sees_it() -> None:
    """tests/soak asks mypy itself, which takes a minute."""
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in app_code()
        for line in loose_branches(path.read_text(), ".".join(path.relative_to(ROOT).with_suffix("").parts))
    ]

    assert sorted(set(loose_branches(LOOSE, "somewhere"))) == [4, 5, 6, 7]
    assert found == []
