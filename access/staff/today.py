"""The dashboard’s panel 'Sign-in emails today': how requests since midnight ended, and what still waits."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from access.models import EmailVerificationToken
from access.models.tokens import MAX_TRIES


class GateToday(Component):
    name = "gate_today"
    template_name = "access/staff/today.html"
    order = 205

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"figures": figures(timezone.now())}


def figures(now: datetime) -> list[tuple[str, int]]:
    """Two queries: today's rows, and the queue, each by an index of its own."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    is_open = Q(spent_at=None, burnt_at=None, tries__lt=MAX_TRIES)
    today = EmailVerificationToken.objects.filter(asked_at__gte=midnight).aggregate(
        asked=Count("pk"),
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        opened=Count("pk", filter=Q(spent_at__isnull=False)),
        expired=Count("pk", filter=is_open & Q(expires_at__lte=now)),
        used_up=Count("pk", filter=Q(tries__gte=MAX_TRIES, spent_at=None)),
        given_up=Count("pk", filter=Q(parked_at__isnull=False, sends__gt=0)),
        blocked=Count("pk", filter=Q(parked_at__isnull=False, sends=0)),
    )
    return [
        (_("Requested"), today["asked"]),
        (_("Sent"), today["sent"]),
        (_("Used"), today["opened"]),
        (_("Expired unused"), today["expired"]),
        (_("Ended by wrong codes"), today["used_up"]),
        (_("Not sent: blocked"), today["blocked"]),
        (_("Failed"), today["given_up"]),
        (_("Waiting to be sent"), EmailVerificationToken.objects.queued().count()),
    ]
