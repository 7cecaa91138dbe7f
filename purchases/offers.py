"""What a visitor is offered for sale: on the gate of a locked lesson, and on a course's page."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from access.models.pages import live_now
from courses.models import CoursePage
from purchases import checkout
from purchases.models import ShopSettings


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A course on sale: `price` as people write it, and the sentence on taxes that belongs beside it."""

    course_id: int
    title: str
    price: str
    tax_note: str


def of_course(course: CoursePage) -> Offer | None:
    if not checkout.is_on_sale(course):
        return None
    shop = ShopSettings.current()
    return Offer(course_id=course.pk, title=course.title, price=str(course.money), tax_note=shop.tax_note)


def of_keys(keys: Collection[UUID]) -> list[Offer]:
    """For the courses of these keys, all of which a lesson may need; of translations, the first that is on sale."""
    courses = CoursePage.objects.filter(live_now(), translation_key__in=keys).order_by("pk")
    found: dict[UUID, Offer] = {}
    for course in courses.defer("description", "search_text"):
        offer = of_course(course) if course.translation_key not in found else None
        if offer:
            found[course.translation_key] = offer
    return list(found.values())
