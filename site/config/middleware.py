"""Security headers that Django does not set or that differ for the admin, and guards against input it fails on."""

import logging
import re
from collections.abc import Callable, Mapping
from traceback import walk_tb
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldError, ObjectDoesNotExist, ValidationError
from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch
from django.utils.datastructures import MultiValueDictKeyError
from draftjs_exporter.error import ExporterException

from config.views import bad_request

logger = logging.getLogger(__name__)

ADMIN = "/admin/"
SESSION_KEY = re.compile(r"[a-z0-9]{8,64}", re.ASCII)
# Where Django and Wagtail turn what was sent into a value, a value into what a column holds, `next` into an
# address, and an address into a row.
READS = {"value_from_datadict", "get_prep_value", "get_db_prep_value", "to_python", "resolve_url", "get_object"}
UNREADABLE: tuple[type[Exception], ...] = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
UNREADABLE += (ValidationError, ExporterException, NoReverseMatch, ObjectDoesNotExist, FieldError, IntegrityError)
LARGEST_ID = 2**63 - 1  # of any row, in either database


def isolation(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep our answers out of other sites' pages, our pages away from the device, and caches to what we allow.

    Outermost, so that redirects to HTTPS, refused hosts and static files have these headers too. Browsers and caches
    keep some answers, redirects above all, unless a header forbids it; and a URL may hold a secret.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def sound_session_cookie(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Drop a session cookie that Django never gave out: looked up as it is, a NUL in it is an error on PostgreSQL."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if key is not None and not SESSION_KEY.fullmatch(key):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return get_response(request)

    return middleware


def admin_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give Wagtail's admin, and nothing else, the looser policy it needs, and let it frame its own pages.

    A preview has been through the whole chain once already, as the public page it shows: it keeps its own policy.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(ADMIN):
            response._csp_config = settings.ADMIN_CSP  # type: ignore[attr-defined]  # as csp_override() would
            response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    return middleware


class LargestIdMiddleware:
    """Answer 404 where an `<int:>` in the address, ours or Wagtail's, is larger than any row's id can be.

    Django asks for no id that its column cannot hold, but not through a relation, and a page's id is one: there
    SQLite's driver fails. Seen before the view runs, so that no error of a view's own is hidden.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: Mapping[str, Any]) -> None:
        if any(isinstance(value, int) and value > LARGEST_ID for value in kwargs.values()):
            raise Http404


class AdminInputMiddleware:
    """Answer 400 where Wagtail's admin was sent what none of its forms sends, and trips over it.

    Wagtail trusts its own JavaScript: a count that is no number, rich text that is no JSON, an id past its column. What
    fails while a value is read counts as such, and so does what fails in Wagtail's own code over a form or a query. All
    else stays the 500 it is, above all what fails in ours; and whatever is answered here is logged like one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not request.path.startswith(ADMIN) or not _is_of_input(error, request):
            return None
        logger.error("The admin was sent what it cannot read: %s", request.path, exc_info=error)
        return bad_request(request, error)


def _is_of_input(error: Exception, request: HttpRequest) -> bool:
    if isinstance(error, DataError | MultiValueDictKeyError):
        return True
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    if isinstance(error, OverflowError | UnicodeEncodeError) and _is_within(frames[-1], "django.db.backends."):
        return True
    if not isinstance(error, UNREADABLE):
        return False
    if any(frame.f_code.co_name in READS and not _is_ours(frame) for frame in frames):
        return True
    told = request.method not in {"GET", "HEAD"} or bool(request.META.get("QUERY_STRING"))
    known = (frame for frame in reversed(frames) if _is_ours(frame) or _is_within(frame, "wagtail.", "wagtailmedia."))
    nearest = next(known, None)
    return told and nearest is not None and not _is_ours(nearest)


def _is_within(frame: FrameType, *packages: str) -> bool:
    return str(frame.f_globals.get("__name__")).startswith(packages)


def _is_ours(frame: FrameType) -> bool:
    file = frame.f_code.co_filename
    return file.startswith(str(settings.BASE_DIR)) and "/site-packages/" not in file
