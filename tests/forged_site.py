"""A small site whose rights are tried by force, and all of it that visitors can tell or that decides about them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import (
    Collection,
    GroupPagePermission,
    Locale,
    Page,
    Revision,
    Site,
    TaskState,
    Workflow,
    WorkflowPage,
)

from access.models import GateSettings, Grant
from access.policy import Level
from conftest import CANARY
from courses.models import CourseIndexPage, CoursePage, LessonPage, Topic
from courses.tests.content import download, picture
from courses.tests.factories import CoursePageFactory, LessonPageFactory
from home.models import BrandSettings
from library.models import CustomDocument, CustomImage, Video
from library.tests import factories
from purchases.models import GiftMail, Payment, PurchaseMail, Refund, ShopSettings
from purchases.tests.staff_fixtures import make_payment
from review import decisions
from review.models import ReviewTask

# What changes with a draft, or with the order of rows, and is no visitor's business.
OF_DRAFTS = {
    "latest_revision",
    "latest_revision_created_at",
    "has_unpublished_changes",
    "draft_title",
    "numchild",
    "comments",
}
PRICED = {"price": 4900, "currency": "EUR"}
AHEAD = timezone.now().replace(microsecond=0) + timedelta(days=30)


@dataclass
class ForgedSite:
    """A paid course, live, whose draft would open it; a live lesson with files; one page in review, one scheduled."""

    author: Any
    gated: CoursePage
    open: CoursePage
    lesson: LessonPage
    loosened: Revision
    alias: LessonPage
    waiting: TaskState
    in_review: CoursePage
    scheduled: CoursePage
    draft: LessonPage
    image: CustomImage
    cover: CustomImage
    document: CustomDocument
    video: Video
    topic: Topic
    home: Page
    payment: Payment


def build(index: CourseIndexPage) -> ForgedSite:
    author = get_user_model().objects.create_user("author", "author@example.org", "x")
    author.groups.add(Group.objects.get(name="Editors"))
    image, document, video = factories.make_image(), factories.make_document(), factories.make_video()
    cover = factories.make_image(title="A cover")
    topic = Topic.objects.create(name="Bees", slug="bees")
    courses = {
        slug: _publish(
            CoursePageFactory(parent=_fresh(index), slug=slug, access=access, owner=author, thumbnail=cover, **PRICED),
            topic,
        )
        for slug, access in {
            "gated": Level.PURCHASE,
            "open": Level.ANYONE,
            "in-review": Level.EMAIL,
            "scheduled": Level.EMAIL,
        }.items()
    }
    GateSettings.load()
    gated = courses["gated"]
    text = ("rich_text", f"<p>{CANARY}</p>")
    lesson = _publish(
        LessonPageFactory(
            parent=_fresh(gated),
            slug="lesson",
            video=video,
            owner=author,
            body=[text, picture(image), download(document)],
        )
    )
    alias = lesson.create_alias(parent=_fresh(courses["open"]), update_slug="alias")
    draft = LessonPageFactory(parent=_fresh(gated), slug="draft", live=False, owner=author, body=[text])
    draft.save_revision(user=author)
    gated.access = Level.ANYONE
    gated.save_revision(user=author)
    lesson.is_free_preview = True
    loosened = lesson.save_revision(user=author)
    in_review, scheduled = courses["in-review"], courses["scheduled"]
    in_review.access = Level.ANYONE
    in_review.save_revision(user=author)
    in_review.get_workflow().start(in_review, author)
    scheduled.go_live_at = AHEAD
    scheduled.save_revision().publish()
    waiting = decisions.waiting(in_review)
    assert waiting is not None
    return ForgedSite(
        author=author,
        gated=_fresh(gated),
        open=_fresh(courses["open"]),
        lesson=_fresh(lesson),
        loosened=loosened,
        alias=_fresh(alias),
        waiting=waiting,
        in_review=_fresh(in_review),
        scheduled=_fresh(scheduled),
        draft=_fresh(draft),
        image=image,
        cover=cover,
        document=document,
        video=video,
        topic=topic,
        home=index.get_parent(),
        payment=_paid(gated),
    )


@dataclass(frozen=True)
class State:
    """The state of everything that a request without rights must leave as it is."""

    parts: dict[str, Any]
    answers: dict[str, Any]
    everything: dict[str, Any]

    def changed(self) -> str:
        """What has changed since, or ""."""
        for name, part in PARTS.items():
            if part() != self.parts[name]:
                return name
        # Where every row is as it was, visitors are answered as they were: asking costs more than all the rest.
        return "answers" if everything() != self.everything and answers() != self.answers else ""


PARTS: dict[str, Callable[[], Any]] = {
    "pages": lambda: {page.pk: _page(page) for page in Page.objects.live().order_by("pk").specific()},
    "schedules": lambda: list(
        Revision.objects.exclude(approved_go_live_at=None).order_by("pk").values_list("pk", "approved_go_live_at")
    ),
    "reviews": lambda: list(TaskState.objects.order_by("pk").values_list("pk", "status", "revision_id")),
    "files": lambda: _rows(CustomImage, CustomDocument, Video),
    "rest": lambda: _rows(Topic, BrandSettings, GateSettings, Site, Locale, Workflow, ReviewTask),
    "rights": lambda: _rows(GroupPagePermission, Collection, Group, WorkflowPage, ReviewTask.groups.through),
    "money": lambda: _rows(Payment, Refund, Grant, PurchaseMail, GiftMail, ShopSettings),
    "author": lambda: list(
        get_user_model().objects.filter(username="author").values_list("is_superuser", "groups__name")
    ),
}


def state() -> State:
    return State({name: part() for name, part in PARTS.items()}, answers(), everything())


def answers() -> dict[str, Any]:
    return {page.url: _answer(page.url) for page in Page.objects.live().filter(depth__gt=1)}


def everything() -> dict[str, Any]:
    """Every row but those of people, their groups and sessions, on which no visitor's answer hangs."""
    user = get_user_model()
    people = {model._meta.db_table for model in (user, user.groups.through, Session)}
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - people
    with connection.cursor() as cursor:
        rows = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608
            rows[table] = cursor.fetchall()
        return rows


def _page(page: Page) -> dict[str, Any]:
    return {name: value for name, value in page.serializable_data().items() if name not in OF_DRAFTS}


def _answer(url: str) -> Any:
    response = Client().get(url)
    shown = response.content if not response.streaming else b""
    return response.status_code, [line for line in shown.splitlines() if b"csrf" not in line]


def _rows(*models: Any) -> list[list[dict[str, Any]]]:
    return [list(model.objects.order_by("pk").values()) for model in models]


def _paid(course: CoursePage) -> Payment:
    ShopSettings.load()
    return make_payment(course, "ada@example.org", now=timezone.now())


def _publish(page: Any, topic: Topic | None = None) -> Any:
    if topic:
        page.topics.set([topic])
    page.save_revision().publish()
    return _fresh(page)


def _fresh(page: Any) -> Any:
    return type(page).objects.get(pk=page.pk)
