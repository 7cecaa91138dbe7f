"""Bulk gifts: give a course to many addresses at once; to all of them or, where one is wrong, to none."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access import email_addresses, grants
from access.limits import blocking
from access.models import Email, Grant
from purchases import tasks
from purchases.models import GiftMail

MOST = 500
MOST_TOLD = 50  # mistakes; who pastes something else altogether need not read more
SEPARATORS = re.compile(r"[,;\s]+")


@dataclass(kw_only=True)
class Given:
    """Who was given the course, and who had it from wherever and got nothing."""

    to: list[Email] = field(default_factory=list)
    had_it: list[Email] = field(default_factory=list)


def read(pasted: str) -> tuple[list[str], list[str]]:
    """The addresses in their canonical form, each once, in their order; and what is wrong, by line."""
    found: dict[str, int] = {}
    wrong = []
    for number, line in enumerate(pasted.splitlines(), start=1):
        for typed in filter(None, SEPARATORS.split(line)):
            try:
                found.setdefault(email_addresses.canonical(typed), number)
            except email_addresses.InvalidAddress:
                wrong.append(_("Line %(line)s: “%(typed)s” isn’t an email address.") % _place(number, typed))
    blocked = [address for address in found if blocking.is_blocked(address)] if len(found) <= MOST else []
    wrong += [_("Line %(line)s: “%(typed)s” is blocked.") % _place(found[each], each) for each in blocked]
    if not found and not wrong:
        wrong.append(_("There’s no email address in it."))
    more = len(wrong) - MOST_TOLD
    return list(found), [*wrong[:MOST_TOLD], *([_("And %s more like these.") % more] if more > 0 else [])]


def give(to: list[str], *, course_key: UUID, now: datetime, giver: str = "", note: str = "") -> Given:
    """Grants, and a mail queued to each, which names the giver and holds the note. Who has the course from any source
    is left as they are."""
    given = Given()
    with transaction.atomic():
        Email.objects.bulk_create([Email(address=each, asked_at=now) for each in to], ignore_conflicts=True)
        emails = Email.objects.filter(address__in=to).order_by("pk")
        has_it = set(Grant.objects.filter(course_key=course_key, revoked_at=None).values_list("email_id", flat=True))
        for email in emails:
            grant = None if email.pk in has_it else _give(email, course_key=course_key, now=now)
            if grant is None:
                given.had_it.append(email)
                continue
            given.to.append(email)
            mail = GiftMail.objects.create(grant=grant, queued_at=now, giver=giver, note=note)
            tasks.send_gift_mail.enqueue(mail.pk)
    return given


def _give(email: Email, *, course_key: UUID, now: datetime) -> Grant | None:
    try:
        return grants.give(email, course_key=course_key, source=Grant.Source.GIFT, now=now)
    except grants.AlreadyGiven:
        return None


def _place(line: int, typed: str) -> dict[str, object]:
    return {"line": line, "typed": typed if len(typed) <= 60 else f"{typed[:60]}…"}
