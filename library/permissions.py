"""Permissions of files: who may change or delete one. Not an editor alone, once a live page shows it.

An image swapped for another, or a transcript rewritten, is live at once: no draft, no review. So besides Wagtail's own
permission it takes the right to publish every live page that shows the file.
"""

from collections.abc import Iterable
from typing import Any

import wagtailmedia
from django.db.models import Model
from wagtail.models import Page, ReferenceIndex, get_default_page_content_type
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from library.models import CustomDocument, CustomImage, Video

CHANGES = {"change", "delete"}


class UsedFilePolicy(CollectionOwnershipPermissionPolicy):
    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        may = super().user_has_any_permission_for_instance
        harmless = set(actions) - CHANGES
        if harmless and may(user, harmless, instance):
            return True
        risky = set(actions) & CHANGES
        return bool(risky and may(user, risky, instance) and may_publish_all(user, live_pages_showing(instance)))


def live_pages_showing(file: Model) -> list[Page]:
    """Live pages of every kind: also the courses whose card it is."""
    references = ReferenceIndex.get_references_to(file).filter(base_content_type=get_default_page_content_type())
    return list(Page.objects.live().filter(pk__in={int(pk) for pk in references.values_list("object_id", flat=True)}))


def may_publish_all(user: Any, pages: Iterable[Page]) -> bool:
    return all(page.permissions_for_user(user).can_publish() for page in pages)


def register() -> None:
    """For the exact models, which goes before what Wagtail registers for them; wagtailmedia asks a function of its own
    as well, and keeps the answer."""
    for model, auth_model in {CustomImage: "wagtailimages.Image", CustomDocument: "wagtaildocs.Document"}.items():
        policy = UsedFilePolicy(model, auth_model=auth_model, owner_field_name="uploaded_by_user")
        register_permission_policy(model, policy, exact_class=True)
    videos = UsedFilePolicy(Video, auth_model="wagtailmedia.Media", owner_field_name="uploaded_by_user")
    register_permission_policy(Video, videos, exact_class=True)
    wagtailmedia.get_permission_policy = lambda: videos


def let_choose(checker: Any) -> None:
    """wagtailmedia knows no right to choose, and asks for the one to change: also of a video that a live page shows."""
    checker.policy = CollectionOwnershipPermissionPolicy(
        Video, auth_model="wagtailmedia.Media", owner_field_name="uploaded_by_user"
    )
