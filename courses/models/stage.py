"""A page's status: `availability` is what an editor says in a revision, `status` what follows from it."""

from typing import assert_never

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from access.models.pages import is_live
from access.policy import Status


class Availability(models.TextChoices):
    """Moves with the page's revisions, so that going from one to the other is reviewed and scheduled like any edit."""

    COMING_SOON = "coming_soon", _("Coming soon: announced, but lessons aren’t open yet")
    PUBLISHED = "published", _("Published: open to people with access")


class StagedPageMixin(models.Model):
    """A page with an availability. Its own status; a lesson's course may hold it further back."""

    availability = models.CharField(
        _("availability"),
        max_length=16,
        choices=Availability,
        default=Availability.PUBLISHED,
        help_text=_(
            "What visitors see once this page is published. Until then it’s a draft that only you and your "
            "team can see."
        ),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_availability_is_known", condition=models.Q(availability__in=Availability.values)
            ),
        ]

    @property
    def own_status(self) -> Status:
        return status_of(is_live=_is_live(self), availability=self.availability)


def status_of(*, is_live: bool, availability: str) -> Status:
    if not is_live or availability not in Availability.values:
        return Status.DRAFT
    match known := Availability(availability):
        case Availability.PUBLISHED:
            return Status.PUBLISHED
        case Availability.COMING_SOON:
            return Status.COMING_SOON
        case _:
            assert_never(known)


def _is_live(page: object) -> bool:
    return isinstance(page, Page) and is_live(page)
