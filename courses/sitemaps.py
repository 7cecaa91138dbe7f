"""What search engines are told about: the pages that everyone may know of, also while they are locked."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sitemaps import Sitemap
from wagtail.models import Page

from access.models.pages import live_now
from courses import syllabus
from courses.models import CourseIndexPage, CoursePage


@dataclass(frozen=True)
class Entry:
    path: str
    changed: datetime | None


class PagesSitemap(Sitemap[Entry]):
    """Home, catalogue, live courses, and the lessons of published ones. A draft is not named."""

    def items(self) -> list[Entry]:
        index = CourseIndexPage.objects.filter(live_now()).first()
        if index is None:
            return []
        courses = list(CoursePage.objects.filter(live_now()).defer("description", "search_text").order_by("path"))
        lessons = syllabus.by_course([course for course in courses if course.status.is_published])
        found = [_entry(index.get_parent()), _entry(index)]
        for course in courses:
            found.append(_entry(course))
            url = course.get_url() or ""
            found += [Entry(f"{url}{lesson.slug}/", None) for lesson in lessons.get(course.path, [])]
        return found

    def location(self, item: Entry) -> str:
        return item.path

    def lastmod(self, item: Entry) -> datetime | None:
        return item.changed


def _entry(page: Page) -> Entry:
    return Entry(page.get_url() or "/", page.last_published_at)
