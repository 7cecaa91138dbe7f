"""Why an address may or may not see a page: the real policy's decision, and what led to it, in words for editors."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from access import policy
from access.gate import decisions
from access.limits import blocking
from access.models import Email, Grant
from access.models.pages import is_live
from access.policy import ANONYMOUS, Decision, Level, Restriction, Status, Visitor
from access.sessions import learner_sessions


@dataclass(frozen=True, kw_only=True)
class Line:
    """One fact that the decision rests on."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """`decision` is what holds at this moment; `signed_in` what would, in a browser signed in as this address."""

    decision: Decision
    signed_in: Decision
    verdict: str
    lines: list[Line]


def why(address: str, page: Page, *, now: datetime) -> Explanation:
    """Decide about a page, given as its specific type, for the owner of a canonical address."""
    restriction = decisions.restriction_of(page)
    browsers = learner_sessions.sessions_for(address, now=now)
    grants = list(Grant.objects.filter(email__address=address).order_by("granted_at"))
    learner = Visitor(email=address, grants=frozenset(each.course_key for each in grants if each.revoked_at is None))
    decision = policy.decide(restriction, learner if browsers else ANONYMOUS)
    signed_in = policy.decide(restriction, learner)
    places = list(_places(page))
    is_blocked = blocking.is_blocked(address)
    return Explanation(
        decision=decision,
        signed_in=signed_in,
        verdict=_verdict(decision, signed_in, restriction, is_draft=_is_draft(places), is_blocked=is_blocked),
        lines=[
            *(_status_line(place) for place in places),
            _level_line(restriction, page, places),
            Line(label=_("Free preview"), text=_("Yes: open to anyone") if restriction.is_free_preview else _("No")),
            _address_line(address, is_blocked=is_blocked),
            _browsers_line(browsers),
            *(
                _grant_line(title, [each for each in grants if each.course_key == key])
                for key, title in course_titles(restriction.courses).items()
            ),
        ],
    )


def course_titles(keys: Iterable[UUID]) -> dict[UUID, str]:
    """What the courses are called, in one of their languages, a live one before others; also those that are gone."""
    keys = set(keys)
    found = (
        Page.objects.filter(translation_key__in=keys).order_by("live", "-pk").values_list("translation_key", "title")
    )
    return dict.fromkeys(keys, _("a course that was deleted")) | dict(found)


def moment(time: datetime) -> str:
    return date_format(timezone.localtime(time), "DATETIME_FORMAT")


def _places(page: Page) -> Iterator[Any]:
    """The page and what it stands in, then the same for whatever it is an alias of."""
    seen: set[int] = set()
    place: Page | None = page
    while place is not None:
        yield place.specific
        holder = place.get_parent().specific
        if hasattr(holder, "access") and holder.pk not in seen:  # it may hold its own alias
            seen.add(holder.pk)
            yield holder
        place = place.alias_of


def _status(place: Any) -> Status:
    return getattr(place, "own_status", Status.PUBLISHED if is_live(place) else Status.DRAFT)


def _is_draft(places: list[Any]) -> bool:
    return any(not _status(place).is_public for place in places)


def _status_line(place: Any) -> Line:
    text = str(_status(place).label)
    if place.live and not is_live(place):
        text = _("%(status)s: its end date has passed") % {"status": text}
    if scheduled := place.scheduled_revision:
        text = _("%(status)s; a change is scheduled for %(time)s") % {
            "status": text,
            "time": moment(scheduled.approved_go_live_at),
        }
    label = _("%(kind)s “%(title)s”") % {"kind": capfirst(place._meta.verbose_name), "title": place.title}
    return Line(label=label, text=text)


def _level_line(restriction: Restriction, page: Any, places: list[Any]) -> Line:
    label = _("Access")
    if restriction.level is None:
        return Line(label=label, text=_("Unknown, so no one can open it"))
    level = str(restriction.level.label)
    holders = [place for place in places if hasattr(place, "access") and place.pk != page.pk]
    if not holders:
        text = _("%(level)s: this page itself is public") % {"level": level}
        if hasattr(page, "access"):
            text += _("; its lessons ask for: %(level)s") % {"level": page.level.label}
        return Line(label=label, text=text)
    from_titles = [holder.title for holder in holders if holder.access == restriction.level]
    if restriction.is_kept:
        text = _("%(level)s, kept from the course it was copied or moved from") % {"level": level}
    elif not from_titles:
        text = _("%(level)s, from a translation: the strictest counts") % {"level": level}
    elif len(holders) > 1:
        text = _("%(level)s, from “%(course)s”: it belongs to several courses, and the strictest counts")
        text %= {"level": level, "course": from_titles[0]}
    else:
        text = _("%(level)s, from “%(course)s”") % {"level": level, "course": from_titles[0]}
    return Line(label=label, text=text)


def _address_line(address: str, *, is_blocked: bool) -> Line:
    email = Email.objects.filter(address=address).first()
    if email is None:
        text = _("Unknown: no email has been requested for it. Is it spelled the way they typed it?")
    elif email.verified_at:
        text = _("First verified %(time)s") % {"time": moment(email.verified_at)}
    else:
        text = _("Never verified: requested %(time)s, but no email was confirmed") % {"time": moment(email.asked_at)}
    if email and email.blocked_at:
        text += _(". Blocked since %(time)s") % {"time": moment(email.blocked_at)}
    elif is_blocked:
        text += _(". Blocked by the lists in Settings, Gate")
    return Line(label=_("Address"), text=text)


def _browsers_line(browsers: list[Any]) -> Line:
    if not browsers:
        return Line(label=_("Signed in"), text=_("On no device: never signed in, signed out, or expired"))
    text = ngettext("On %(count)s device", "On %(count)s devices", len(browsers)) % {"count": len(browsers)}
    text += _("; last seen %(time)s on %(browser)s, signed in until %(until)s") % {
        "time": moment(browsers[0].seen_at),
        "browser": browsers[0].browser or _("an unknown device"),
        "until": moment(browsers[0].until),
    }
    return Line(label=_("Signed in"), text=text)


def _grant_line(title: str, grants: list[Grant]) -> Line:
    label = _("Grant for “%(course)s”") % {"course": title}
    told = []
    for each in grants:
        words = {"time": moment(each.granted_at), "source": each.get_source_display()}
        text = _("granted %(time)s (%(source)s)") % words
        told.append(text if each.revoked_at is None else f"{text}, " + _("revoked %s") % moment(each.revoked_at))
    return Line(label=label, text=capfirst("; ".join(told)) if told else _("Never granted"))


def _verdict(
    decision: Decision, signed_in: Decision, restriction: Restriction, *, is_draft: bool, is_blocked: bool
) -> str:
    match decision:
        case Decision.NOT_HERE:
            if is_draft:
                return _("No one can open it: the page or its course is a draft.")
            return _("No one can open it: it isn’t part of a course, so its access level is unknown.")
        case Decision.NOT_YET:
            return _("Not yet: it’s coming soon, and opens once it’s published.")
        case Decision.ALLOW:
            return _allowed(restriction)
        case Decision.NEEDS_EMAIL | Decision.NEEDS_PURCHASE:
            if not signed_in.is_allowed:
                return _(
                    "They can’t open it: the course must be bought or granted, and this address has no active grant."
                )
            if is_blocked:
                return _("They can’t open it: the address is blocked, so it gets no sign-in emails.")
            return _("They can’t open it now: no device is signed in. It opens once they confirm this email.")
        case _:
            assert_never(decision)


def _allowed(restriction: Restriction) -> str:
    if restriction.is_free_preview:
        return _("They can open it: it’s a free preview, open to anyone.")
    assert restriction.level is not None  # noqa: S101  (a page whose level is unknown opens to no one)
    match restriction.level:
        case Level.ANYONE:
            return _("They can open it: it’s open to anyone.")
        case Level.EMAIL:
            return _("They can open it on the devices signed in with this email.")
        case Level.PURCHASE:
            return _("They can open it on the devices signed in with this email: it has been granted the course.")
        case _:
            assert_never(restriction.level)
