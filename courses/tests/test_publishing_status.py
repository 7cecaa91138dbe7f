"""Publishing status: the sentence about a page, and the lists of pages by status."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowTask

from access.policy import Status
from courses import publishing_status
from courses.models import CourseIndexPage, CoursePage, LessonPage
from courses.models.stage import Availability

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
SOON = datetime(2027, 3, 2, 8, tzinfo=UTC)
SAID = "Tue 2 Mar 2027 08:00 UTC"


@pytest.fixture
def draft(make_course: MakeCourse) -> CoursePage:
    return make_course(live=False)


def wish(page: Page, time: datetime = SOON, **fields: Any) -> Page:
    """Save a draft that holds a date, and perhaps other changes."""
    page.go_live_at = time
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(clean=False)
    return page


def approve(page: Page, time: datetime = SOON, **fields: Any) -> Page:
    wish(page, time, **fields)
    with_date = page.latest_revision
    with_date.approved_go_live_at = time
    with_date.save()
    return page


@pytest.fixture
def submit(db: None) -> Callable[[Page], Any]:
    def act(page: Page) -> Any:
        user = get_user_model().objects.create_user("writer", "", "x")
        task = GroupApprovalTask.objects.create(name="Look")
        workflow = Workflow.objects.create(name="Looking")
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        if page.latest_revision is None:
            page.save_revision()
        return workflow.start(page, user)

    return act


def said(page: Page) -> str:
    return publishing_status.status_for(page, now=NOW).sentence


# One page


def test_draft_was_never_published(draft: CoursePage) -> None:
    assert publishing_status.status_for(draft) == publishing_status.PublishingStatus(
        status=Status.DRAFT, sentence="Never published."
    )


def test_approved_date_is_said_with_its_time_zone(draft: CoursePage) -> None:
    approve(draft)

    assert publishing_status.status_for(draft, now=NOW) == publishing_status.PublishingStatus(
        status=Status.DRAFT, sentence=f"Goes live {SAID} (approved).", goes_live_at=SOON
    )


def test_time_is_the_editors_own(draft: CoursePage) -> None:
    approve(draft)

    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert said(draft) == "Goes live Tue 2 Mar 2027 09:00 CET (approved)."


def test_date_that_nobody_approved_is_a_warning(draft: CoursePage) -> None:
    wish(draft)

    found = publishing_status.status_for(draft, now=NOW)

    assert found.sentence == f"Won’t go live: {SAID} is set, but it hasn’t been published."
    assert found.needs_care


def test_date_in_the_draft_of_a_live_page_is_a_warning(make_course: MakeCourse) -> None:
    assert said(wish(make_course())).startswith("Won’t go live")


def test_date_of_the_last_release_is_no_warning_later(make_course: MakeCourse) -> None:
    assert said(wish(make_course(first_published_at=NOW), NOW - timedelta(days=1))) == (
        "Live, with unpublished changes."
    )


def test_course_that_opens_on_a_date(make_course: MakeCourse) -> None:
    course = approve(make_course(availability=Availability.COMING_SOON), availability=Availability.PUBLISHED)

    assert said(course) == f"Opens {SAID} (approved)."
    assert publishing_status.status_for(course).status is Status.COMING_SOON


def test_live_page_with_an_approved_change(make_course: MakeCourse) -> None:
    assert said(approve(make_course())) == f"Live; its changes go live {SAID} (approved)."


def test_release_that_was_missed_needs_care(draft: CoursePage) -> None:
    approve(draft, NOW - timedelta(minutes=1))

    assert publishing_status.status_for(draft, now=NOW).needs_care
    assert said(draft) == "Was due to go live Mon 1 Mar 2027 11:59 UTC (approved), but hasn’t yet."


def test_page_in_review(draft: CoursePage, submit: Callable[[Page], Any]) -> None:
    state = submit(draft)

    assert said(draft) == f"In review since {publishing_status.moment(state.current_task_state.started_at)}."


def test_page_in_review_that_wants_a_date(draft: CoursePage, submit: Callable[[Page], Any]) -> None:
    submit(wish(draft))

    assert said(draft).endswith(f"; goes live {SAID} once approved.")
    assert not publishing_status.status_for(draft, now=NOW).needs_care


def test_page_that_was_sent_back_needs_care(draft: CoursePage, submit: Callable[[Page], Any]) -> None:
    submit(draft).current_task_state.reject()

    assert publishing_status.status_for(draft).needs_care
    assert said(draft).startswith("Changes requested ")


def test_unpublished_page(make_course: MakeCourse) -> None:
    course = make_course()
    course.save_revision().publish()
    course.refresh_from_db()
    course.unpublish()

    assert said(course) == "Unpublished."


def test_end_is_said(make_course: MakeCourse) -> None:
    assert said(make_course(expire_at=SOON)) == f"Live. Goes offline {SAID}."


def test_page_past_its_end(make_course: MakeCourse) -> None:
    assert said(make_course(live=False, expired=True)) == "Went offline at its end date."


def test_draft_in_hand_changes_nothing(make_course: MakeCourse) -> None:
    course = make_course()
    course.live = False

    assert publishing_status.status_for(course).status is Status.PUBLISHED


def test_catalogue_stands_too(catalogue: CourseIndexPage) -> None:
    assert publishing_status.status_for(catalogue) == publishing_status.PublishingStatus(
        status=Status.PUBLISHED, sentence="Live."
    )


# A lesson and its course


@pytest.mark.parametrize(
    ("course", "status", "sentence"),
    [
        ({}, Status.PUBLISHED, "Live."),
        ({"live": False}, Status.DRAFT, "Live. Not visible yet: its course is a draft."),
        ({"availability": Availability.COMING_SOON}, Status.COMING_SOON, "Live. It opens when its course does."),
    ],
)
def test_lesson_says_what_its_course_holds_back(
    make_course: MakeCourse, make_lesson: MakeLesson, course: dict[str, Any], status: Status, sentence: str
) -> None:
    lesson = make_lesson(make_course(**course))

    found = publishing_status.status_for(lesson)

    assert (found.status, found.sentence) == (status, sentence)
    assert found.status is LessonPage.objects.get(pk=lesson.pk).status


def test_lesson_says_when_its_course_goes_live(draft: CoursePage, make_lesson: MakeLesson) -> None:
    lesson = make_lesson(draft)
    approve(CoursePage.objects.get())

    assert said(lesson) == f"Live. Not visible yet: its course goes live {SAID}."


def test_lesson_says_when_its_course_opens(make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    lesson = make_lesson(make_course(availability=Availability.COMING_SOON))
    approve(CoursePage.objects.get(), availability=Availability.PUBLISHED)

    assert said(lesson) == f"Live. It opens with its course {SAID}."


def test_orphan_is_a_draft(home_page: Page, make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    lesson = make_lesson(make_course())
    lesson.move(home_page, pos="last-child")

    assert publishing_status.status_for(LessonPage.objects.get()).status is Status.DRAFT


# Many


def test_many_pages_cost_as_much_as_one(
    make_course: MakeCourse, make_lesson: MakeLesson, django_assert_num_queries: Any
) -> None:
    lessons = [approve(make_lesson(make_course())) for _ in range(5)]
    publishing_status.statuses_for(lessons)

    with django_assert_num_queries(6):
        publishing_status.statuses_for(lessons)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("model", [CoursePage, LessonPage])
def test_list_of_a_status_agrees_with_each_page(
    make_course: MakeCourse, make_lesson: MakeLesson, status: Status, model: Any
) -> None:
    for course in ({"live": False}, {"availability": Availability.COMING_SOON}, {}):
        made = make_course(**course)
        for lesson in ({"live": False}, {"availability": Availability.COMING_SOON}, {}):
            make_lesson(made, **lesson)

    found = set(publishing_status.having(status, model.objects.all()))

    assert found == {page for page in model.objects.all() if publishing_status.status_for(page).status is status}
    assert found


def test_lists_of_what_comes_next(make_course: MakeCourse, submit: Callable[[Page], Any]) -> None:
    done, waits, wishes, reviewed = (make_course(live=False) for _ in range(4))
    approve(waits)
    wish(wishes)
    submit(reviewed)
    past = wish(make_course(first_published_at=NOW), NOW - timedelta(days=1))
    assert {done, past} < set(CoursePage.objects.all())

    pages = CoursePage.objects.all()

    assert list(publishing_status.scheduled(pages)) == [waits]
    assert list(publishing_status.wishing(pages, now=NOW)) == [wishes]
    assert list(publishing_status.in_review(pages)) == [reviewed]
