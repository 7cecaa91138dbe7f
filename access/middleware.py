"""The email gate in front of Wagtail's pages: it asks before anything is served, and says who may keep the answer."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from wagtail.models import Page

from access.gate import decisions, serving
from access.sessions import visitor


class EmailGateMiddleware:
    """Decides by the page that Wagtail's own router finds, never by the look of a path.

    Paths mislead: an alias, a translation, an encoded letter or an odd method got past every rule about them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if found := decisions.noted(request):
            is_preview = getattr(request, "is_dummy", False)  # Wagtail's mark on a made-up request
            is_shared = not is_preview and not visitor.brings_a_session(request)
            is_cacheable = found.restriction.is_open and response.status_code == 200 and is_shared
            # Also on the shared answer: it may speak of its reader once a cookie comes along.
            patch_vary_headers(response, ["Cookie"])
            # Nobody may answer from a kept copy without asking: a page may be tightened at any minute.
            patch = {"public": True, "max_age": 0, "must_revalidate": True} if is_cacheable else PRIVATE
            patch_cache_control(response, **patch)
        elif response.status_code >= 400:
            patch_cache_control(response, **PRIVATE)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        # The route's name, not the view: a decorated view is another object, and every page would be open.
        if request.resolver_match is None or request.resolver_match.view_name != "wagtail_serve":
            return None
        page = Page.find_for_request(request, *args, **kwargs)  # kept on the request, so serving costs no query more
        return None if page is None else serving.answer(request, page)


PRIVATE = {"private": True, "no_store": True}
