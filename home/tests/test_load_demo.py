"""The demo: what it puts there, once, and where it may not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from access.models import Email
from access.policy import Level, Status
from courses.models import CoursePage, LessonCaption, LessonPage
from home.demo import COURSES, LEARNER, loading
from home.models import HomePage
from learning.models import LessonProgress


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo, loaded once for all tests of this module, each of which is rolled back on top of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_loaded: None, db: None) -> None:
    """A site with the demo in it."""


def test_demo_is_refused_in_production(db: None, settings: Any, django_user_model: Any) -> None:
    settings.IS_LOCAL = False
    django_user_model.objects.all().delete()

    with pytest.raises(CommandError):
        call_command("load_demo")

    assert not django_user_model.objects.exists()


@pytest.mark.refusal("policy")
@pytest.mark.parametrize("address", ["/courses/email-course/locked/", "/courses/paid-course/locked/"])
def test_what_is_locked_shows_the_anonymous_no_lesson(client: Client, demo: None, address: str) -> None:
    response = client.get(address)

    assert "courses/lesson_page.html" not in [template.name for template in response.templates]


def test_demo_loads_every_course(demo: None) -> None:
    assert set(CoursePage.objects.values_list("slug", flat=True)) == {course.slug for course in COURSES}


@pytest.mark.parametrize(
    ("slug", "level", "status"),
    [
        ("open-course", Level.ANYONE, Status.PUBLISHED),
        ("email-course", Level.EMAIL, Status.PUBLISHED),
        ("paid-course", Level.PURCHASE, Status.PUBLISHED),
        ("soon-course", None, Status.COMING_SOON),
        ("draft-course", None, Status.DRAFT),
    ],
)
def test_course_is_as_far_along_as_its_address_says(demo: None, slug: str, level: Level | None, status: Status) -> None:
    course = CoursePage.objects.get(slug=slug)

    assert course.status is status
    assert level in {None, course.access}


@pytest.mark.parametrize(
    ("address", "status", "template"),
    [
        ("/", 200, "home/home_page.html"),
        ("/courses/", 200, "courses/course_index_page.html"),
        ("/courses/open-course/", 200, "courses/course_page.html"),
        ("/courses/open-course/welcome/", 200, "courses/lesson_page.html"),
        ("/courses/email-course/preview/", 200, "courses/lesson_page.html"),
        ("/courses/paid-course/preview/", 200, "courses/lesson_page.html"),
        ("/courses/email-course/locked/", 200, "access/gate.html"),
        ("/courses/paid-course/locked/", 200, "access/gate.html"),
        ("/courses/soon-course/", 200, "courses/course_page.html"),
        ("/courses/draft-course/", 404, "404.html"),
    ],
)
def test_address_answers_as_promised(client: Client, demo: None, address: str, status: int, template: str) -> None:
    response = client.get(address)

    assert response.status_code == status
    assert template in [used.name for used in response.templates]


@pytest.mark.parametrize(
    ("course", "lesson"), [("open-course", "welcome"), ("email-course", "locked"), ("paid-course", "locked")]
)
def test_lesson_has_a_playable_video_with_captions(demo: None, course: str, lesson: str) -> None:
    page = LessonPage.objects.get(url_path=f"/home/courses/{course}/{lesson}/")

    assert page.video is not None
    assert page.video.mime == "video/mp4"
    assert page.captions.filter(language="en").exists()


def test_every_lesson_of_a_live_course_opens_to_its_reader(admin_client: Client, demo: None) -> None:
    answers = [admin_client.get(lesson.url).status_code for lesson in LessonPage.objects.live()]

    assert set(answers) == {200}


def test_every_picture_of_the_open_course_opens(client: Client, demo: None) -> None:
    course = CoursePage.objects.get(slug="open-course")
    for lesson in LessonPage.objects.child_of(course):
        for block in lesson.body:
            if block.block_type == "image":
                address = f"/files/{lesson.pk}/picture/{block.value['image'].pk}/960/"
                assert client.get(address).getvalue()


def test_demo_passes_the_rules_editors_are_held_to(demo: None) -> None:
    for page in [*CoursePage.objects.all(), *LessonPage.objects.all()]:
        page.full_clean()


def test_captions_of_the_demo_pass_the_rules_editors_are_held_to(demo: None) -> None:
    for caption in LessonCaption.objects.all():
        caption.full_clean()


def test_newest_course_is_the_first_of_the_demo(client: Client, demo: None) -> None:
    cards = client.get("/courses/").context["cards"]

    assert [card.title for card in cards] == [course.title for course in COURSES if course.live]


def test_loading_twice_changes_nothing(demo: None) -> None:
    before = {model._meta.label: model._default_manager.count() for model in apps.get_models()}

    call_command("load_demo", verbosity=0)

    assert {model._meta.label: model._default_manager.count() for model in apps.get_models()} == before


def test_what_somebody_changed_is_left_alone(demo: None, django_user_model: Any) -> None:
    editor = django_user_model.objects.get(username="editor")
    editor.set_password("another password")
    editor.save()
    course = CoursePage.objects.get(slug="open-course")
    course.title = "Mine now"
    course.save_revision().publish()

    call_command("load_demo", verbosity=0)

    assert CoursePage.objects.get(slug="open-course").title == "Mine now"
    assert authenticate(username="editor", password="another password")


@pytest.mark.parametrize("name", loading.PEOPLE)
def test_login_works(client: Client, demo: None, settings: Any, name: str) -> None:
    form = {"username": name, "password": settings.DEMO_PASSWORD, "next": "/admin/"}

    client.post("/admin/login/", form)

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("name", "publishes"), [("editor", False), ("reviewer", False), ("publisher", True), ("admin", True)]
)
def test_login_may_publish_as_its_name_says(demo: None, django_user_model: Any, name: str, publishes: bool) -> None:
    user = django_user_model.objects.get(username=name)

    assert HomePage.objects.get().permissions_for_user(user).can_publish() is publishes


@pytest.mark.parametrize(("is_local", "is_named"), [(True, True), (False, False)])
def test_the_front_page_names_the_learner_on_somebodys_own_machine_only(
    client: Client, demo: None, settings: Any, is_local: bool, is_named: bool
) -> None:
    settings.IS_LOCAL = is_local

    assert (LEARNER in client.get("/").text) == is_named


def test_the_learner_has_a_history_which_each_load_makes_anew(demo: None, sign_in: Callable[[Email], Client]) -> None:
    email = Email.objects.get(address=LEARNER)
    shown = sign_in(email).get("/learning/").text
    LessonProgress.objects.filter(email=email).update(position=1)

    call_command("load_demo", verbosity=0)

    again = sign_in(email).get("/learning/").text
    assert "1 of 4 lessons done" in shown
    assert "2 of 4 lessons done" in shown
    assert "Where you left off" in shown
    assert "0:11" in again
