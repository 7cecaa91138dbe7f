"""Template tags for offers and orders, for templates of rooms below, which do not know this one."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django import template
from django.template import RequestContext

from courses.models import CoursePage
from courses.public.syllabus import SyllabusEntry
from purchases.checkout import offers
from purchases.checkout.offers import Offer
from purchases.orders import orders
from purchases.orders.orders import Order

register = template.Library()


@register.simple_tag
def offers_for(keys: Collection[UUID]) -> list[Offer]:
    """For the courses that a visitor lacks."""
    return offers.offers_for(keys)


@register.inclusion_tag("purchases/next_step.html", takes_context=True)
def course_next_step(context: RequestContext, course: CoursePage, syllabus: Sequence[SyllabusEntry]) -> dict[str, Any]:
    """How this visitor goes on from the course's page."""
    step = offers.next_step(context["request"], course, syllabus)
    return {
        "request": context["request"],
        "learner": context.get("learner"),
        "step": step,
        "course": course,
        "syllabus": syllabus,
    }


@register.simple_tag
def orders_of(address: str) -> list[Order]:
    return orders.orders_for(address)
