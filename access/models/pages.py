"""Mixins for page types: open, or restricted. A page of neither is refused (access.checks, access.gate)."""

from datetime import datetime
from http import HTTPMethod
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from access import policy
from access.teaser import Teaser

if TYPE_CHECKING:
    from wagtail.models import Page
    from wagtail.models import Page as _Base
else:
    _Base = models.Model

READ_ONLY = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
# Wagtail's own page privacy knows the page alone: the views of its files, and every list, would go on as before.
NO_OTHER_PRIVACY: list[str] = []


def is_live(page: "Page") -> bool:
    """Whether visitors may meet the page: published, and not past its end date.

    `Page.live` alone goes on saying yes until the scheduler comes round, and that may be late or stopped.
    """
    return page.live and (page.expire_at is None or page.expire_at >= timezone.now())


def live_now(*, now: datetime | None = None) -> Q:
    """The same as a condition on pages. Never `.live()` or `live=True` alone where visitors see the result."""
    return Q(live=True) & (Q(expire_at=None) | Q(expire_at__gte=now or timezone.now()))


class OpenPageMixin(_Base):
    """A page everyone may read while it is live. It reads the same to everyone, so it may be cached."""

    allowed_http_methods = READ_ONLY
    private_page_options = NO_OTHER_PRIVACY

    class Meta:
        abstract = True

    def restriction(self) -> policy.Restriction:
        return policy.OPEN if is_live(self) else policy.UNKNOWN

    def uses(self, *, media: models.Model) -> bool:
        """Whether the page shows this image, video or document, so that its decision covers it."""
        return False


class RestrictedPageMixin(_Base):
    """A page that is served only where the gate noted a decision that allows it."""

    allowed_http_methods = READ_ONLY
    private_page_options = NO_OTHER_PRIVACY

    class Meta:
        abstract = True

    def restriction(self) -> policy.Restriction:
        """Everything the policy needs to know, gathered in as few queries as the page type can."""
        raise TypeError(f"{type(self).__name__} does not say what it asks of its readers.")

    def teaser(self, request: HttpRequest) -> Teaser:
        """The public part: called for visitors who may not read the page."""
        raise TypeError(f"{type(self).__name__} does not say what the gate may show.")

    def uses(self, *, media: models.Model) -> bool:
        """Whether the page shows this image, video or document, so that its decision covers it."""
        return False
