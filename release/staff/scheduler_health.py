"""Scheduler health for staff: that it has stopped, what is overdue, and what went live late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import Page, Revision

from release import schedule, scheduler_heartbeat
from release.models import LateRelease
from release.release_summary import moment

# For so long a late release is shown: the person who planned it has been at work since.
RECENT = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Notice:
    page: Any  # None where it is about the scheduler itself
    sentence: str


class StandstillPanel(Component):
    """On the dashboard, above all else, and only while there is something to say."""

    name = "standstill"
    template_name = "release/staff/standstill.html"
    order = 50

    @cached_property
    def notices(self) -> list[Notice]:
        now = timezone.now()
        return [*heartbeat_notices(now), *overdue_notices(now), *late_notices(now)]

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"notices": self.notices}


def heartbeat_notices(now: datetime) -> list[Notice]:
    if not scheduler_heartbeat.stands_still(now=now):
        return []
    last = scheduler_heartbeat.last_round()
    said = (
        _("The scheduler hasn’t run since %s: nothing goes live on time and emails are late. Is run_due running?")
        % moment(last)
        if last
        else _("The scheduler has never run: nothing goes live on time and emails are late. Is run_due running?")
    )
    return [Notice(page=None, sentence=said)]


def overdue_notices(now: datetime, page: Page | None = None) -> list[Notice]:
    """Pages that were due and are not live, because publishing fails or the scheduler has stopped."""
    found = schedule.overdue(now=now - schedule.LATE).filter(base_content_type=ContentType.objects.get_for_model(Page))
    if page is not None:
        found = found.filter(object_id=str(page.pk))
    return [
        Notice(
            page=revision.content_object,
            sentence=_("Was due to go live %s, but hasn’t.") % moment(revision.approved_go_live_at),
        )
        for revision in found[:5]
        if isinstance(revision, Revision)
    ]


def late_notices(now: datetime, page: Page | None = None) -> list[Notice]:
    found = LateRelease.objects.filter(released_at__gt=now - RECENT).select_related("page").order_by("-released_at")
    if page is not None:
        found = found.filter(page=page)
    said = _("Went live %(released)s, though it was due %(due)s: the scheduler wasn’t running.")
    return [
        Notice(page=late.page, sentence=said % {"released": moment(late.released_at), "due": moment(late.due_at)})
        for late in found[:5]
    ]
