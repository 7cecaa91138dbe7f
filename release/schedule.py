"""Scheduled publishing: pages go live at their time and expire at theirs, each on its own."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from wagtail.models import DraftStateMixin, Page, Revision

from release.models import LateRelease

logger = logging.getLogger(__name__)

# The scheduler runs once a minute; later than this somebody has noticed.
LATE = timedelta(minutes=5)


def publish_due(*, now: datetime) -> None:
    """Do what Wagtail's publish_scheduled does, which stops at the first page that fails, and publishes twice when two
    clocks run: here each row is locked, looked at again, and done or left with its error."""
    for model in _models():
        for pk in model.objects.filter(live=True, expire_at__lt=now).order_by("expire_at").values_list("pk", flat=True):
            _try(_expire, model, pk, now=now)
    for pk in list(overdue(now=now).values_list("pk", flat=True)):
        _try(_publish, pk, now=now)


def overdue(*, now: datetime) -> Any:
    """The approved revisions whose time has come, in its order."""
    return Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at", "pk")


def _publish(pk: int, *, now: datetime) -> None:
    revision = overdue(now=now).filter(pk=pk).select_for_update().first()
    if revision is None:
        return  # another scheduler did it, or it was cancelled
    due_at = revision.approved_go_live_at
    revision.publish(log_action="wagtail.publish.scheduled")
    if now - due_at > LATE and isinstance(page := revision.content_object, Page):
        LateRelease.objects.get_or_create(page_id=page.pk, due_at=due_at, defaults={"released_at": now})
        logger.warning("Page %s went live at %s, though it was due at %s.", page.pk, now, due_at)


def _expire(model: type[Any], pk: int, *, now: datetime) -> None:
    row = model.objects.select_for_update().filter(pk=pk, live=True, expire_at__lt=now).first()
    if row is not None:
        row.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _try(act: Callable[..., None], *args: Any, now: datetime) -> None:
    try:
        with transaction.atomic():
            act(*args, now=now)
    except Exception:  # whatever is wrong with one page must not keep the others from their time
        logger.exception("%s%s failed; the next round tries again.", act.__name__.strip("_"), args)


def _models() -> Iterator[Any]:
    yield Page
    yield from (each for each in apps.get_models() if issubclass(each, DraftStateMixin) and not issubclass(each, Page))
