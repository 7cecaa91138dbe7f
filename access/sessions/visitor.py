"""The Visitor of a request (authentication), built once from the learner's cookie and, for a page, staff's rights."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page

from access import policy
from access.sessions import learner_sessions


def learner(request: HttpRequest) -> learner_sessions.Learner | None:
    """The learner behind this browser; looked up at most once a request, and not at all without the cookie.

    Kept as `request.learner`: a preview's request, which is made here and has no cookies, brings one along.
    """
    if not hasattr(request, "learner"):
        secret = request.COOKIES.get(settings.LEARNER_COOKIE)
        request.learner = learner_sessions.find(secret, now=timezone.now()) if secret else None  # type: ignore[attr-defined]
    found: learner_sessions.Learner | None = request.learner  # type: ignore[attr-defined]
    return found


def brings_a_session(request: HttpRequest) -> bool:
    """Whether the request brings a learner's or a staff member's cookie, good or not: its answer may be personal."""
    return not {settings.LEARNER_COOKIE, settings.SESSION_COOKIE_NAME}.isdisjoint(request.COOKIES)


def visitor_for(request: HttpRequest, page: Page | None = None) -> policy.Visitor:
    found = learner(request)
    return policy.Visitor(
        email=found.email if found else None,
        grants=found.grants if found else frozenset(),
        is_page_staff=page is not None and is_staff_of(request, page),
    )


def is_staff_of(request: HttpRequest, page: Page) -> bool:
    """Whether a staff member is logged in who may edit or publish the page, so may read it as it is now."""
    # Without the cookie nobody is logged in: leave the session alone, or the answer varies by it.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return False
    rights = page.permissions_for_user(request.user)
    # Wagtail gives none to whoever is not logged in or not active; here that is not left to it.
    return bool(request.user.is_active and (rights.can_edit() or rights.can_publish()))


def staff(request: HttpRequest) -> AbstractBaseUser | None:
    """Who is logged in, if they may use Wagtail's admin."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    return request.user if request.user.has_perm("wagtailadmin.access_admin") else None
