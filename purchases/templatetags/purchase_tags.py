"""What is on sale, for templates of rooms below, which do not know this one; and a learner's own orders."""

from collections.abc import Collection
from uuid import UUID

from django import template

from courses.models import CoursePage
from purchases import offers, orders
from purchases.offers import Offer
from purchases.orders import Order

register = template.Library()


@register.simple_tag
def offers_for(keys: Collection[UUID]) -> list[Offer]:
    """For the courses that a visitor lacks."""
    return offers.of_keys(keys)


@register.simple_tag
def offer_of(course: CoursePage) -> Offer | None:
    return offers.of_course(course)


@register.simple_tag
def orders_of(address: str) -> list[Order]:
    return orders.of(address)
