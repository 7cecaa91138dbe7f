"""What editors and moderators do in the admin, as their browsers post it; and the previews they are shown."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from access.policy import Level, Status
from conftest import CANARY
from courses.models import CourseIndexPage, CoursePage, LessonCaption, LessonChapter, LessonPage, Topic
from courses.tests.content import VTT, download, picture
from courses.tests.factories import TopicFactory
from library.models import CustomDocument, CustomImage, Video

MakeCourse = Callable[..., CoursePage]
MakeLesson = Callable[..., LessonPage]


def course_form(**fields: Any) -> dict[str, Any]:
    description = streamfield([("rich_text", rich_text("<p>About it.</p>"))])
    form: dict[str, Any] = nested_form_data(
        {
            "title": "New course",
            "slug": "new",
            "summary": "What it is about.",
            "description": description,
            "thumbnail": "",
            "thumbnail_alt": "",
            "difficulty": "beginner",
            "access": "email",
            "availability": "published",
            **fields,
        }
    )
    return form


def lesson_form(
    *body: tuple[str, Any],
    captions: list[dict[str, Any]] | None = None,
    chapters: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    form: dict[str, Any] = nested_form_data(
        {
            "title": "New lesson",
            "slug": "new",
            "summary": "What it teaches.",
            "video": "",
            "captions": inline_formset(captions or []),
            "chapters": inline_formset(chapters or []),
            "body": streamfield(body or [("rich_text", rich_text(f"<p>{CANARY}</p>"))]),
            "minutes": "5",
            "availability": "published",
            **fields,
        }
    )
    return form


def add(client: Client, parent: Page, model: str, form: dict[str, Any], **action: str) -> Any:
    return client.post(f"/admin/pages/add/courses/{model}/{parent.pk}/", form | action)


def edit(client: Client, page: Page, form: dict[str, Any], **action: str) -> Any:
    return client.post(f"/admin/pages/{page.pk}/edit/", form | action)


PUBLISH = {"action-publish": "action-publish"}


# What an editor may not


def test_editor_cannot_publish(editor: Client, catalogue: CourseIndexPage) -> None:
    add(editor, catalogue, "coursepage", course_form(), **PUBLISH)

    assert CoursePage.objects.get(slug="new").status is Status.DRAFT


def test_editor_cannot_put_a_lesson_beside_the_courses(editor: Client, catalogue: CourseIndexPage) -> None:
    add(editor, catalogue, "lessonpage", lesson_form())

    assert not LessonPage.objects.exists()


@pytest.mark.refusal("policy")
def test_access_loosened_in_a_draft_opens_nothing(editor: Client, client: Client, email_lesson: LessonPage) -> None:
    course = CoursePage.objects.get(slug="gated")
    edit(editor, course, course_form(slug="gated", access="anyone"))

    assert CANARY not in client.get(email_lesson.url).content.decode()


# What an editor does


def test_editor_writes_a_course(editor: Client, catalogue: CourseIndexPage, image: CustomImage) -> None:
    topic = TopicFactory()
    form = course_form(thumbnail=str(image.pk)) | {"topics": [str(topic.pk)]}
    response = add(editor, catalogue, "coursepage", form)

    draft = CoursePage.objects.get(slug="new").get_latest_revision_as_object()

    assert response.status_code == 302
    assert (draft.access, draft.thumbnail, list(draft.topics.all())) == (Level.EMAIL, image, [topic])


def test_editor_writes_a_lesson_with_everything_in_it(
    editor: Client, make_course: MakeCourse, image: CustomImage, document: CustomDocument, video: Video
) -> None:
    chosen = {"image": str(image.pk), "alt_text": "A hill", "decorative": ""}
    form = lesson_form(
        ("rich_text", rich_text("<p>Text.</p>")),
        ("code", {"language": "python", "code": "print(1)", "caption": ""}),
        ("image", {"image": chosen, "caption": "In May"}),
        ("callout", {"kind": "tip", "heading": "", "text": rich_text("<p>Try.</p>")}),
        ("document", {"document": str(document.pk), "label": ""}),
        ("embed", {"url": "https://youtu.be/dQw4w9WgXcQ", "title": "A talk"}),
        captions=[{"language": "en", "label": "English", "vtt": VTT}],
        chapters=[{"start": "1:02:03", "title": "The end"}, {"start": " 75:00 ", "title": "Beyond"}],
        video=str(video.pk),
    )
    Video.objects.update(duration=0)  # unknown: nothing is refused
    add(editor, make_course(), "lessonpage", form)

    draft = LessonPage.objects.get(slug="new").get_latest_revision_as_object()

    kinds = [block.block_type for block in draft.body]
    assert kinds == ["rich_text", "code", "image", "callout", "document", "embed"]
    assert (draft.video, [caption.language for caption in draft.captions.all()]) == (video, ["en"])
    assert [(each.start, each.title) for each in draft.chapters.all()] == [(3723, "The end"), (4500, "Beyond")]


@pytest.mark.parametrize("address", ["/admin/pages/add/courses/coursepage/{}/", "/admin/pages/{}/edit/"])
def test_editor_is_shown_the_form(editor: Client, catalogue: CourseIndexPage, address: str) -> None:
    assert editor.get(address.format(catalogue.pk)).status_code == 200


def test_editor_is_shown_a_lesson_with_its_media(editor: Client, full_lesson: LessonPage) -> None:
    assert editor.get(f"/admin/pages/{full_lesson.pk}/edit/").status_code == 200


def test_moderator_publishes_a_course(moderator: Client, catalogue: CourseIndexPage) -> None:
    add(moderator, catalogue, "coursepage", course_form(), **PUBLISH)

    assert CoursePage.objects.get(slug="new").status is Status.PUBLISHED


def test_moderator_publishes_a_lesson(moderator: Client, client: Client, make_course: MakeCourse) -> None:
    add(moderator, make_course(slug="open"), "lessonpage", lesson_form(), **PUBLISH)

    assert CANARY in client.get("/courses/open/new/").content.decode()


def test_moderator_publishes_what_an_editor_wrote(
    editor: Client, moderator: Client, client: Client, make_course: MakeCourse
) -> None:
    add(editor, make_course(slug="open"), "lessonpage", lesson_form())
    edit(moderator, LessonPage.objects.get(), lesson_form(), **PUBLISH)

    assert client.get("/courses/open/new/").status_code == 200


# A sentence for what is wrong


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (
            lesson_form(("embed", {"url": "https://evil.example/x", "title": "x"})),
            "Enter the address of a YouTube or Vimeo video.",
        ),
        (lesson_form(("embed", {"url": "javascript:alert(1)", "title": "x"})), "Enter a valid URL."),
        (
            lesson_form(captions=[{"language": "en", "label": "English", "vtt": "no captions"}]),
            "Captions start with a line that says WEBVTT.",
        ),
        (
            lesson_form(captions=[{"language": "English", "label": "English", "vtt": VTT}]),
            "Use a language code such as en or pt-BR.",
        ),
        (
            lesson_form(captions=[{"language": "en", "label": label, "vtt": VTT} for label in ("One", "Two")]),
            "Please correct the duplicate",
        ),
        (lesson_form(chapters=[{"start": "", "title": "x"}]), "This field is required."),
        (lesson_form(chapters=[{"start": "1.5", "title": "x"}]), "Write the time as minutes and seconds, such as 1:23"),
        (
            lesson_form(chapters=[{"start": "1:00", "title": "x"}, {"start": "0:01:00", "title": "y"}]),
            "Another chapter starts at that second.",
        ),
        (lesson_form(minutes="-1"), "Ensure this value is greater than or equal to 0."),
        (lesson_form(minutes="1001"), "Ensure this value is less than or equal to 1000."),
        (lesson_form(availability="later"), "Select a valid choice."),
        (lesson_form(summary="x" * 301), "Ensure this value has at most 300 characters"),
        (lesson_form(title="a\0b"), "Null characters are not allowed."),
        (lesson_form(video="999999"), "Select a valid choice."),
    ],
)
@pytest.mark.parametrize("action", [{}, PUBLISH])
def test_mistake_is_answered_with_a_sentence(
    moderator: Client, make_course: MakeCourse, form: dict[str, Any], sentence: str, action: dict[str, str]
) -> None:
    response = add(moderator, make_course(), "lessonpage", form, **action)

    assert response.status_code == 200
    assert sentence in response.content.decode()


@pytest.mark.parametrize("fields", [{"access": "everyone"}, {"difficulty": "expert"}, {"availability": ""}])
def test_unknown_choice_is_not_saved(moderator: Client, catalogue: CourseIndexPage, fields: dict[str, str]) -> None:
    add(moderator, catalogue, "coursepage", course_form(**fields), **PUBLISH)

    assert not CoursePage.objects.exists()


def test_swapped_captions_are_published(moderator: Client, client: Client, full_lesson: LessonPage) -> None:
    """Two rows that trade languages: neither may stand in the other's way."""
    caption = LessonCaption.objects.get()
    both = [{"id": str(caption.pk), "language": "de", "label": "Deutsch", "vtt": VTT, "ORDER": "1"}]
    both.append({"language": "en", "label": "English", "vtt": VTT, "ORDER": "2"})
    form = lesson_form(slug=full_lesson.slug) | nested_form_data({"captions": inline_formset(both, initial=1)})

    response = edit(moderator, full_lesson, form, **PUBLISH)

    assert response.status_code == 302
    assert {each.language for each in LessonPage.objects.get(pk=full_lesson.pk).captions.all()} == {"de", "en"}


def test_two_rows_of_captions_trade_languages(moderator: Client, full_lesson: LessonPage) -> None:
    full_lesson.captions.add(LessonCaption(language="de", label="Deutsch", vtt=VTT))
    full_lesson.save_revision().publish()
    first, second = LessonCaption.objects.order_by("pk")
    rows = [
        {"id": str(first.pk), "language": second.language, "label": "x", "vtt": VTT, "ORDER": "1"},
        {"id": str(second.pk), "language": first.language, "label": "y", "vtt": VTT, "ORDER": "2"},
    ]
    form = lesson_form(slug=full_lesson.slug) | nested_form_data({"captions": inline_formset(rows, initial=2)})

    response = edit(moderator, full_lesson, form, **PUBLISH)

    assert response.status_code == 302
    assert [each.language for each in LessonCaption.objects.order_by("pk")] == [second.language, first.language]


def test_chapter_starts_within_the_video(editor: Client, make_course: MakeCourse, video: Video) -> None:
    Video.objects.update(duration=90.5)
    form = lesson_form(chapters=[{"start": "1:31", "title": "Late"}], video=str(video.pk))

    response = add(editor, make_course(), "lessonpage", form)

    assert "The video ends at 1:30." in response.text
    assert 'value="1:31"' in response.text
    assert not LessonPage.objects.exists()


def test_chapters_all_move_at_once(moderator: Client, full_lesson: LessonPage) -> None:
    """Each takes the second of the next: none may stand in another's way."""
    full_lesson.chapters.set([LessonChapter(start=start, title="x") for start in (0, 30, 60)])
    full_lesson.save_revision().publish()
    rows = [
        {"id": str(each.pk), "start": later, "title": "x"}
        for each, later in zip(LessonChapter.objects.all(), ["0:30", "1:00", "1:30"], strict=True)
    ]
    form = lesson_form(slug=full_lesson.slug) | nested_form_data({"chapters": inline_formset(rows, initial=3)})

    response = edit(moderator, full_lesson, form, **PUBLISH)

    assert response.status_code == 302
    assert [each.start for each in LessonChapter.objects.all()] == [30, 60, 90]


# Previews


@pytest.fixture
def full_lesson(
    make_course: MakeCourse,
    make_lesson: MakeLesson,
    image: CustomImage,
    document: CustomDocument,
    video: Video,
) -> LessonPage:
    lesson = make_lesson(
        make_course(slug="gated", access=Level.EMAIL),
        slug="full",
        video=video,
        body=[("rich_text", f"<p>{CANARY}</p>"), picture(image), download(document)],
    )
    lesson.captions.set([LessonCaption(language="en", label="English", vtt=VTT)])
    lesson.save_revision().publish()
    return lesson


def preview(client: Client, address: str, form: dict[str, Any]) -> str:
    """What the preview panel shows for the form as it is."""
    answer = client.post(address, form)
    assert answer.json() == {"is_valid": True, "is_available": True}
    shown = client.get(address)
    assert shown.status_code == 200
    return shown.content.decode()


def test_editor_previews_a_lesson_that_was_never_saved(
    editor: Client, make_course: MakeCourse, image: CustomImage, video: Video
) -> None:
    chosen = {"image": str(image.pk), "alt_text": "A hill", "decorative": ""}
    form = lesson_form(
        ("rich_text", rich_text("<p>Unsaved.</p>")),
        ("image", {"image": chosen, "caption": ""}),
        captions=[{"language": "en", "label": "English", "vtt": VTT}],
        video=str(video.pk),
    )

    shown = preview(editor, f"/admin/pages/add/courses/lessonpage/{make_course().pk}/preview/", form)

    assert "Unsaved." in shown
    assert f"/files/0/picture/{image.pk}/960/" in shown
    assert f"/files/0/video/{video.pk}/" in shown


def test_editor_previews_the_edit_of_a_gated_lesson(editor: Client, full_lesson: LessonPage) -> None:
    form = lesson_form(("rich_text", rich_text("<p>Edited.</p>")), slug="full")

    assert "Edited." in preview(editor, f"/admin/pages/{full_lesson.pk}/edit/preview/", form)


def test_editor_previews_a_course_that_was_never_saved(editor: Client, catalogue: CourseIndexPage) -> None:
    shown = preview(editor, f"/admin/pages/add/courses/coursepage/{catalogue.pk}/preview/", course_form())

    assert "New course" in shown


def test_editor_previews_the_catalogue(editor: Client, catalogue: CourseIndexPage) -> None:
    form = nested_form_data({"title": "Courses", "slug": "courses", "intro": "All of them."})

    assert "All of them." in preview(editor, f"/admin/pages/{catalogue.pk}/edit/preview/", form)


def test_editor_previews_the_front_page(editor: Client, home_page: Page) -> None:
    form = nested_form_data({"title": "Lectern", "slug": "home", "headline": "Learn.", "lead": ""})

    assert "Learn." in preview(editor, f"/admin/pages/{home_page.pk}/edit/preview/", form)


def test_unfinished_blocks_preview_without_an_error(editor: Client, make_course: MakeCourse) -> None:
    empty = {"image": "", "alt_text": "", "decorative": ""}
    form = lesson_form(
        ("code", {"language": "python", "code": "", "caption": ""}),
        ("image", {"image": empty, "caption": ""}),
        ("callout", {"kind": "note", "heading": "", "text": rich_text("")}),
        ("document", {"document": "", "label": ""}),
    )
    address = f"/admin/pages/add/courses/lessonpage/{make_course().pk}/preview/"

    editor.post(address, form)

    assert editor.get(address).status_code == 200


def test_draft_is_viewed_by_its_editor(editor: Client, full_lesson: LessonPage) -> None:
    full_lesson.title = "Draft title"
    full_lesson.save_revision()

    assert "Draft title" in editor.get(f"/admin/pages/{full_lesson.pk}/view_draft/").content.decode()


def test_preview_is_kept_by_nobody(editor: Client, full_lesson: LessonPage) -> None:
    response = editor.get(f"/admin/pages/{full_lesson.pk}/view_draft/")

    assert "private" in response["Cache-Control"]


def test_preview_is_refused_to_the_anonymous(client: Client, full_lesson: LessonPage) -> None:
    response = client.get(f"/admin/pages/{full_lesson.pk}/view_draft/")

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


# Privacy and topics


def test_admin_offers_no_second_kind_of_privacy(moderator: Client, full_lesson: LessonPage) -> None:
    response = moderator.get(f"/admin/pages/{full_lesson.pk}/privacy/")

    assert "This page is public" not in response.content.decode() or response.status_code != 200
    moderator.post(f"/admin/pages/{full_lesson.pk}/privacy/", {"restriction_type": "login"})
    assert not full_lesson.view_restrictions.exists()


def test_two_topics_of_one_name_are_a_mistake(admin_client: Client, db: None) -> None:
    Topic.objects.create(name="Nature", slug="nature")

    response = admin_client.post("/admin/snippets/courses/topic/add/", {"name": "Nature", "slug": "nature"})

    assert response.status_code == 200
    assert "Topic with this Name already exists." in response.content.decode()
