"""Guards on the admin's API, which lets every editor change a live page, or one in review."""

from typing import Any

from django.core.exceptions import PermissionDenied
from wagtail.admin.api.actions.convert_alias import ConvertAliasPageAPIAction
from wagtail.admin.api.actions.revert_to_page_revision import RevertToPageRevisionAPIAction
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.models import Page


class ConvertAlias(ConvertAliasPageAPIAction):
    """As courses.wagtail_hooks guards the admin's page for it: the API runs no hooks."""

    def execute(self, instance: Page, data: Any) -> Any:
        if instance.live and not instance.permissions_for_user(self.request.user).can_publish():
            raise PermissionDenied
        return super().execute(instance, data)


class RevertToPageRevision(RevertToPageRevisionAPIAction):
    """The editor looks at a page's lock, the API does not."""

    def execute(self, instance: Page, data: Any) -> Any:
        lock = instance.get_lock()
        if lock is not None and lock.for_user(self.request.user):
            raise PermissionDenied
        return super().execute(instance, data)


def guard_the_api() -> None:
    PagesAdminAPIViewSet.actions |= {"convert_alias": ConvertAlias, "revert_to_page_revision": RevertToPageRevision}
