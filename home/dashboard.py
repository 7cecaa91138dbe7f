"""The dashboard's panel 'Your dashboard': what waits for me, what goes live next, and what needs somebody's care."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import Page, TaskState
from wagtail.permissions import policy_registry

from courses import publishing_status
from courses.publishing_status import PublishingStatus
from review.models import ReviewTask

MOST = 5  # in each list
LOOKED_AT = 200


@dataclass(frozen=True, kw_only=True)
class Item:
    page_id: int
    title: str
    url: str
    standing: PublishingStatus


class Desk(Component):
    name = "desk"
    template_name = "home/staff/desk.html"
    order = 105

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        coming, care = planned(user)
        return {"waiting": waiting(user), "coming": coming[:MOST], "care": care[:MOST]}


def waiting(user: Any) -> list[Item]:
    """The reviews that this user may decide, the oldest first."""
    states = TaskState.objects.reviewable_by(user).select_related("revision", "task").order_by("started_at")
    by_page = {int(state.revision.object_id): state for state in states[:LOOKED_AT]}
    pages = Page.objects.in_bulk(by_page)
    items = _items([pages[pk] for pk in by_page if pk in pages][:MOST])
    return [replace(item, url=_review_url(by_page[item.page_id]) or item.url) for item in items]


def _review_url(state: TaskState) -> str:
    """The page on which it is decided; "" for a task of another kind, which Wagtail decides in its editor."""
    return reverse("reviews:look", args=[state.pk]) if isinstance(state.task.specific, ReviewTask) else ""


def planned(user: Any) -> tuple[list[Item], list[Item]]:
    """What goes live next, the soonest first; and what will not go on by itself. Of the pages this user may see."""
    now = timezone.now()
    seen = policy_registry.get_by_type(Page).explorable_instances(user)
    pages = Page.objects.filter(pk__in=seen.values("pk"))
    lists = (
        publishing_status.scheduled(pages),
        publishing_status.in_review(pages),
        publishing_status.wishing(pages, now=now),
    )
    found = {page.pk: page for each in lists for page in each.order_by("-latest_revision_created_at")[:LOOKED_AT]}
    items = _items(list(found.values()))
    coming = [item for item in items if item.standing.goes_live_at]
    coming.sort(key=lambda item: item.standing.goes_live_at or now)
    return coming, [item for item in items if item.standing.needs_care]


def _items(pages: list[Page]) -> list[Item]:
    standings = publishing_status.statuses_for(pages)
    return [
        Item(
            page_id=page.pk,
            title=page.get_admin_display_title(),
            url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
            standing=standings[page.pk],
        )
        for page in pages
    ]
