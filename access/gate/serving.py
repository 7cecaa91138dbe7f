"""Serve a page, refuse it or show the gate: the same for a real request (middleware) and a preview (serve_preview)."""

import logging
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page

from access.gate import decisions, views

logger = logging.getLogger(__name__)


def answer(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The gate, or another answer in the page's stead; None where the page itself may be served.

    The decision is noted on the request. Http404 when the page is not here.
    """
    found = decisions.decide_for(request, page)
    decisions.record(request, found)
    if not found.decision.is_here:
        raise Http404
    if request.method == "OPTIONS":
        return cast(HttpResponse, page.handle_options_request(request))
    if refusal := page.check_request_method(request):
        return cast(HttpResponse, refusal)
    return None if found.decision.is_allowed else views.show_gate(request, page, found)


def refuse_undecided(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The second check: a page on which no decision was noted is not served, whatever went wrong before."""
    if decisions.is_shut(request, page):
        logger.error("Page %s was about to be served without a decision; is EmailGateMiddleware installed?", page.pk)
        return render(request, "403.html", status=403)
    return None
