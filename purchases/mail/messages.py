"""Emails to buyers: to confirm the address, receipts and refunds, and gifts."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.models import EmailVerificationToken
from access.models.pages import live_now
from access.verification.purposes import Handling
from courses.content.money import Money
from courses.models import CoursePage
from mail import messages
from purchases.gifts import receiving
from purchases.models import CheckoutIntent, GiftMail, Move, PurchaseMail, ShopSettings
from purchases.orders import orders

Kind = PurchaseMail.Kind

SUBJECTS: dict[str, Promise] = {
    Kind.PAID: _("Your receipt for “%(title)s”"),
    Kind.PENDING: _("Your payment for “%(title)s” is pending"),
    Kind.FAILED: _("Your payment for “%(title)s” didn’t go through"),
    Kind.TWICE: _("You paid for “%(title)s” twice"),
    Kind.PARTLY_REFUNDED: _("A partial refund for “%(title)s”"),
    Kind.REFUNDED: _("Your refund for “%(title)s”"),
    Kind.REFUNDED_KEPT: _("Your refund for “%(title)s”"),
    Kind.DISPUTED: _("“%(title)s” is closed while your bank reviews the payment"),
    Kind.LOST: _("Your bank reversed the payment for “%(title)s”"),
    Kind.WON: _("“%(title)s” is open again"),
}


def confirm_words(token: EmailVerificationToken) -> dict[str, Any]:
    """What is to be bought at which price. A worker that is quicker than the checkout's row takes the page's own."""
    intent = CheckoutIntent.objects.filter(token=token).first()
    if intent:
        return {"title": intent.course_title, "price": str(intent.money)}
    course = CoursePage.objects.filter(pk=token.page_id or 0).first()
    return {"title": course.title if course else "", "price": str(course.money or "") if course else ""}


def buy_url(token: EmailVerificationToken) -> str:
    return reverse("purchases:buy", args=[token.page_id]) if token.page_id else reverse("access:session")


CONFIRM = Handling(
    subject=_("Continue buying “%(title)s”"),
    subject_with_code=_("Your code to buy “%(title)s”: %(spaced_code)s"),
    mail="purchases/email/confirm",
    words=confirm_words,
    url=buy_url,
)


def move_words(token: EmailVerificationToken) -> dict[str, Any]:
    move = Move.objects.select_related("from_email").filter(token=token).first()
    return {"old_address": move.from_email.address if move and move.from_email else ""}


MOVE = Handling(
    subject=_("Take over courses bought with another email"),
    mail="purchases/email/move",
    words=move_words,
    url=lambda token: reverse("purchases:move"),
)


def told(row: PurchaseMail, *, to: str) -> EmailMultiAlternatives:
    payment, intent = row.payment, row.payment.intent
    assert intent is not None  # noqa: S101  (a payment that belongs to no checkout has no recipient)
    course = CoursePage.objects.filter(live_now(), translation_key=intent.course_key).first()
    shop = ShopSettings.current()
    context = {
        "kind": row.kind,
        "title": intent.course_title,
        "number": orders.number(payment),
        "price": str(payment.money),
        "refunded": str(Money(row.amount, payment.currency)),
        "paid_at": payment.paid_at,
        "address": to,
        "course_url": course.full_url if course else "",
        "order_url": settings.SITE_URL + reverse("purchases:checkout", args=[intent.pk]),
        "buy_url": settings.SITE_URL + reverse("purchases:buy", args=[course.pk]) if course else "",
        "shop": shop,
    }
    name = f"purchase.{row.pk}.{intent.pk.hex}"
    subject, reply_to = SUBJECTS[row.kind], shop.contact_email
    return messages.build("purchases/email/told", subject, context, to=to, name=name, reply_to=reply_to)


def gift(row: GiftMail, *, to: str) -> EmailMultiAlternatives:
    """Its link opens nothing by itself, so that the mail may be kept. A course that is gone has no name any more."""
    grant = row.grant
    course = CoursePage.objects.filter(translation_key=grant.course_key).order_by("-live", "pk").first()
    context = {
        "title": course.title if course else gettext("a course"),
        "giver": row.giver,
        "note": row.note,
        "gift_url": settings.SITE_URL + receiving.url(row),
    }
    name = f"gift.{row.pk}.{grant.pk}"
    return messages.build(
        "purchases/email/gift", _("You’ve been given free access to “%(title)s”"), context, to=to, name=name
    )
