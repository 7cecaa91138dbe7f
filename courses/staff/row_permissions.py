"""Permissions for the pages of a list, without a query for each of them."""

from functools import partial
from typing import Any

from wagtail.models.pages import PagePermissionTester

from courses.editing import draft_content
from courses.models import CoursePage


class RowRights(PagePermissionTester):
    """Wagtail's own answers, but for the one that it asks the database about for every row."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        if self.user.is_superuser or "publish" in self.permissions or "change" not in self.permissions:
            return bool(super().can_delete(ignore_bulk))
        may_take_all = ignore_bulk or "bulk_delete" in self.permissions or self.page.is_leaf()
        return bool(self.user.is_active and may_take_all and not self.page.is_live_anywhere)


def prepare(pages: list[Any], user: Any) -> None:
    """Tell each page, for all that will be asked about it, what this user may do with it."""
    lessons = draft_content.lessons_of([page for page in pages if isinstance(page, CoursePage)])
    for page in pages:
        page.is_live_anywhere = page.live or any(lesson.live for lesson in lessons.get(page.path, ()))
        page.permissions_for_user = partial(_rights, RowRights(user, page))


def _rights(own: RowRights, user: Any) -> PagePermissionTester:
    return own if user == own.user else PagePermissionTester(user, own.page)
