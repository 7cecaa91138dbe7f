"""Emails to buyers and recipients of gifts. Each row is a queued email: it says when that was sent or given up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Grant
from mail.models import OWED, QueuedMail, QueuedMailQuerySet
from purchases.models.payments import Payment


class PurchaseMail(QueuedMail):
    """One email about one payment, sent once: a second refund is another `amount`, a receipt sent again another row."""

    class Kind(models.TextChoices):
        PAID = "paid", _("Receipt")
        PENDING = "pending", _("Payment pending")
        FAILED = "failed", _("Payment failed")
        TWICE = "twice", _("Paid twice")
        PARTLY_REFUNDED = "partly_refunded", _("Partially refunded")
        REFUNDED = "refunded", _("Refunded, course closed")
        REFUNDED_KEPT = "refunded_kept", _("Refunded, course kept")
        DISPUTED = "disputed", _("Disputed, course closed for now")
        LOST = "lost", _("Dispute decided, course closed")
        WON = "won", _("Dispute decided, course open")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="mails")
    kind = models.CharField(_("email"), max_length=16, choices=Kind)
    amount = models.PositiveIntegerField(default=0)  # minor units refunded when it was written
    copy = models.PositiveSmallIntegerField(default=0)  # how often staff had it sent again before this one
    queued_at = models.DateTimeField()

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase email")
        verbose_name_plural = _("purchase emails")
        ordering = ["queued_at", "pk"]
        indexes = [models.Index(name="purchase_mail_owed", fields=["queued_at"], condition=OWED)]
        constraints = [
            models.UniqueConstraint(name="told_once_about_a_payment", fields=["payment", "kind", "amount", "copy"]),
            models.CheckConstraint(
                name="purchase_mail_kind_is_known",
                condition=models.Q(
                    kind__in=[
                        "paid",
                        "pending",
                        "failed",
                        "twice",
                        "partly_refunded",
                        "refunded",
                        "refunded_kept",
                        "disputed",
                        "lost",
                        "won",
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment}: {self.kind}"


class GiftMail(QueuedMail):
    """The email about a gift to its recipient, sent once: by whom it is, and why where the giver says so."""

    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="gift_mail")
    giver = models.CharField(_("given by"), max_length=100, blank=True, default="")
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    queued_at = models.DateTimeField()

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift email")
        verbose_name_plural = _("gift emails")
        ordering = ["queued_at", "pk"]
        indexes = [models.Index(name="gift_mail_owed", fields=["queued_at"], condition=OWED)]

    def __str__(self) -> str:
        return f"{self.grant}"
