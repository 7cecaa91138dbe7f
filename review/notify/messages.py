"""Emails about a review: to verify a reviewer's mailbox, to ask reviewers, to notify the author."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.models import Comment, CommentReply
from wagtail.users.models import UserProfile

from access.models import EmailVerificationToken
from access.verification.purposes import Handling
from mail import messages
from review.link import link_preview, links
from review.models import CommentMail, ReviewLink, ReviewMail
from review.notify import recipients

EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
SUBJECTS = {
    "asked": _("Please review: %(title)s"),
    "approval": _("Approved: %(title)s"),
    "return": _("Sent back: %(title)s"),
    "comment": _("Comment on: %(title)s"),
}


def words(token: EmailVerificationToken) -> dict[str, Any]:
    """The draft's title, as long as the link shows it."""
    link = links_of(token).open(timezone.now()).first()
    shown = link_preview.all_of(link) if link else []
    return {"title": shown[0].draft().title if link_preview.waits(shown) else gettext("a page")}


def url(token: EmailVerificationToken) -> str:
    """To the very link it was requested through, which says so where it has ended. Never to another that is open by
    now: the holder of this one may not have that one."""
    link = links_of(token).first()
    return reverse("review:mailbox", args=[links.signed(link)]) if link else reverse("access:session")


def links_of(token: EmailVerificationToken) -> Any:
    return ReviewLink.objects.filter(verifications__token=token)


CODE = Handling(
    subject=_("Your code for reviewing “%(title)s”"),
    mail="review/email/code",
    words=words,
    url=url,
    private=_("Open your review link again. It says whether it's still open, and you can get a new code there."),
)


def notice(row: ReviewMail) -> EmailMessage:
    """What this row's account reads, in its language and time zone."""
    with _as_set_by(row.user):
        if row.kind in {ReviewMail.Kind.ASKED, ReviewMail.Kind.NOTE}:
            return _ours(row)
        return _wagtails(row)


def comments(row: CommentMail) -> EmailMessage:
    """Wagtail's own words about what is there still of what was written."""
    threads: dict[Comment, list[CommentReply]] = {}
    for reply in CommentReply.objects.filter(pk__in=row.changes["replies"]).select_related("comment").order_by("pk"):
        threads.setdefault(reply.comment, []).append(reply)
    words = {
        "settings": settings,
        "user": row.user,
        "editor": row.by,
        "page": row.page.specific,
        "new_comments": Comment.objects.filter(pk__in=row.changes["new"]).order_by("pk"),
        "resolved_comments": Comment.objects.filter(pk__in=row.changes["resolved"]).order_by("pk"),
        "replied_comments": [{"comment": comment, "replies": replies} for comment, replies in threads.items()],
    }
    template = "wagtailadmin/notifications/updated_comments"
    with _as_set_by(row.user):
        return _in_wagtails_words(template, words, to=row.user.email, name=f"comments.{row.pk}.{row.page_id}")


def _ours(row: ReviewMail) -> EmailMessage:
    note, task_state = row.note, row.task_state
    page = task_state.workflow_state.content_object.specific
    what = note.kind if note else "asked"
    address = (
        reverse("wagtailadmin_pages:edit", args=[page.pk]) if note else reverse("reviews:look", args=[task_state.pk])
    )
    context = {
        "what": what,
        "note": note,
        "page": page,
        "title": page.get_admin_display_title(),
        "author": task_state.workflow_state.requested_by,
        "url": settings.SITE_URL + address,
    }
    # An account is named by its name alone. A mailbox that was proved by a review link is named by its address.
    reply_to = note.link.mailbox if note and note.link and note.link.mailbox == note.name else ""
    to, subject = row.user.email, SUBJECTS[what]
    return messages.build("review/email/notice", subject, context, to=to, name=_name(row), reply_to=reply_to)


def _wagtails(row: ReviewMail) -> EmailMessage:
    """Of a workflow without a review: Wagtail's own words, about the task as it was when the mail was queued."""
    notifier, workflow_state = recipients.NOTIFIERS[row.kind], row.task_state.workflow_state
    workflow_state.current_task_state = row.task_state
    subject = row.task_state if row.kind == ReviewMail.Kind.TASK_SUBMITTED else workflow_state
    words = {**notifier.get_context(subject), "user": row.user}
    template = notifier.get_template_set(subject)["text"].removesuffix(".txt")
    return _in_wagtails_words(template, words, to=row.user.email, name=_name(row))


def _in_wagtails_words(template: str, words: dict[str, Any], *, to: str, name: str) -> EmailMessage:
    """In the frame of our own emails, which templates/wagtailadmin/notifications/ puts around Wagtail's."""
    subject = render_to_string(f"{template}_subject.txt", words)
    words = {**words, "wagtails_subject": subject}
    message = messages.build(template, "%(wagtails_subject)s", words, to=to, name=name)
    message.body = EMPTY_LINES.sub("\n\n", str(message.body))  # its templates leave many
    return message


@contextmanager
def _as_set_by(user: Any) -> Iterator[None]:
    """The language and the time zone that this account has chosen in the admin."""
    profile = UserProfile.get_for_user(user)
    with override(profile.get_preferred_language()), timezone.override(profile.get_current_time_zone()):
        yield


def _name(row: ReviewMail) -> str:
    return f"review.{row.pk}.{row.task_state_id}"
