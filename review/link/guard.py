"""The guard of every view behind a review link: the link is checked first, and its URL leaks to no cache or index."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from access.limits import throttle, too_many_requests
from access.verification import answers
from review.link import links

View = Callable[..., HttpResponseBase]
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": answers.REFERRER,
}


def by_link(view: View) -> View:
    """Hand the view the open link in place of the text in the address, or answer why there is none."""

    @wraps(view)
    def guarded(request: HttpRequest, signed: str, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase
        try:
            response = view(request, links.find(signed, now=timezone.now()), **kwargs)
        except links.LinkRefused as refusal:
            response = render(request, "review/refused.html", {"refusal": refusal}, status=refusal.status)
        except throttle.Throttled as error:
            response = too_many_requests.answer(request, error)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return guarded
