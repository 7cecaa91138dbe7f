"""The gate (paywall) as visitors see it: a locked page's public part, and the one next step to read it."""

from typing import assert_never

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from wagtail.models import Page

from access.forms import AskForm
from access.gate import decisions
from access.policy import Decision


def show_gate(request: HttpRequest, page: Page, note: decisions.Note, *, form: AskForm | None = None) -> HttpResponse:
    """The page's public part and the way in: 200 at the page's own address, so that shared links unfurl.

    htmx gets a 403 that sends the whole browser here: a gate swapped into half a page helps nobody.
    """
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=403, headers={"HX-Redirect": page.get_url(request)})
    context = {
        "teaser": page.teaser(request),
        "asks": _asks(note.decision),
        "form": form or AskForm(initial={"page": page.pk, "second": request.GET.get("t", "")}),
        "action": reverse("access:ask"),
        "visitor_email": note.visitor.email,
        "page_id": page.pk,
        "missing_courses": note.restriction.courses - note.visitor.grants,
    }
    return render(request, "access/gate.html", context, status=422 if form else 200)


def _asks(decision: Decision) -> str:
    """Which of the gate's faces is shown."""
    match decision:
        case Decision.NEEDS_EMAIL | Decision.NEEDS_PURCHASE | Decision.NOT_YET:
            return decision.value
        case Decision.ALLOW | Decision.NOT_HERE:
            raise ValueError(decision)  # there is no gate before these
        case _:
            assert_never(decision)
