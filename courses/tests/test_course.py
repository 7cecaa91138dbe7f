"""The course page: its syllabus is public, its lessons' secrets are not."""

from collections.abc import Callable

from django.test import Client

from access.policy import Level
from conftest import CANARY
from courses.models import CoursePage, LessonPage
from courses.models.stage import Availability
from library import renditions
from library.models import CustomImage

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]


def test_course_page_holds_nothing_secret_of_its_lessons(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    make_lesson(make_course(slug="paid", access=Level.PURCHASE))

    assert CANARY not in client.get("/courses/paid/").content.decode()


def test_draft_lesson_is_not_in_the_syllabus(client: Client, make_course: MakeCourse, make_lesson: MakeLesson) -> None:
    course = make_course(slug="open")
    make_lesson(course, title="Unwritten", live=False)

    assert "Unwritten" not in client.get("/courses/open/").content.decode()


def test_draft_course_looks_like_a_missing_page(client: Client, make_course: MakeCourse) -> None:
    make_course(slug="draft", live=False)

    draft, missing = client.get("/courses/draft/"), client.get("/courses/missing/")

    assert (draft.status_code, draft.content) == (missing.status_code, missing.content)


def test_coming_soon_course_links_to_no_lesson(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    make_lesson(make_course(slug="soon", availability=Availability.COMING_SOON), slug="lesson")

    assert 'href="/courses/soon/lesson/"' not in client.get("/courses/soon/").content.decode()


def test_coming_soon_course_shows_its_syllabus(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    make_lesson(make_course(slug="soon", availability=Availability.COMING_SOON), title="What will come")

    response = client.get("/courses/soon/")

    assert response.status_code == 200
    assert "What will come" in response.content.decode()


def test_start_leads_to_the_first_lesson_that_is_published(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    course = make_course(slug="open")
    make_lesson(course, slug="later", availability=Availability.COMING_SOON)
    make_lesson(course, slug="now")

    assert '<a href="/courses/open/now/" class="btn btn-primary">' in client.get("/courses/open/").content.decode()


def test_syllabus_stands_in_the_order_of_the_pages(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    course = make_course(slug="open")
    for slug in ("first", "second", "third"):
        make_lesson(course, slug=slug)
    LessonPage.objects.get(slug="third").move(LessonPage.objects.get(slug="first"), pos="left")

    entries = client.get("/courses/open/").context["syllabus"]

    assert [(entry.number, entry.slug) for entry in entries] == [(1, "third"), (2, "first"), (3, "second")]


def test_syllabus_holds_no_lesson_of_another_course(
    client: Client, make_course: MakeCourse, make_lesson: MakeLesson
) -> None:
    make_course(slug="empty")
    make_lesson(make_course(slug="next"))

    assert client.get("/courses/empty/").context["syllabus"] == []


def test_pictures_are_made_when_the_course_is_published(make_course: MakeCourse, image: CustomImage) -> None:
    course = make_course(live=False, thumbnail=image)
    course.save_revision().publish()

    assert set(image.renditions.values_list("filter_spec", flat=True)) == {renditions.CARD, renditions.COVER}


def test_draft_makes_no_pictures(make_course: MakeCourse, image: CustomImage) -> None:
    make_course(live=False, thumbnail=image).save_revision()

    assert not image.renditions.exists()


def test_course_whose_picture_is_lost_is_published_with_its_pattern(
    client: Client, make_course: MakeCourse, image: CustomImage
) -> None:
    image.file.storage.delete(image.file.name)
    make_course(slug="open", thumbnail=image).save_revision().publish()

    assert client.get("/courses/open/").context["card"].picture is None


def test_page_is_written_once_and_read_lean(make_course: MakeCourse) -> None:
    course = make_course(title="Über Hügel", summary="Kurz.")

    assert course.search_text == "uber hugel kurz."
