"""A refusal that holds without its lock proves nothing. Every test marked `refusal(lock)` runs twice: as it is, and
with that very lock off, where it must fail by itself; one of its cases there, and in `make soak` each. Here are the
locks."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from access import email_addresses, policy
from access.limits import throttle
from access.models import EmailVerificationToken
from access.models.tokens import EmailVerificationTokenQuerySet
from access.policy import Decision
from access.sessions import token_secrets
from access.staff_accounts import demo_password
from access.teaser import Teaser
from access.verification import purposes, tokens
from courses.content import search_text
from courses.models import CoursePage, LessonPage
from courses.public import lesson_teaser, sitemaps, syllabus
from purchases.checkout import checkouts
from purchases.gifts import receiving
from purchases.ledger import payment_state
from purchases.models import CheckoutIntent, GiftMail
from purchases.provider_events import Event
from purchases.stripe import stripe_events
from review import decisions
from review.link import link_preview, links
from review.models import ReviewLink
from review.notify import messages as review_mails
from review.reviewers import MailboxReviewer


def _no_policy(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policy, "decide", lambda restriction, visitor: Decision.ALLOW)


def _no_token_rules(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tokens, "refuse_dead", lambda token, *, now: None)
    patch.setattr(tokens, "refuse_stranger", lambda token, *, typed, now: None)
    patch.setattr(tokens, "use_a_try", lambda token, *, now: None)
    patch.setattr(EmailVerificationTokenQuerySet, "usable", lambda self, now: self.all())
    patch.setattr(token_secrets, "is_code", lambda code, *, owner, digest: True)


def _no_limits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(throttle, "consume", lambda rule, key, *, limits, now, durable=True: None)


def _no_refused_password(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(demo_password, "is_refused", lambda password: False)


def _no_canonical_form(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(email_addresses, "canonical", lambda typed: typed.strip().lower())


def _no_public_fields(patch: pytest.MonkeyPatch) -> None:
    """Lists, teasers and search take from a lesson what was never named as public."""
    entry, teaser = syllabus.entry, lesson_teaser.teaser

    def talkative_entry(number: int, row: dict[str, object], course_url: str) -> syllabus.SyllabusEntry:
        said = LessonPage.objects.get(path=row["path"]).search_description
        return replace(entry(number, row, course_url), summary=said, slug=quote(said))

    def talkative_teaser(lesson: LessonPage, request: HttpRequest) -> Teaser:
        return replace(teaser(lesson, request), summary=lesson.search_description)

    def talkative_search(course: CoursePage) -> str:
        return search_text.fold(" ".join(lesson.specific.search_description for lesson in course.get_children()))

    talkative_sitemap = tuple(name.replace("url_path", "search_description") for name in sitemaps.PUBLIC_FIELDS)

    patch.setattr(syllabus, "entry", talkative_entry)
    patch.setattr(sitemaps, "PUBLIC_FIELDS", talkative_sitemap)
    patch.setattr(lesson_teaser, "teaser", talkative_teaser)
    patch.setattr(CoursePage, "folded", talkative_search)


def _no_review_rules(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decisions, "refuse", lambda page, workflow_state, task_state, *, revision_id, by, now: None)


def _no_link_rules(patch: pytest.MonkeyPatch) -> None:
    """Any text is a link that is open, any browser its mailbox's, any page covered by it and any file shown there."""

    def any_page(link: ReviewLink, page_id: int) -> link_preview.Shown:
        page = Page.objects.get(pk=page_id).specific
        return link_preview.Shown(page=page, task_state=decisions.waiting(page))

    patch.setattr(links, "find", lambda text, *, now: ReviewLink.objects.get())
    patch.setattr(links, "reviewer", lambda request, link: MailboxReviewer(link=link, mailbox=link.mailbox))
    patch.setattr(link_preview, "one", any_page)
    patch.setattr(link_preview, "covered", any_page)
    patch.setattr(link_preview.Shown, "uses", lambda self, media: True)
    patch.setattr(decisions, "may_speak", lambda page, task_state, *, by, now: True)


def _no_own_links(patch: pytest.MonkeyPatch) -> None:
    """A reviewer's request leads to the newest link of page and mailbox, and is shown like any learner's."""

    def newest(token: EmailVerificationToken) -> QuerySet[ReviewLink]:
        return ReviewLink.objects.filter(page=token.page_id, mailbox=token.sent_to).order_by("-created_at")

    patch.setitem(purposes.HANDLINGS, "review", replace(review_mails.CODE, private=""))
    patch.setattr(review_mails, "links_of", newest)
    patch.setattr(links, "asked_through", lambda link, token_id, *, browser: True)


def _no_own_orders(patch: pytest.MonkeyPatch) -> None:
    """Anyone who knows a checkout's number is its buyer."""
    patch.setattr(checkouts, "find", lambda intent_id, learner: CheckoutIntent.objects.get(pk=intent_id))


def _no_signatures(patch: pytest.MonkeyPatch) -> None:
    """Whatever is posted to the webhook is the provider's own, and was sent now."""

    def believe(body: bytes, signature: str, *, now: object) -> Event:
        return stripe_events.event(stripe_events.parse(body.decode()), body.decode())

    patch.setattr(stripe_events, "read", believe)


def _no_gift_links(patch: pytest.MonkeyPatch) -> None:
    """Anyone who counts up finds every gift."""
    patch.setattr(receiving, "find", lambda signed: GiftMail.objects.get(pk=signed.partition(".")[0]))


def _no_terms(patch: pytest.MonkeyPatch) -> None:
    """Whatever was paid in a checkout's name is what it asked for."""
    patch.setattr(payment_state, "problem_with", lambda fact, expected: "")


LOCKS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "policy": _no_policy,
    "fields": _no_public_fields,
    "token": _no_token_rules,
    "throttle": _no_limits,
    "address": _no_canonical_form,
    "demo password": _no_refused_password,
    "review": _no_review_rules,
    "link": _no_link_rules,
    "own link": _no_own_links,
    "own order": _no_own_orders,
    "signature": _no_signatures,
    "terms": _no_terms,
    "gift": _no_gift_links,
}


LOCK_OFF = pytest.param(
    "off",
    id="lock off",
    marks=[
        pytest.mark.xfail(strict=True, reason="its lock is off; a test that passes all the same proves nothing"),
        # What should have been refused opens, and a file that the test did not expect is closed by nobody.
        pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    ],
)
