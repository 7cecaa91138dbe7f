"""What of the library Wagtail's admin shows to whom, where Wagtail itself does not ask."""

from typing import Any

from django.db.models import QuerySet
from wagtail import hooks
from wagtail.documents import get_permission_policy as of_documents
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images import get_permission_policy as of_images
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet

from library.models import CustomDocument, CustomImage

CHOOSES = ["choose", "change"]


class PermittedImages(ImagesAdminAPIViewSet):
    def get_queryset(self) -> QuerySet[CustomImage]:
        return super().get_queryset() & of_images().instances_user_has_any_permission_for(self.request.user, CHOOSES)


class PermittedDocuments(DocumentsAdminAPIViewSet):
    def get_queryset(self) -> QuerySet[CustomDocument]:
        return super().get_queryset() & of_documents().instances_user_has_any_permission_for(self.request.user, CHOOSES)


@hooks.register("construct_admin_api", order=1000)
def list_only_what_is_permitted(router: Any) -> None:
    """Wagtail's own endpoints list every image and document to every user of the admin."""
    router.register_endpoint("images", PermittedImages)
    router.register_endpoint("documents", PermittedDocuments)
