"""Offers: what a visitor can buy, on the gate and on a course's page, and the next step of one who has the course."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest

from access import policy
from access.gate import decisions
from access.models.pages import live_now
from access.sessions import visitor
from courses.models import CoursePage, LessonPage
from courses.public import syllabus
from courses.public.syllabus import SyllabusEntry
from purchases.checkout import checkouts
from purchases.models import CheckoutIntent, ShopSettings


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A course on sale: `price` as people write it, and the sentence on taxes that belongs beside it."""

    course_id: int
    title: str
    price: str
    tax_note: str


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What a course's page leads this visitor to. `lesson` asks them for no purchase; who owns the course, or has paid
    and waits for the money to arrive (`pending`), is offered nothing."""

    offer: Offer | None = None
    lesson: SyllabusEntry | None = None
    is_owned: bool = False
    pending: CheckoutIntent | None = None
    is_signed_in: bool = False


def next_step(request: HttpRequest, course: CoursePage, entries: Sequence[SyllabusEntry]) -> NextStep:
    """The same for everybody without a learner's cookie, at the cost of the offer; the policy says who owns it."""
    lessons = [entry for entry in entries if entry.status.is_published]
    if not course.status.is_published or not lessons:
        return NextStep()
    if not course.level.is_sold:
        return NextStep(lesson=lessons[0])
    learner = visitor.learner(request)
    if learner and learner.grants and _is_owned(request, course, lessons[0]):
        return NextStep(lesson=lessons[0], is_owned=True)
    if learner and (pending := checkouts.on_its_way(learner.email, course)):
        return NextStep(pending=pending)
    preview = next((each for each in lessons if each.is_free_preview), None)
    return NextStep(offer=offer_for(course), lesson=preview, is_signed_in=learner is not None)


def _is_owned(request: HttpRequest, course: CoursePage, entry: SyllabusEntry) -> bool:
    """Whether the learner could read the lesson were it no free preview. Staff are asked as the learners they are."""
    lesson = course.as_of.find(LessonPage, entry.path)
    if lesson is None:
        return False
    restriction = replace(decisions.restriction_of(lesson), is_free_preview=False)
    return policy.decide(restriction, visitor.visitor_for(request)).is_allowed


def first_url(course: CoursePage, request: HttpRequest | None = None) -> str:
    """Where the owner of a course begins: its first lesson that is published, or else its page."""
    published = (entry.url for entry in syllabus.entries_for(course, request) if entry.status.is_published)
    return next(published, course.get_url(request) or "")


def offer_for(course: CoursePage) -> Offer | None:
    if not checkouts.is_on_sale(course):
        return None
    shop = ShopSettings.current()
    return Offer(course_id=course.pk, title=course.title, price=str(course.money), tax_note=shop.tax_note)


def offers_for(keys: Collection[UUID]) -> list[Offer]:
    """For the courses of these keys, all of which a lesson may need; of translations, the first that is on sale."""
    courses = CoursePage.objects.filter(live_now(), translation_key__in=keys).order_by("pk")
    found: dict[UUID, Offer] = {}
    for course in courses.defer("description", "search_text"):
        offer = offer_for(course) if course.translation_key not in found else None
        if offer:
            found[course.translation_key] = offer
    return list(found.values())
