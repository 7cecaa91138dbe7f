"""Changes of a revision: first what decides who may read, then everything, in Wagtail's own comparison."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

# Whose change opens or closes something, or costs somebody something; those that the page has.
DECISIVE = ("access", "price", "is_free_preview", "availability", "go_live_at", "expire_at")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field: what holds now, "" on a page that is not live, and what would."""

    label: str
    now: str
    then: str


def decisive(revision: Revision) -> list[Difference]:
    """For a page that is not live: all of them, since all of it would be new."""
    proposed = revision.as_object()
    live = type(proposed).objects.filter(pk=proposed.pk, live=True).first()
    fields = [field for name in DECISIVE if (field := _field(proposed, name))]
    rows = [
        Difference(label=str(field.verbose_name), now=_said(live, field) if live else "", then=_said(proposed, field))
        for field in fields
    ]
    return [row for row in rows if row.now != row.then and not (live is None and row.then == _none())]


def comparison(before: Page, after: Page, request: HttpRequest) -> list[Any]:
    """The panels' own comparisons that found a difference."""
    panel = after.get_edit_handler().get_bound_panel(instance=after, request=request, form=None)
    return [compared for compare in panel.get_comparison() if (compared := compare(before, after)).has_changed()]


def _field(page: Page, name: str) -> Any:
    try:
        return page._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _said(page: Page, field: "Field[Any, Any]") -> str:
    # A price is shown with its currency, as people write it.
    value = page.money if field.name == "price" else getattr(page, field.name)
    if field.choices:
        return str(getattr(page, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "astimezone"):
        return date_format(timezone.localtime(value), "D j M Y H:i e")
    return _none() if value in {None, ""} else str(value)


def _none() -> str:
    return _("Not set")
