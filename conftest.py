"""Fixtures for every test: the people and the pages of a small site, by role."""

import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from access import policy
from access.models import Email, Grant
from access.sessions import learner_sessions, token_secrets
from courses.models import CourseIndexPage, CoursePage, LessonPage
from courses.tests.factories import CoursePageFactory, LessonPageFactory
from home.models import HomePage
from tests import prepared_database
from tests.grouping import Grouped
from tests.locks import LOCK_OFF, LOCKS

# No deadline: the machine may be busy with the other tests.
USUAL = "soak" if os.environ.get("SOAK") else "lectern"
hypothesis.settings.register_profile("lectern", deadline=None)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=20_000)
# The first example that gets in is enough: looking for the shortest one would take minutes.
hypothesis.settings.register_profile("lock off", deadline=None, phases=[hypothesis.Phase.generate])
hypothesis.settings.load_profile(USUAL)

TEST_SECONDS = 600  # what a test may take, fixtures and all, however busy the machine is
CANARY = "canary-6f1d2c"  # stands in every secret field of the test pages


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A refusal proves nothing unless it fails without its lock: each runs a second time, with the lock off."""
    if metafunc.definition.get_closest_marker("refusal"):
        metafunc.parametrize("_lock", ["on", LOCK_OFF], indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a refusal's cases, which share a lock, one runs without it: whichever is first. `make soak` runs each."""
    if {"SOAK", "EVERY_LOCK"} & os.environ.keys():
        return
    functions, chosen, left_out = set[str](), list[pytest.Item](), list[pytest.Item]()
    for item in items:
        call, function = getattr(item, "callspec", None), item.nodeid.partition("[")[0]
        is_off = call is not None and call.params.get("_lock") == "off"
        (left_out if is_off and function in functions else chosen).append(item)
        functions |= {function} if is_off else set()
    items[:] = chosen
    if left_out:
        config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish() -> None:
    gc.freeze()  # what is imported by now stays: a collection looks at what the tests leave


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Grouped:
    return Grouped(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """No test waits for ever: it fails where it waits, and then where its clean-up does."""

    def give_up(*_: object) -> None:
        pytest.fail(f"Given up after {TEST_SECONDS} seconds.")

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, TEST_SECONDS, 30)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With its lock off it must fail by itself: a fixture that breaks proves nothing either."""
    report = yield
    if call.when != "call" and hasattr(report, "wasxfail"):
        report.outcome = "failed"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """A test with transactions of its own empties the database when it ends; whatever runs next finds it as it was.

    Django fills it again only before the next test of that kind, as its own runner has these last of all.
    """
    result = yield
    marker = item.get_closest_marker("django_db")
    if nextitem and marker and marker.kwargs.get("transaction"):
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)  # type: ignore[attr-defined]
    return result


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """In place of pytest-django's, which migrates in every process."""
    name = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        prepared_database.set_up()
    yield
    with django_db_blocker.unblock():
        prepared_database.tear_down(name)


@pytest.fixture(scope="session", autouse=True)
def _nobody_elses_cache() -> None:
    """Nor do those who build something for many tests read what a running site has put into the same Redis."""
    caches["default"].key_prefix = uuid4().hex


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of its own for each test: clearing a Redis that others use as well would empty theirs in the middle."""
    monkeypatch.setattr(caches["default"], "key_prefix", uuid4().hex)


@pytest.fixture(autouse=True)
def _lock(request: pytest.FixtureRequest) -> Iterator[None]:
    if getattr(request, "param", "on") == "on":
        yield
        return
    hypothesis.settings.load_profile("lock off")
    with pytest.MonkeyPatch.context() as patch:
        LOCKS[request.node.get_closest_marker("refusal").args[0]](patch)
        yield
        # No later test shall find the files that this one left open.
        sys.last_exc = sys.last_value = sys.last_traceback = None  # type: ignore[assignment]
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            gc.collect()
        gc.freeze()  # what outlived that is looked at no more: else each of these would go through all there is
    hypothesis.settings.load_profile(USUAL)


@contextmanager
def undone() -> Iterator[None]:
    """Undoes what the block does to the database, for tests that go round many times. The code under test takes it for
    no transaction, as it does with the one around every test, and begins its own."""
    story = transaction.atomic()
    story._from_testcase = True  # type: ignore[attr-defined]
    with story:
        yield
        transaction.set_rollback(True)


@pytest.fixture
def in_public(settings: Any) -> None:
    """The site is not on somebody's own machine."""
    get_resolver().url_patterns  # noqa: B018 (first read now, the addresses would be those of a public site for good)
    settings.IS_LOCAL = False


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def home_page(db: None) -> HomePage:
    page: HomePage = HomePage.objects.get()
    return page


@pytest.fixture
def catalogue(home_page: HomePage) -> CourseIndexPage:
    page: CourseIndexPage = CourseIndexPage.objects.get()
    return page


@pytest.fixture
def make_course(catalogue: CourseIndexPage) -> Callable[..., CoursePage]:
    def make(**fields: Any) -> CoursePage:
        catalogue.refresh_from_db()
        course: CoursePage = CoursePageFactory(parent=catalogue, **fields)
        return course

    return make


@pytest.fixture
def make_lesson() -> Callable[..., LessonPage]:
    def make(course: CoursePage, **fields: Any) -> LessonPage:
        course.refresh_from_db()
        body = fields.pop("body", [("rich_text", f"<p>{CANARY}</p>")])
        lesson: LessonPage = LessonPageFactory(parent=course, body=body, search_description=CANARY, **fields)
        return lesson

    return make


@pytest.fixture
def open_lesson(make_course: Callable[..., CoursePage], make_lesson: Callable[..., LessonPage]) -> LessonPage:
    return make_lesson(make_course(slug="open", access=policy.Level.ANYONE), slug="lesson")


@pytest.fixture
def email_lesson(make_course: Callable[..., CoursePage], make_lesson: Callable[..., LessonPage]) -> LessonPage:
    return make_lesson(make_course(slug="gated", access=policy.Level.EMAIL), slug="lesson")


@pytest.fixture
def paid_lesson(make_course: Callable[..., CoursePage], make_lesson: Callable[..., LessonPage]) -> LessonPage:
    return make_lesson(make_course(slug="paid", access=policy.Level.PURCHASE), slug="lesson")


@pytest.fixture
def learner_email(db: None, now: datetime) -> Email:
    return Email.objects.create(address="ada@example.org", asked_at=now, verified_at=now)


@pytest.fixture
def sign_in(settings: Any, now: datetime) -> Callable[[Email], Client]:
    """A browser in which this address is verified."""

    def make(email: Email) -> Client:
        client = Client()
        client.cookies[settings.LEARNER_COOKIE] = learner_sessions.start(email, token=None, now=now)
        return client

    return make


@pytest.fixture
def verified_learner(learner_email: Email, sign_in: Callable[[Email], Client]) -> Client:
    return sign_in(learner_email)


@pytest.fixture
def buyer(learner_email: Email, paid_lesson: LessonPage, sign_in: Callable[[Email], Client], now: datetime) -> Client:
    course = paid_lesson.course
    assert course is not None
    Grant.objects.create(
        email=learner_email, course_key=course.translation_key, source=Grant.Source.PURCHASE, granted_at=now
    )
    return sign_in(learner_email)


@pytest.fixture
def asker(client: Client, settings: Any) -> str:
    """The secret of the browser `client`, as if it had asked for a mail."""
    secret = token_secrets.new()
    client.cookies[settings.ASKER_COOKIE] = secret
    return secret
