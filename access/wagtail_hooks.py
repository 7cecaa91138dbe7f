"""The second lock on the one door (access.gate)."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail import hooks
from wagtail.models import Page

from access import gate

logger = logging.getLogger(__name__)


@hooks.register("before_serve_page", order=-100)
def refuse_what_nobody_decided(
    page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]
) -> HttpResponse | None:
    if gate.is_shut(request, page):
        logger.error("Page %s was about to be served without a decision; is EmailGateMiddleware installed?", page.pk)
        return render(request, "403.html", status=403)
    return None
