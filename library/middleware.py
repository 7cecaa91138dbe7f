"""Redirects for the script that sends a form in the browser's place (theme/js/upload_progress.js), as headers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def name_redirects(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Name the page that a redirect leads to. The script would follow it unseen, and use up what is said there once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "X-Upload" in request.headers and (place := response.get("Location")):
            response.status_code = 204
            del response["Location"]
            response["X-Location"] = place
        return response

    return middleware
