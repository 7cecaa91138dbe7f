"""The order of a course's lessons, by dragging. What visitors see of it changes at once, so not everybody may."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views import View
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page


def may_drag(course: Page, user: Any) -> bool:
    """Whether somebody may order lessons there; which ones says `may_move`."""
    rights = course.permissions_for_user(user)
    return bool(rights.can_reorder_children() or (rights.can_edit() and rights.can_add_subpage()))


def may_move(lesson: Page, course: Page, user: Any) -> bool:
    """Without the right to publish, only what visitors do not see: a draft, or any lesson of a draft course."""
    if course.permissions_for_user(user).can_reorder_children():
        return True
    return may_drag(course, user) and not (lesson.live and course.live)


class SetLessonPositionView(View):
    """Wagtail's own, with our rule about who may."""

    def post(self, request: HttpRequest, page_to_move_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
        lesson = get_object_or_404(Page, pk=page_to_move_id)
        course = lesson.get_parent()
        if not may_move(lesson, course, request.user):
            raise PermissionDenied
        siblings = list(course.get_children())
        old, new = siblings.index(lesson), _position(request.GET.get("position", ""), len(siblings))
        if new != old:
            # Wagtail's check asks for the right to publish, which a draft does not need.
            side = "left" if new < old else "right"
            MovePageAction(lesson, siblings[new], pos=side, user=request.user).execute(skip_permission_checks=True)
        return HttpResponse()


def _position(text: str, count: int) -> int:
    """The place asked for; the last one when it is none."""
    return min(int(text), count - 1) if text.isascii() and text.isdigit() and len(text) < 9 else count - 1
