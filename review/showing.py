"""What a review link shows: the pages it covers as they are drafted, their files through this link alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse
from wagtail.models import Page, Revision, TaskState

from courses import as_of
from courses.models import CoursePage, LessonPage
from library import delivery, pictures
from library.models import CustomImage
from review import approval, links
from review.models import ReviewLink

# What our templates write into pages: values in double quotes, where a quote is escaped.
ATTRIBUTE = re.compile(r'\b(href|src|srcset|poster)="([^"]*)"')
DOOR = re.compile(r"(?:^|(?<=, ))/(?:files/(?P<file>\d+)|lessons/(?P<lesson>\d+)|documents)/")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page as the link shows it: the revision that waits, or the latest draft of a lesson nobody submitted yet."""

    page: Page
    task_state: TaskState | None

    @property
    def revision(self) -> Revision | None:
        return self.task_state.revision if self.task_state else self.page.get_latest_revision()

    def draft(self) -> Page:
        """Anew each time: a preview uses up what it is given."""
        return self.revision.as_object() if self.revision else type(self.page).objects.get(pk=self.page.pk)

    def uses(self, media: Model) -> bool:
        return delivery.uses(self.draft(), media)


def all_of(link: ReviewLink) -> list[Shown]:
    return [Shown(page=page, task_state=approval.waiting(page)) for page in _pages(link)]


def waits(shown: list[Shown]) -> bool:
    """Whether anything waits for a review. If not, the link shows none of it: what was to be seen is decided."""
    return any(each.task_state for each in shown)


def covered(link: ReviewLink, page_id: int) -> Shown:
    """Raises links.NotCovered for any other page. Whether it may be seen now is not asked."""
    page = next((page for page in _pages(link) if page.pk == page_id), None)
    if page is None:
        raise links.NotCovered
    return Shown(page=page, task_state=approval.waiting(page))


def one(link: ReviewLink, page_id: int) -> Shown:
    """As covered(), and it may be seen now: something that the link covers waits."""
    shown = covered(link, page_id)
    if shown.task_state is None and not waits(all_of(link)):
        raise links.NotCovered
    return shown


def preview(link: ReviewLink, page_id: int, *, audience: str, at: datetime | None, query: str) -> HttpResponse:
    """The page as that audience would meet it, its files and the pages it leads to through the link.

    `query` is the choice of audience and moment, for going on with it. ValueError for an audience that is not known.
    """
    target = one(link, page_id)
    draft = target.draft()
    drafts = [each.draft() for each in all_of(link) if each.page.pk != page_id]
    response = as_of.preview(draft, audience=audience, at=at, along_with=drafts)
    root = reverse("review:look", args=[links.signed(link)])
    ways = {page.get_url(): f"{root}?page={page.pk}&amp;{query}" for page in [draft, *drafts]}
    # What leads elsewhere opens beside the review: in its frame no page of ours may be shown but this one.
    html = response.text.replace("<head>", '<head><base target="_blank">', 1)
    response.content = rewritten(html, root, page_id=page_id, ways=ways).encode()
    return response


def rewritten(html: str, root: str, *, page_id: int, ways: Mapping[str | None, str]) -> str:
    def door(found: re.Match[str]) -> str:
        if found["file"] or found["lesson"]:
            return f"{root}files/{found['file'] or found['lesson']}/"
        return f"{root}files/{page_id}/documents/"

    def attribute(found: re.Match[str]) -> str:
        name, value = found.groups()
        if name == "href" and value in ways:
            return f'href="{ways[value]}" target="_top"'
        if name == "href" and value.startswith("#"):
            return f'href="{value}" target="_self"'
        return f'{name}="{DOOR.sub(door, value)}"'

    return ATTRIBUTE.sub(attribute, html)


def picture(image: CustomImage, *, width: int) -> bytes | None:
    """In that width; None when it cannot be read. A draft's sizes are not made yet, and a look writes nothing."""
    from wagtail.images.models import Filter, SourceImageIOError

    spec = pictures.body(width)
    try:
        if rendition := pictures.find(image, spec):
            return pictures.read(rendition)
        with image.generate_rendition_file(Filter(spec=spec)) as file:
            file.seek(0)
            return file.read()
    except (SourceImageIOError, OSError):
        return None


def _pages(link: ReviewLink) -> list[Page]:
    """The page, and for a course that was linked with its lessons those that stand in it now."""
    page = link.page.specific
    with_lessons = link.with_lessons and isinstance(page, CoursePage)
    return [page, *(LessonPage.objects.child_of(page).order_by("path") if with_lessons else [])]
