"""Deferred deletion: files that the provider should delete and has not yet. A row says so; a scheduler calls
`delete_due`.

No row takes a file away that is in use: whatever names it by then keeps it. So an upload may be noted before its own
row is saved; if that never comes about, nobody has to remember the file.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from wagtail_cloudinary import client, conf
from wagtail_cloudinary.errors import ProviderError
from wagtail_cloudinary.models import DroppedFile
from wagtail_cloudinary.names import Asset

if TYPE_CHECKING:
    from wagtail_cloudinary.storage import CloudinaryStorage

logger = logging.getLogger(__name__)

MOST_A_ROUND = 20
TRY_AGAIN = timedelta(minutes=10)
UNSAVED = timedelta(hours=1)  # by then a form that was sent has been saved, or never will be


def drop(storage: "CloudinaryStorage", name: str, *, after: timedelta = timedelta()) -> None:
    """Note that this file is to be deleted, unless something names it by then."""
    asset = storage.asset(name)
    DroppedFile.objects.update_or_create(
        delivery=storage.delivery,
        resource_type=asset.resource_type,
        public_id=asset.public_id,
        defaults={"name": name, "due_at": timezone.now() + after},
    )


def delete_due(*, now: datetime) -> int:
    """Delete what is due, some of it at a time, until the provider fails; how many rows are settled."""
    if not getattr(settings, "CLOUDINARY_URL", ""):
        return 0
    settled = 0
    for row in DroppedFile.objects.filter(due_at__lte=now).order_by("due_at", "pk")[:MOST_A_ROUND]:
        try:
            if not _is_used(row.name):
                client.destroy(conf.account(), Asset(row.public_id, row.resource_type, ""), delivery=row.delivery)
        except ProviderError as error:
            # The next round begins with another file: this one may be what the provider stumbles over.
            DroppedFile.objects.filter(pk=row.pk).update(due_at=now + TRY_AGAIN)
            logger.warning("Files at the media provider wait to be deleted: %s", error)
            return settled
        row.delete()
        settled += 1
    return settled


def file_fields() -> Iterator[tuple[type[models.Model], models.FileField]]:
    """Every file field of every table."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy and model._meta.managed:
            for field in model._meta.local_fields:
                if isinstance(field, models.FileField):
                    yield model, field


def _is_used(name: str) -> bool:
    return any(model._base_manager.filter(**{field.name: name}).exists() for model, field in file_fields())
