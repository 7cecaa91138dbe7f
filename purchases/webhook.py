"""The webhook: the URL to which the payment provider posts its signed events."""

import logging

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from purchases.ledger import ledger
from purchases.stripe import stripe_events

logger = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024  # the largest events have some tens of kilobytes


@csrf_exempt  # what counts is the signature
@never_cache
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """200 once everything that follows is stored; what fails on the way is a 5xx, and is sent again.

    What is signed and cannot be read is a person's to look at: refused, it would be sent again for days, to no end.
    """
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _said("too large", 413)
    now = timezone.now()
    try:
        event = stripe_events.read(body, request.headers.get("Stripe-Signature", ""), now=now)
    except stripe_events.Forged as reason:
        logger.warning("A payment message was refused: %s", reason)
        return _said("refused", 400)
    except stripe_events.Unreadable as reason:
        logger.error("A message of the payment provider cannot be read, and nothing follows from it: %s", reason)
        return _said("unreadable", 200)
    ledger.record(event, now=now)
    return _said("ok", 200)


def _said(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain")
