"""Views that belong to no room: health checks, robots.txt and error pages."""

import errno
import logging
import sys

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wagtail_cloudinary.errors import ProviderError

logger = logging.getLogger(__name__)

PRIVATE = {"Cache-Control": "private, no-store"}
# The database is away, locked, or takes no writes (which PostgreSQL calls an internal error): nobody's mistake here.
DATABASE_AWAY = (OperationalError, InterfaceError, InternalError)
# No space, no quota, or no larger file: met where an upload waits, before there is a form that could say so.
DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain", headers=PRIVATE)


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The site can serve pages: the database answers, its tables are up to date, and the look has been built.

    Anybody may ask, so only the log says what is missing.
    """
    try:
        executor = MigrationExecutor(connection)
        problem = "migrations are missing" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else ""
        staticfiles_storage.url("theme/css/site.css")
    except (DatabaseError, InterfaceError, ValueError) as error:
        problem = f"{type(error).__name__}: {error}"
    if problem:
        logger.warning("Not ready: %s", problem)
        return HttpResponse("not ready\n", status=503, content_type="text/plain", headers=PRIVATE)
    return HttpResponse("ok\n", content_type="text/plain", headers=PRIVATE)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing hidden is listed here: what must not be read is not served."""
    lines = ["User-agent: *", "Disallow: /access/", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without a request: nothing that may be broken is asked."""
    failure = sys.exception()
    if isinstance(failure, ProviderError):
        sentence = {"sentence": str(failure)}
        return HttpResponse(render_to_string("media_away.html", sentence), status=503, headers=PRIVATE)
    if isinstance(failure, DATABASE_AWAY):
        return HttpResponse(render_to_string("503.html"), status=503, headers={**PRIVATE, "Retry-After": "60"})
    if isinstance(failure, OSError) and failure.errno in DISK_FULL:
        return HttpResponse(render_to_string("disk_full.html"), status=507, headers=PRIVATE)
    return HttpResponse(render_to_string("500.html"), status=500, headers=PRIVATE)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came from elsewhere, or from a page left open past its cookie. The reason is for the log alone."""
    problem = _(
        "This form has been open too long, or your browser blocked its cookie. Go back, reload the page and try again."
    )
    return render(request, "csrf.html", {"problem": problem}, status=403)
