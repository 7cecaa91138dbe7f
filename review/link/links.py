"""Review links, by which a reviewer without an account looks at one page: create, find, revoke."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Page

from access.models import EmailVerificationToken
from access.sessions import visitor
from access.sessions.clients import Browser
from access.verification import tokens
from access.verification.tokens import Purpose
from review.models import LinkVerification, ReviewLink
from review.reviewers import MailboxReviewer

DEFAULT_DAYS, MOST_DAYS = 7, 30


class LinkRefused(Exception):
    """The link shows nothing. The reason is shown only to holders of a link that we signed; never what it was for."""

    heading: Promise
    sentence: Promise
    status = 410


class LinkUnknown(LinkRefused):
    heading = _("We don’t recognise this link")
    sentence = _("It may have been cut short. Copy the whole link, or ask the person who sent it for a new one.")
    status = 404


class LinkGone(LinkRefused):
    heading = _("The page is gone")
    sentence = _("The page this link was for has been deleted. There’s nothing left to review.")


class LinkExpired(LinkRefused):
    heading = _("This link has expired")
    sentence = _("Review links expire after a few days. Ask the person who sent it for a new one.")


class LinkRevoked(LinkRefused):
    heading = _("This link was revoked")
    sentence = _("The person who created it has revoked it. Ask them if you should still review the page.")


class NotCovered(LinkRefused):
    heading = _("This link doesn’t open that page")
    sentence = _(
        "A review link is for one page, or for one course and its lessons. Go back to the page you were "
        "asked to review."
    )
    status = 404


class NotProved(LinkRefused):
    heading = _("Confirm your email first")
    sentence = _(
        "Only the person this link was made for can comment or decide. Open the link again and confirm your email."
    )
    status = 403


@transaction.atomic
def make(page: Page, *, mailbox: str, days: int, by: Any, now: datetime, with_lessons: bool = False) -> ReviewLink:
    """For one canonical address. Nothing is emailed: the editor who makes it passes it on."""
    link = ReviewLink.objects.create(
        page_id=page.pk,
        with_lessons=with_lessons,
        mailbox=mailbox,
        created_by=by,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    _log(link, "review.make_link", by=by)
    return link


@transaction.atomic
def revoke(link: ReviewLink, *, by: Any, now: datetime) -> None:
    """From the next request on it opens nothing. What was said through it stays."""
    if ReviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
        _log(link, "review.revoke_link", by=by)


def signed(link: ReviewLink) -> str:
    """The secret part of the URL: stored nowhere, and computed anew for staff who may copy it."""
    return _signer().sign(link.pk.hex)


def address(link: ReviewLink) -> str:
    return settings.SITE_URL + reverse("review:look", args=[signed(link)])


def find(text: str, *, now: datetime) -> ReviewLink:
    """The link this was signed for, while it is open. Raises a LinkRefused; the row decides, for every request anew."""
    try:
        pk = UUID(_signer().unsign(text))
    except (signing.BadSignature, ValueError) as error:
        raise LinkUnknown from error
    link = ReviewLink.objects.select_related("page", "created_by").filter(pk=pk).first()
    if link is None:
        raise LinkGone
    if link.revoked_at is not None:
        raise LinkRevoked
    if link.expires_at <= now:
        raise LinkExpired
    return link


def reviewer(request: HttpRequest, link: ReviewLink) -> MailboxReviewer | None:
    """Who this browser has proved to be, if that is whom the link was made for."""
    learner = visitor.learner(request)
    if learner is None or learner.email != link.mailbox:
        return None
    return MailboxReviewer(link=link, mailbox=learner.email)


def ask(link: ReviewLink, *, browser: Browser, now: datetime) -> EmailVerificationToken:
    """Queue a mail that proves the link's mailbox, for this link alone. Raises throttle.Throttled."""
    return tokens.request_verification(
        link.mailbox,
        page=link.page,
        browser=browser,
        now=now,
        purpose=Purpose.REVIEW,
        same=Q(link_verification__link=link),
        record=lambda token: LinkVerification.objects.create(token=token, link=link),
    )


def asked_through(link: ReviewLink, token_id: UUID, *, browser: Browser) -> bool:
    """Whether this browser made that request through this very link."""
    token = tokens.find_request(token_id, browser=browser, purpose=Purpose.REVIEW)
    return token is not None and link.verifications.filter(token=token).exists()


def _signer() -> signing.Signer:
    return signing.Signer(salt="review.link", sep=".")


def _log(link: ReviewLink, action: str, *, by: Any) -> None:
    log(link.page.specific, action, user=by, data={"name": link.mailbox})
