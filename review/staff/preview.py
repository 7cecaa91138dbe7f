"""The waiting revision in the frame of the review page: as some audience, at some moment."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Page, Revision

from courses import preview_time
from review import decisions

DEFAULT = "purchaser"


@require_safe
def preview(request: HttpRequest, revision_id: int) -> HttpResponse:
    revision = get_object_or_404(Revision.page_revisions, pk=revision_id)
    page = revision.as_object()
    if not may_look(page, revision, request):
        raise PermissionDenied
    try:
        at = moment(request.GET.get("at", ""))
        return preview_time.preview(page, audience=request.GET.get("audience", DEFAULT), at=at, query=request.GET)
    except (ValueError, OverflowError):
        return HttpResponseBadRequest(_("That audience or date doesn’t exist."), content_type="text/plain")


def may_look(page: Page, revision: Revision, request: HttpRequest) -> bool:
    """Who reviews this very revision, and who may edit or publish the page anyway."""
    rights = page.permissions_for_user(request.user)
    if rights.can_edit() or rights.can_publish():
        return True
    task_state = decisions.waiting(page)
    if task_state is None or task_state.revision_id != revision.pk:
        return False
    return bool(task_state.task.specific.get_actions(page, request.user))


def moment(typed: str) -> datetime | None:
    """As a browser's own field for date and time writes it, in the user's time zone. ValueError if it is not one."""
    if not typed:
        return None
    at = parse_datetime(typed)
    if at is None:
        raise ValueError(typed)
    return at if timezone.is_aware(at) else timezone.make_aware(at)
