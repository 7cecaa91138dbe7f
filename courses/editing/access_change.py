"""The impact of a change of access: who gains or loses which lessons by a revision, counted before it is published."""

import enum
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, Revision

from access import policy
from access.models import Email, Grant
from access.models.pages import live_now
from access.policy import Level, Status
from access.staff import explain
from courses.models import CoursePage, LessonPage
from courses.models.stage import status_of
from courses.public import restriction, syllabus

MAX_TITLES = 200  # characters of titles that a sentence takes


class Circle(enum.IntEnum):
    """Who reads a lesson, from the fewest to the most."""

    NOBODY = 0
    GRANTED = 1
    VERIFIED = 2
    EVERYONE = 3


@dataclass(frozen=True, kw_only=True)
class Change:
    """The same change for some lessons; `people` are the verified ones who gain or lose them."""

    before: Circle
    after: Circle
    lessons: tuple[str, ...]
    people: int
    granted: int

    @property
    def is_loss(self) -> bool:
        return self.after < self.before

    @property
    def sentence(self) -> str:
        lessons = ngettext("%(count)s lesson (%(titles)s)", "%(count)s lessons (%(titles)s)", len(self.lessons)) % {
            "count": len(self.lessons),
            "titles": Truncator(", ".join(self.lessons)).chars(MAX_TITLES),
        }
        people, granted = (
            ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
            for count in (self.people, self.granted)
        )
        return self._pattern() % {"lessons": lessons, "people": people, "granted": granted}

    def _pattern(self) -> str:
        match self.before, self.after:
            case _any, Circle.NOBODY:
                return _("%(lessons)s: closed to everyone, including %(people)s who can open it now.")
            case Circle.EVERYONE, Circle.VERIFIED:
                return _("%(lessons)s: no longer open to anyone. %(people)s with a verified email keep access.")
            case Circle.VERIFIED, Circle.GRANTED:
                return _("%(lessons)s: %(people)s with a verified email lose access. %(granted)s with a grant keep it.")
            case Circle.EVERYONE, Circle.GRANTED:
                return _(
                    "%(lessons)s: no longer open to anyone, and %(people)s with a verified email lose access. "
                    "%(granted)s with a grant keep it."
                )
            case Circle.NOBODY, Circle.GRANTED:
                return _("%(lessons)s: opens to %(people)s who bought the course or were granted it.")
            case _any, Circle.VERIFIED:
                return _("%(lessons)s: opens to %(people)s with a verified email.")
            case _any:
                return _("%(lessons)s: opens to everyone.")


@dataclass(frozen=True, kw_only=True)
class Effect:
    """`can_keep`: there are people who lose lessons to a purchase, and could be given the course instead. `kept` says,
    of a lesson that came from a course that asks for more, that it goes on asking that; "" for others."""

    changes: list[Change]
    can_keep: bool = False
    kept: str = ""

    @property
    def sentences(self) -> list[str]:
        return [change.sentence for change in self.changes] + ([self.kept] if self.kept else [])


def effect(page: Page, revision: Revision | None) -> Effect:
    """Of publishing this revision over the live page. A page that is not live changes nothing for anybody: nobody
    reads it yet. But a lesson may come from elsewhere, and a reviewer has to know before approving it."""
    return replace(_changes(page, revision), kept=_kept(page))


def _changes(page: Page, revision: Revision | None) -> Effect:
    live = page.specific_class.objects.filter(live_now(), pk=page.pk).first() if page.pk and revision else None
    if isinstance(live, CoursePage) and revision:
        return _of_course(live, revision.content)
    if isinstance(live, LessonPage) and revision and live.course:
        return _of_lesson(live, live.course, revision.content)
    return Effect(changes=[])


def _kept(page: Page) -> str:
    is_lesson = page.pk and issubclass(page.specific_class, LessonPage)
    lesson = LessonPage.objects.filter(pk=page.pk).first() if is_lesson else None
    asked = lesson.restriction() if lesson else None
    if lesson is None or asked is None or asked.level is None or not asked.is_kept:
        return ""
    # Its origin is known: without one there is nothing to keep.
    origin = explain.course_titles([lesson.origin_course])[lesson.origin_course] if lesson.origin_course else ""
    said = _(
        "%(lesson)s: came from “%(origin)s”, which asks for more than this course. Published, it keeps asking for what "
        "that course asks (%(level)s) until someone who can publish lets it follow this course."
    )
    return said % {"lesson": lesson.title, "origin": origin, "level": asked.level.label}


def keep(course: CoursePage, *, now: datetime) -> int:
    """Give the course to every verified address that has no grant for it, so that asking for a purchase takes nothing
    from them; returns to how many."""
    losers = list(_verified().exclude(_has_grant(course.translation_key)).values_list("pk", flat=True))
    gifts = [
        Grant(email_id=pk, course_key=course.translation_key, source=Grant.Source.GIFT, granted_at=now) for pk in losers
    ]
    # An address that somebody else gives it to in this moment keeps that one: the database allows one a source.
    Grant.objects.bulk_create(gifts, batch_size=500, ignore_conflicts=True)
    return len(gifts)


def _of_course(live: CoursePage, content: dict[str, Any]) -> Effect:
    translations = CoursePage.objects.filter(live_now(), translation_key=live.translation_key).exclude(pk=live.pk)
    others = [Level(level) for level in translations.values_list("access", flat=True)]
    before = policy.strictest([live.level, *others])
    after = policy.strictest([Level(content.get("access") or live.access), *others])
    status = status_of(is_live=True, availability=content.get("availability") or live.availability)
    kept = restriction.kept_levels(live)
    moves = []
    for entry in syllabus.entries_for(live):
        now, then = (_strictest(level, kept.get(entry.path)) for level in (before, after))
        moves.append(
            (
                _circle(policy.least([live.own_status, entry.status]), now, is_free=entry.is_free_preview),
                _circle(policy.least([status, entry.status]), then, is_free=entry.is_free_preview),
                entry.title,
            )
        )
    return _effect(moves, live.translation_key)


def _of_lesson(live: LessonPage, course: CoursePage, content: dict[str, Any]) -> Effect:
    """Its level stays what its courses ask; a free preview is one only where all its translations are."""
    now = live.restriction()
    translations = LessonPage.objects.filter(live_now(), translation_key=live.translation_key).exclude(pk=live.pk)
    is_free = bool(content.get("is_free_preview")) and not translations.filter(is_free_preview=False).exists()
    own = status_of(is_live=True, availability=content.get("availability") or live.availability)
    before = _circle(now.status, now.level, is_free=now.is_free_preview)
    after = _circle(policy.least([course.own_status, own]), now.level, is_free=is_free)
    return replace(_effect([(before, after, live.title)], course.translation_key), can_keep=False)


def _strictest(*levels: Level | None) -> Level | None:
    return policy.strictest([level for level in levels if level])


def _circle(status: Status, level: Level | None, *, is_free: bool) -> Circle:
    if not status.is_published or level is None:
        return Circle.NOBODY
    if is_free:
        return Circle.EVERYONE
    match level:
        case Level.ANYONE:
            return Circle.EVERYONE
        case Level.EMAIL:
            return Circle.VERIFIED
        case Level.PURCHASE:
            return Circle.GRANTED
        case _:
            assert_never(level)


def _effect(moves: list[tuple[Circle, Circle, str]], key: UUID) -> Effect:
    groups: dict[tuple[Circle, Circle], list[str]] = {}
    for before, after, title in moves:
        if before != after:
            groups.setdefault((before, after), []).append(title)
    if not groups:
        return Effect(changes=[])
    verified = _verified().count()
    granted = Email.objects.filter(_has_grant(key), blocked_at=None).count()
    without = _verified().exclude(_has_grant(key)).count()
    changes = [
        Change(
            before=before,
            after=after,
            lessons=tuple(titles),
            people=_count({before, after}, verified=verified, granted=granted, without=without),
            granted=granted,
        )
        for (before, after), titles in sorted(groups.items())
    ]
    return Effect(changes=changes, can_keep=any(c.is_loss and c.after is Circle.GRANTED and c.people for c in changes))


def _count(circles: set[Circle], *, verified: int, granted: int, without: int) -> int:
    """The people between two circles; between everyone and the verified it is those who keep on reading."""
    if circles == {Circle.NOBODY, Circle.GRANTED}:
        return granted
    return without if Circle.GRANTED in circles else verified


def _verified() -> QuerySet[Email]:
    return Email.objects.filter(verified_at__isnull=False, blocked_at=None)


def _has_grant(key: UUID) -> Exists:
    return Exists(Grant.objects.filter(email=OuterRef("pk"), course_key=key, revoked_at=None))
