"""The catalogue: live courses as cards, searched and filtered. It shows what is public, the same to every visitor."""

import zlib
from dataclasses import dataclass
from functools import partial

from django import forms
from django.core.paginator import Page as Leaf
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models.pages import live_now
from access.policy import Level, Status
from courses import publishing_status
from courses.content import search_text as words
from courses.content.page_links import links_for
from courses.models import CoursePage, Topic
from courses.models.course import Difficulty
from courses.models.stage import Availability
from courses.preview_time import NOW, AsOf
from courses.public import syllabus
from courses.public.syllabus import SyllabusEntry
from library import renditions
from library.models import CustomRendition
from wagtail_cloudinary.images import CloudinaryRendition

PER_PAGE = 12
ON_HOME_PAGE = 6
FALLBACKS = 6  # patterns the theme has for courses without an image


type Picture = CustomRendition | CloudinaryRendition | renditions.Unmade | None


@dataclass(frozen=True, kw_only=True)
class CourseCard:
    """What everyone may know about a course at a glance."""

    title: str
    summary: str
    url: str
    picture: Picture
    picture_alt: str
    fallback: int
    status: Status
    level: Level
    difficulty_label: str | Promise
    topics: list[str]
    lesson_count: int
    minutes: int
    price: str


@dataclass(frozen=True, kw_only=True)
class Results:
    cards: list[CourseCard]
    page: "Leaf[CoursePage]"


class CatalogueForm(forms.Form):
    """The catalogue's address as a form. A value that is not offered is an error, never a guess."""

    q = forms.CharField(
        required=False,
        max_length=words.MAX_LENGTH,
        label=gettext_lazy("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("Search the courses")}),
    )
    topic = forms.ModelChoiceField(
        Topic.objects.all(),
        required=False,
        to_field_name="slug",
        label=gettext_lazy("Topic"),
        empty_label=gettext_lazy("All topics"),
    )
    access = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Access"),
        choices=[("", gettext_lazy("Any access")), *Level.choices],
    )
    status = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Status"),
        choices=lambda: [
            ("", _("Any status")),
            *((each.value, each.label) for each in reversed(Status) if each.is_public),
        ],
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, label_suffix="")

    def problems(self) -> list[str]:
        """A sentence for each value that the catalogue does not know."""
        return [
            _("The catalogue knows no such value for “%(name)s”.") % {"name": self.fields[name].label or name}
            for name in self.errors
            if name in self.fields
        ] or [_("That page of the catalogue doesn’t exist.")]


def search(request: HttpRequest, form: CatalogueForm, as_of: AsOf) -> Results | None:
    """The courses a valid form asks for; None when it asks for a page that is not there. A preview asks for all."""
    data = form.cleaned_data
    courses = _live().filter(words.matches(data["q"], field="search_text"))
    if data["topic"]:
        courses = courses.filter(topics=data["topic"])
    if data["access"]:
        courses = courses.filter(access=data["access"])
    if data["status"]:
        courses = publishing_status.having(Status(data["status"]), courses)
    paginator = Paginator(_as_of(courses, as_of, tuple(Availability)), PER_PAGE)
    number = data["page"] or 1
    if number > paginator.num_pages:
        return None
    page = paginator.page(number)
    return Results(cards=cards(list(page.object_list), request, as_of), page=page)


def newest(request: HttpRequest, as_of: AsOf) -> list[CourseCard]:
    return _first(request, Availability.PUBLISHED, as_of)


def coming_soon(request: HttpRequest, as_of: AsOf) -> list[CourseCard]:
    return _first(request, Availability.COMING_SOON, as_of)


def _first(request: HttpRequest, availability: Availability, as_of: AsOf) -> list[CourseCard]:
    stored = _live().filter(availability=availability)[: ON_HOME_PAGE + len(as_of.changed)]
    return cards(list(_as_of(stored, as_of, (availability,))[:ON_HOME_PAGE]), request, as_of)


def _as_of(
    stored: QuerySet[CoursePage], as_of: AsOf, availabilities: tuple[str, ...]
) -> QuerySet[CoursePage] | list[CoursePage]:
    """The same courses in the same order, as they will be then."""
    if not as_of.of_kind(CoursePage):
        return stored
    courses = as_of.overlay(CoursePage, stored, fits=lambda page: page.live and page.availability in availabilities)
    return sorted(courses, key=_newest_first)


def _newest_first(course: CoursePage) -> tuple[bool, float, int]:
    date = course.first_published_at
    return date is None, -date.timestamp() if date else 0, course.pk or 0


def cards(courses: list[CoursePage], request: HttpRequest, as_of: AsOf) -> list[CourseCard]:
    """Cards for these courses, in as many queries for twelve as for one."""
    renditions.prefetch((course.thumbnail for course in courses), renditions.CARD)
    lessons = syllabus.by_course(courses, as_of)
    return [card(course, request, size=renditions.CARD, lessons=lessons[course.path]) for course in courses]


def card(course: CoursePage, request: HttpRequest, *, size: str, lessons: list[SyllabusEntry]) -> CourseCard:
    return CourseCard(
        title=course.title,
        summary=course.summary,
        url=course.get_url(request) or "",
        picture=picture(course, request, size=size),
        picture_alt=course.thumbnail_alt,
        fallback=fallback(course),
        status=course.status,
        level=course.level,
        difficulty_label=Difficulty(course.difficulty).label,
        topics=[topic.name for topic in course.topics.all()],
        lesson_count=len(lessons),
        minutes=sum(lesson.minutes for lesson in lessons),
        price=str(course.money) if course.money and course.level.is_sold else "",
    )


def picture(course: CoursePage, request: HttpRequest, *, size: str) -> Picture:
    return renditions.find(course.thumbnail, size) or _unmade(course, request)


def fallback(course: CoursePage) -> int:
    """The number of the drawing that stands for a course without an image."""
    return zlib.crc32(course.slug.encode()) % FALLBACKS


def _unmade(course: CoursePage, request: HttpRequest) -> renditions.Unmade | None:
    """In a preview, the image whose sizes are made once the course is published; visitors never see it."""
    if course.as_of is NOW or course.thumbnail is None:
        return None
    url_of = partial(links_for(request).picture, course.pk or 0, course.thumbnail.pk)
    return renditions.unmade(course.thumbnail, url_of=url_of)


def _live() -> QuerySet[CoursePage]:
    courses: QuerySet[CoursePage] = CoursePage.objects.filter(live_now())
    return (
        courses.defer("description", "search_text")
        .select_related("thumbnail")
        .prefetch_related("topics")
        .order_by("-first_published_at", "pk")
    )
