"""One email of each kind that this site sends, as it is handed to the mail server."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.mail import EmailMessage, EmailMultiAlternatives
from wagtail.models import Comment, CommentReply, TaskState

from access.models import Email, EmailVerificationToken, Grant
from access.staff_accounts import password_reset
from access.verification import messages as verification_messages
from courses.models import CoursePage
from purchases.mail import messages as purchase_messages
from purchases.models import CheckoutIntent, GiftMail, Move, Payment, PurchaseMail, ShopSettings
from purchases.models.states import State
from release import messages as release_messages
from release.models import WaitlistEntry
from review import decisions
from review.models import CommentMail, LinkVerification, ReviewLink, ReviewMail, ReviewNote
from review.notify import messages as review_messages

Purpose = EmailVerificationToken.Purpose
CODE, SECRET = "123456", "s" * 43
LEARNER, REVIEWER = "ada@example.org", "zoe@example.org"
# Those who read these decide about pages, or are handed what was paid for (docs/decisions/0013).
WITHOUT_CODES = ("review", "move", "staff")


def build(course: CoursePage, now: datetime) -> dict[str, EmailMultiAlternatives]:
    """By name; the course is one that is sold."""
    email = Email.objects.create(address=LEARNER, asked_at=now, verified_at=now)
    task_state = _submitted(course)
    found = {
        **_verifications(course, email, now),
        **_orders(course, email, now),
        **_reviews(task_state, now),
        **_wagtails(task_state, now),
        "release opened": release_messages.opened(
            WaitlistEntry.objects.create(email=email, course_key=course.translation_key, asked_at=now), course
        ),
        "staff password reset": password_reset._message(task_state.workflow_state.requested_by),
    }
    return {name: _whole(message) for name, message in found.items()}


def html_of(message: EmailMultiAlternatives) -> str:
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    return str(html)


def _whole(message: EmailMessage) -> EmailMultiAlternatives:
    assert isinstance(message, EmailMultiAlternatives)
    return message


def _submitted(course: CoursePage) -> TaskState:
    author = get_user_model().objects.create_user("grace", "grace@example.org", "x", first_name="Grace")
    author.groups.add(Group.objects.get(name="Editors"))
    course.save_revision(user=author)
    course.get_workflow().start(course, author)
    task_state = decisions.waiting(course)
    assert task_state
    return task_state


def _verifications(course: CoursePage, email: Email, now: datetime) -> dict[str, EmailMessage]:
    found = {}
    expires_at = now + timedelta(minutes=15)
    for purpose in Purpose:
        token = EmailVerificationToken.objects.create(
            email=email, sent_to=LEARNER, page=course, purpose=purpose, asker_digest="", asked_at=now, send_after=now
        )
        if purpose == Purpose.MOVE:
            Move.objects.create(from_email=email, token=token, asked_at=now)
        if purpose == Purpose.REVIEW:
            LinkVerification.objects.create(token=token, link=_link(course, now))
        found[purpose] = verification_messages.verification(token, secret=SECRET, code=CODE, expires_at=expires_at)
    return {f"{purpose.value} code": message for purpose, message in found.items()}


def _link(course: CoursePage, now: datetime) -> ReviewLink:
    return ReviewLink.objects.create(
        page=course.page_ptr, mailbox=REVIEWER, created_at=now, expires_at=now + timedelta(days=7)
    )


def _orders(course: CoursePage, email: Email, now: datetime) -> dict[str, EmailMessage]:
    ShopSettings.objects.create(
        seller_name="Bees & Sons",
        seller_address="1 Honey Lane\nAB1 2CD Hive",
        contact_email="shop@bees.example",
        tax_number="GB 123",
    )
    what: dict[str, Any] = {"email": email, "course_key": course.translation_key, "amount": 4900, "currency": "EUR"}
    intent = CheckoutIntent.objects.create(
        **what, course_title=course.title, page=course, is_live=False, created_at=now, confirmed_at=now
    )
    payment = Payment.objects.create(**what, reference="1", intent=intent, state=State.PAID, paid_at=now)
    found: dict[str, EmailMessage] = {}
    for kind in PurchaseMail.Kind:
        row = PurchaseMail.objects.create(payment=payment, kind=kind, amount=900, queued_at=now)
        found[f"order {kind.value}"] = purchase_messages.told(row, to=LEARNER)
    grant = Grant.objects.create(
        email=email, course_key=course.translation_key, source=Grant.Source.GIFT, granted_at=now
    )
    gift = GiftMail.objects.create(grant=grant, giver="Grace", note="For your talk.", queued_at=now)
    return {**found, "gift": purchase_messages.gift(gift, to=LEARNER)}


def _reviews(task_state: TaskState, now: datetime) -> dict[str, EmailMessage]:
    author = task_state.workflow_state.requested_by
    course = task_state.workflow_state.content_object.specific
    rows = {"review asked": ReviewMail(kind=ReviewMail.Kind.ASKED, task_state=task_state, user=author)}
    for kind in ReviewNote.Kind:
        note = ReviewNote.objects.create(
            page=course.page_ptr, name="Rita", kind=kind, text="Well.\nBut <short>.", said_at=now
        )
        rows[f"review {kind.value}"] = ReviewMail(
            kind=ReviewMail.Kind.NOTE, task_state=task_state, user=author, note=note
        )
    link = _link(course, now)
    note = ReviewNote.objects.create(
        page=course.page_ptr, link=link, name=REVIEWER, kind=ReviewNote.Kind.COMMENT, text="Well.", said_at=now
    )
    rows["review comment by link"] = ReviewMail(
        kind=ReviewMail.Kind.NOTE, task_state=task_state, user=author, note=note
    )
    for number, row in enumerate(rows.values(), 1):
        row.pk = number
    return {name: review_messages.notice(row) for name, row in rows.items()}


def _wagtails(task_state: TaskState, now: datetime) -> dict[str, EmailMessage]:
    """Of workflows without a review, and of comments in the editor."""
    author, course = task_state.workflow_state.requested_by, task_state.workflow_state.content_object.specific
    kinds = ReviewMail.Kind
    found: dict[str, EmailMessage] = {
        f"staff {kind.value}": review_messages.notice(ReviewMail(pk=9, kind=kind, task_state=task_state, user=author))
        for kind in (kinds.TASK_SUBMITTED, kinds.SUBMITTED, kinds.REJECTED, kinds.APPROVED)
    }
    place = {"page": course.page_ptr, "user": author, "contentpath": "summary", "position": ""}
    asked = Comment.objects.create(text="What do they eat?", **place)
    reply = CommentReply.objects.create(comment=asked, user=author, text="Nectar & <pollen>.")
    changes = {"new": [asked.pk], "resolved": [asked.pk], "replies": [reply.pk]}
    row = CommentMail(pk=9, user=author, page=course.page_ptr, by=author, changes=changes, queued_at=now)
    return {**found, "staff comments": review_messages.comments(row)}
