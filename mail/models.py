"""The mail queue: what a row that owes an email has in its table, whatever the email says."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MAX_SENDS = 8
# As `queued`: the condition of an index by which the scheduler finds what is owed among all that was ever sent.
OWED = Q(sent_at__isnull=True, parked_at__isnull=True)


class QueuedMailQuerySet[Row: models.Model](models.QuerySet[Row]):
    def queued(self) -> Self:
        """Waiting to be sent, whether or not the time for it has come."""
        return self.filter(sent_at=None, parked_at=None)

    def due(self, now: datetime) -> Self:
        return self.queued().filter(Q(send_after=None) | Q(send_after__lte=now))


class QueuedMail(models.Model):
    """When to try next, how often it was tried, when it was sent or parked. mail.outbox sends it.

    A claim moves `send_after` ahead; none is for what was never tried.
    """

    send_after = models.DateTimeField(null=True, blank=True)
    sends = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    parked_at = models.DateTimeField(_("failed"), null=True, blank=True)

    class Meta:
        abstract = True
