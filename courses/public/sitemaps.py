"""The sitemap for search engines: the pages that everyone may know of, also while they are locked.

The sitemap is an index of parts, as one document for a large site takes seconds to make: a part is a stretch of the
catalogue, read in its order by one statement. So each costs the same, however many there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem, sitemap
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from wagtail.models import Page

from access.models.pages import live_now
from courses.models import CourseIndexPage, CoursePage
from courses.models.stage import status_of

COURSES = 100  # places for courses in one part; a draft's stays empty
BASE = len(Page.alphabet)
PLACES = BASE**Page.steplen  # that a path has for the pages below another

PUBLIC_FIELDS = ("path", "url_path", "last_published_at", "coursepage__availability", "lessonpage")


@dataclass(frozen=True)
class Entry:
    path: str
    changed: datetime | None


class PartSitemap(Sitemap[Entry]):
    """Part 0 are the home page and the catalogue; from 1 on, courses, with the lessons of published ones."""

    def __init__(self, catalogue: CourseIndexPage, number: int) -> None:
        self.catalogue = catalogue
        self.number = number

    def items(self) -> list[Entry]:
        if self.number:
            return list(_entries(self.catalogue, self.number))
        pages = (self.catalogue.get_parent(), self.catalogue)
        return [Entry(page.get_url() or "/", page.last_published_at) for page in pages]

    def location(self, item: Entry) -> str:
        return item.path

    def lastmod(self, item: Entry) -> datetime | None:
        return item.changed


def index(request: HttpRequest) -> HttpResponse:
    """Names each part that names a page."""
    urls = [reverse("sitemap_part", args=part) for part in _parts()]
    context = {"sitemaps": [SitemapIndexItem(request.build_absolute_uri(url)) for url in urls]}
    return TemplateResponse(request, "sitemap_index.xml", context, content_type="application/xml")


def part(request: HttpRequest, catalogue_id: int, number: int) -> HttpResponse:
    catalogue = _catalogues().get(catalogue_id)
    if catalogue is None or number * COURSES > PLACES:
        raise Http404
    return sitemap(request, {"part": PartSitemap(catalogue, number)})


def _catalogues() -> dict[int, CourseIndexPage]:
    """Those that have an address: its translations are catalogues as well, and may have none."""
    return {page.pk: page for page in CourseIndexPage.objects.filter(live_now()).order_by("path") if page.get_url()}


def _parts() -> list[tuple[int, int]]:
    """The catalogue and the number of each part."""
    catalogues = {page.path: pk for pk, page in _catalogues().items()}
    found = {(pk, 0) for pk in catalogues.values()}
    for path in CoursePage.objects.filter(live_now()).values_list("path", flat=True):
        if above := catalogues.get(path[: -Page.steplen]):
            found.add((above, int(path[-Page.steplen :], BASE) // COURSES + 1))
    return sorted(found)


def _entries(catalogue: CourseIndexPage, number: int) -> Iterator[Entry]:
    url, depth, first = catalogue.get_url(), catalogue.depth + 1, (number - 1) * COURSES
    start, end = (Page._get_path(catalogue.path, depth, place) for place in (first, first + COURSES - 1))
    end += Page.alphabet[-1] * Page.steplen  # with the lessons of the last
    pages = Page.objects.filter(live_now(), path__gte=start, path__lte=end, depth__lte=depth + 1).order_by("path")
    open_path = None  # of the course at hand, while its lessons may be named
    for path, url_path, changed, availability, lesson in pages.values_list(*PUBLIC_FIELDS):
        address = url + quote(url_path.removeprefix(catalogue.url_path))
        if availability is not None:
            is_open = status_of(is_live=True, availability=availability).is_published
            open_path = path if is_open else None
            yield Entry(address, changed)
        elif lesson is not None and path[: -Page.steplen] == open_path:
            yield Entry(address, None)  # when a locked lesson changed is nobody's business
