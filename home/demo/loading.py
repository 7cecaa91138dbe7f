"""Put the demo's content into the site: people, topics, media, courses and lessons. What is there is left alone."""

import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files import File
from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.models import ReferenceIndex

from courses.models import CourseIndexPage, CoursePage, LessonCaption, LessonChapter, LessonPage, Topic
from home.demo import COURSES
from home.demo.schema import Block, DemoCourse, DemoLesson
from home.models import HomePage
from library.models import CustomDocument, CustomImage, Video
from purchases.models import ShopSettings

MEDIA = Path(__file__).parent / "media"
LANGUAGES = {"en": "English", "de": "Deutsch"}  # of captions
PEOPLE = {"editor": "Editors", "reviewer": "Reviewers", "publisher": "Publishers", "admin": None}


def load_people() -> Iterator[str]:
    """Create the demo's logins that are missing; yields their names."""
    for name, group_name in PEOPLE.items():
        user, is_new = get_user_model().objects.get_or_create(
            username=name,
            defaults={
                "email": f"{name}@example.org",
                "first_name": name.capitalize(),
                "is_staff": group_name is None,
                "is_superuser": group_name is None,
            },
        )
        if is_new:
            user.set_password(settings.DEMO_PASSWORD)
            user.save()
            user.groups.set(Group.objects.filter(name=group_name))
            yield name


def load_shop() -> None:
    """A seller whom nobody takes for a real one, unless the shop has settings."""
    if not ShopSettings.objects.exists():
        ShopSettings.objects.create(
            seller_name="Lectern Demo School",
            seller_address="1 Example Street\nExampleton",
            contact_email="shop@example.org",
        )


def load_courses() -> Iterator[str]:
    """Create the demo's courses that are missing; yields their slugs."""
    index = CourseIndexPage.objects.live().first()
    if index is None:
        return
    _introduce(index)
    # The newest course stands first, so the first is loaded last.
    for course in reversed(COURSES):
        if not CoursePage.objects.filter(slug=course.slug).exists():
            with transaction.atomic():
                _load_course(index, course)
            yield course.slug


def _introduce(index: CourseIndexPage) -> None:
    home = HomePage.objects.first()
    if home and not home.lead:
        home.lead = "Short courses by people who do the work. Read them in your browser; no password, no account."
        home.save_revision().publish()
    if not index.intro:
        index.intro = "Browse all courses. Each card shows whether lessons are free, need your email, or are paid."
        index.save_revision().publish()


def _load_course(index: CourseIndexPage, demo: DemoCourse) -> None:
    index.refresh_from_db()
    course = CoursePage(
        title=demo.title,
        slug=demo.slug,
        summary=demo.summary,
        description=_stream(demo.description),
        thumbnail=_image(demo.picture, title=demo.title) if demo.picture else None,
        thumbnail_alt=demo.picture_alt,
        difficulty=demo.difficulty,
        access=demo.access,
        price=demo.price,
        currency="EUR" if demo.price else "",
        availability=demo.availability,
        live=False,
    )
    index.add_child(instance=course)
    course.topics.set([_topic(name) for name in demo.topics])
    _finish(course, is_live=demo.live)
    for lesson in demo.lessons:
        _load_lesson(course, lesson)


def _load_lesson(course: CoursePage, demo: DemoLesson) -> None:
    course.refresh_from_db()
    lesson = LessonPage(
        title=demo.title,
        slug=demo.slug,
        summary=demo.summary,
        body=_stream(demo.body),
        minutes=demo.minutes,
        section=demo.section,
        is_free_preview=demo.free_preview,
        video=_video(demo.video, title=demo.title) if demo.video else None,
        live=False,
    )
    if demo.video:
        lesson.captions.set(
            LessonCaption(language=language, label=label, vtt=path.read_text())
            for language, label in LANGUAGES.items()
            if (path := MEDIA / f"{demo.video}.{language}.vtt").exists()
        )
    lesson.chapters.set([LessonChapter(start=start, title=title) for start, title in demo.chapters])
    course.add_child(instance=lesson)
    _finish(lesson, is_live=course.live)


def _finish(page: CoursePage | LessonPage, *, is_live: bool) -> None:
    revision = page.save_revision()
    if is_live:
        revision.publish()
    ReferenceIndex.create_or_update_for_object(page)  # now: the worker, which would do it, is not running yet


def _stream(blocks: tuple[Block, ...]) -> str:
    values = json.dumps([{"type": name, "value": _block_value(name, value)} for name, value in blocks])
    keys = count(1)  # each heading gets one, as from the editor: its anchor
    return re.sub(r"<(h[23])>", lambda tag: rf"<{tag[1]} data-block-key=\"part{next(keys)}\">", values)


def _block_value(name: str, value: Any) -> Any:
    if name == "image":
        image = _image(value["image"], title=value["alt"][:200])
        chosen = {"image": image.pk, "decorative": False, "alt_text": value["alt"]}
        return {"image": chosen, "caption": value["caption"]}
    if name == "document":
        return {"document": _document(value["document"], title=value["label"]).pk, "label": value["label"]}
    return value


def _topic(name: str) -> Topic:
    slug = name.lower().replace(" ", "-")
    return Topic.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def _image(name: str, *, title: str) -> CustomImage:
    if found := CustomImage.objects.filter(title=title).first():
        return found
    with (MEDIA / name).open("rb") as file:
        return CustomImage.objects.create(title=title, file=ImageFile(file, name=name))


def _document(name: str, *, title: str) -> CustomDocument:
    with (MEDIA / name).open("rb") as file:
        return CustomDocument.objects.create(title=title, file=File(file, name=name))


def _video(base: str, *, title: str) -> Video:
    transcript = (MEDIA / f"{base}_transcript.txt").read_text()
    with (MEDIA / f"{base}.mp4").open("rb") as file, (MEDIA / f"{base}_poster.webp").open("rb") as poster:
        return Video.objects.create(
            title=title,
            file=File(file, name=f"{base}.mp4"),
            thumbnail=File(poster, name=f"{base}.webp"),
            transcript=transcript,
        )
