"""Readiness checks: what a draft still lacks, or links to in vain, each a sentence with the place to fix it.

Looked at is the newest draft, as the data that its revision stores: no page is built for it, so that a whole list
costs as many queries as one page. What the data says is found in courses.editing.draft_content.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from courses.editing import draft_content
from courses.editing.draft_content import Draft, Known
from courses.models import CoursePage, LessonPage


class Code(TextChoices):
    SUMMARY = "summary", gettext_lazy("No summary")
    EMPTY = "empty", gettext_lazy("No text or video")
    DESCRIPTION = "description", gettext_lazy("No description")
    LESSONS = "lessons", gettext_lazy("No lessons")
    CAPTIONS = "captions", gettext_lazy("Video without captions")
    TRANSCRIPT = "transcript", gettext_lazy("Video without a transcript")
    ALT_TEXT = "alt_text", gettext_lazy("Image without alt text")
    FILE = "file", gettext_lazy("Deleted file")
    HEADINGS = "headings", gettext_lazy("Heading order")
    LINKS = "links", gettext_lazy("Broken link")
    PRICE = "price", gettext_lazy("No price")


BODY = "body-root"
BLOCKING = {Code.SUMMARY, Code.EMPTY}


@dataclass(frozen=True, kw_only=True)
class Check:
    """Something to fix, at `anchor` in the editor of the page `page_id`. A course's include those of its lessons."""

    code: Code
    sentence: str
    is_blocking: bool
    anchor: str
    page_id: int

    @property
    def url(self) -> str:
        fragment = f"#{self.anchor}" if self.anchor else ""
        return reverse("wagtailadmin_pages:edit", args=[self.page_id]) + fragment


def checks_for(page: Page) -> list[Check]:
    """What is open: for a page as it stands in hand, a course with the newest drafts of its lessons."""
    return (
        _checks([page], {page.pk: draft_content.draft_for(page)})[page.pk]
        if isinstance(page, CoursePage | LessonPage)
        else []
    )


def checks_by_page(pages: Iterable[Page]) -> dict[int, list[Check]]:
    """The same for the newest drafts of many pages, by primary key, in a number of queries that does not grow."""
    taught = [page for page in pages if isinstance(page, CoursePage | LessonPage)]
    return _checks(taught, draft_content.newest(taught))


def blocking(page: Page) -> list[Check]:
    """What the page itself lacks and may not lack; a lesson below it is reviewed by itself."""
    return [check for check in checks_for(page) if check.is_blocking and check.page_id == page.pk]


def is_blocked(checks: Iterable[Check]) -> bool:
    return any(check.is_blocking for check in checks)


def _checks(pages: list[CoursePage | LessonPage], found: dict[int, Draft]) -> dict[int, list[Check]]:
    lessons = draft_content.lessons_of([page for page in pages if isinstance(page, CoursePage) and page.path])
    found = found | draft_content.newest([lesson for below in lessons.values() for lesson in below])
    known = draft_content.known(found.values())
    checks = {}
    for page in pages:
        draft = found[page.pk]
        if isinstance(page, LessonPage):
            checks[page.pk] = list(_of_lesson(draft, known))
            continue
        below = [found[lesson.pk] for lesson in lessons.get(page.path, [])]
        checks[page.pk] = [
            *_of_course(draft, known, has_lessons=bool(below)),
            *(_told_of_lesson(check, lesson.title) for lesson in below for check in _of_lesson(lesson, known)),
        ]
    return checks


def _of_course(draft: Draft, known: Known, *, has_lessons: bool) -> Iterator[Check]:
    yield from _of_summary(draft)
    if not draft.has_text:
        text = _("The course has no description, so its page says little more than its card.")
        yield _check(Code.DESCRIPTION, text, draft, "description-root")
    yield from _of_text(draft, known)
    if draft.is_without_price:
        text = _("The course is paid but has no price, so no one can buy it.")
        yield _check(Code.PRICE, text, draft, "id_price")
    if not has_lessons:
        yield _check(Code.LESSONS, _("The course has no lessons yet."), draft, "")


def _of_lesson(draft: Draft, known: Known) -> Iterator[Check]:
    yield from _of_summary(draft)
    has_video = draft.video_id in known.transcripts
    if not draft.has_text and not has_video:
        yield _check(Code.EMPTY, _("The lesson has no text and no video: learners would find it empty."), draft, BODY)
    if has_video and not draft.caption_count:
        text = _("The video has no captions: people who can’t hear it will miss what’s said.")
        yield _check(Code.CAPTIONS, text, draft, "id_captions-ADD")
    if has_video and not draft.caption_count and not known.transcripts[draft.video_id or 0]:
        text = _("The video has no transcript. Add captions, or a text where the video is edited, under Media.")
        yield _check(Code.TRANSCRIPT, text, draft, "id_video-chooser")
    yield from _of_text(draft, known)


def _of_summary(draft: Draft) -> Iterator[Check]:
    if not draft.summary.strip():
        text = _("The summary is empty. It’s what everyone reads before opening the page.")
        yield _check(Code.SUMMARY, text, draft, "id_summary")


def _of_text(draft: Draft, known: Known) -> Iterator[Check]:
    has_section = False
    for block in draft.blocks:
        if any(known.misses(file) for file in block.files):
            yield _check(Code.FILE, _("The image or document in this block was deleted."), draft, block.anchor)
        elif any(file.needs_alt for file in block.files):
            text = _("An image has no alt text and isn’t marked as decorative.")
            yield _check(Code.ALT_TEXT, text, draft, block.anchor)
        for level, words in block.headings:
            if not words:
                yield _check(Code.HEADINGS, _("A heading is empty."), draft, block.anchor)
            elif level == 3 and not has_section:
                text = _("“%s” is a level 3 heading with no level 2 heading above it.") % words
                yield _check(Code.HEADINGS, text, draft, block.anchor)
            has_section |= level == 2
        for link in block.links:
            if link.path not in known.paths and link.page_id not in known.page_ids:
                text = _("The link “%s” leads to a page that doesn’t exist or isn’t live.") % link.text
                yield _check(Code.LINKS, text, draft, block.anchor)


def _check(code: Code, sentence: str, draft: Draft, anchor: str) -> Check:
    return Check(code=code, sentence=sentence, is_blocking=code in BLOCKING, anchor=anchor, page_id=draft.page_id)


def _told_of_lesson(check: Check, title: str) -> Check:
    """A lesson's gap as its course shows it, whose approval it does not hold up."""
    return replace(
        check, is_blocking=False, sentence=_("“%(lesson)s”: %(gap)s") % {"lesson": title, "gap": check.sentence}
    )
