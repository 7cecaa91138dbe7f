"""Publishing status of a page, for templates of Wagtail's that know only the page."""

from typing import Any

from django import template
from wagtail.models import Page

from courses import publishing_status
from courses.publishing_status import PublishingStatus

register = template.Library()


@register.simple_tag
def standing_of(page: Any) -> PublishingStatus | None:
    """None for what is no page, as a topic, or has never been saved."""
    return publishing_status.status_for(page) if isinstance(page, Page) and page.pk else None
