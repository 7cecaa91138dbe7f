"""How the admin previews a page: as an audience, at a date, through the same policy as a visitor's request."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_resolver
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.dateparse import parse_datetime

from access.gate import serving
from courses import preview_time
from courses.preview_time import NOW, AsOf, Audience

if TYPE_CHECKING:
    from wagtail.models import Page
    from wagtail.models import Page as _Base
else:
    _Base = models.Model


class AudiencePreviewMixin(_Base):
    """A page that is previewed as an audience, at a date. `as_of` holds the pages around it as they will be."""

    as_of: AsOf = NOW

    preview_modes = Audience.choices

    class Meta:
        abstract = True

    @property
    def default_preview_mode(self) -> str:
        """The one who sees the most."""
        return str(self.preview_modes[-1][0])

    def unpublished_holder(self) -> "Page | None":
        """The latest draft of the page that must be live before visitors meet this one, where it is not."""
        return None

    def make_preview_request(
        self,
        original_request: HttpRequest | None = None,
        preview_mode: str | None = None,
        extra_request_attrs: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """For Wagtail's own preview views, which have checked who asks; the date is in their address."""
        moment = _moment(original_request.GET.get("at", "")) if original_request else None
        if (mode := preview_mode or self.default_preview_mode) not in Audience.values:
            raise BadRequest("No such audience.")
        query = original_request.GET if original_request else None
        return preview_time.preview(self, audience=mode, at=moment, query=query)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """What a visitor would be answered, let into our own frames, and with forms that send nothing."""
        try:
            response: Any = (
                serving.answer(request, self) or serving.refuse_undecided(request, self) or self.serve(request)
            )
        except Http404 as error:
            not_found: Any = get_resolver().resolve_error_handler(404)
            response = not_found(request, exception=error)
        response["X-Frame-Options"] = "SAMEORIGIN"
        own = getattr(response, "_csp_config", settings.SECURE_CSP)
        response._csp_config = {**own, "form-action": [CSP.NONE], "frame-ancestors": [CSP.SELF]}
        return response


def _moment(typed: str) -> Any:
    """The date and time as the browser's control writes it, in the user's time zone."""
    if not typed:
        return None
    try:
        moment = parse_datetime(typed)
    except ValueError:
        moment = None
    if moment is None or not 2000 <= moment.year < 2200:
        raise BadRequest("No such date.")
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
