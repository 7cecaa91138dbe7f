"""Payments, refunds and transfers, and the ledger of the provider's events from which they are derived."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from access.models import Email, EmailVerificationToken
from courses.content.money import Money
from purchases.models.intents import CheckoutIntent
from purchases.models.states import Problem, State


class PaymentQuerySet(models.QuerySet["Payment"]):
    def orders(self) -> "PaymentQuerySet":
        """Those that concern this site. An account may be shared with another, whose payments are none of ours."""
        return self.exclude(intent=None, problem="")

    def needing_attention(self) -> "PaymentQuerySet":
        return self.orders().filter(needs_attention__isnull=False)


class Payment(models.Model):
    """One payment, by the provider's reference. What is below the first block is worked out anew from its events.

    It may be there before its checkout is known: an event that comes early leaves it as a marker.
    """

    reference = models.CharField(_("reference"), max_length=255, unique=True)
    intent = models.ForeignKey(CheckoutIntent, null=True, on_delete=models.PROTECT, related_name="payments")
    # Whose it is: at first the checkout's address; NULL once that is erased.
    email = models.ForeignKey(Email, null=True, on_delete=models.SET_NULL, related_name="payments")
    course_key = models.UUIDField(_("course"), null=True)
    ended_at = models.DateTimeField(_("ended by staff"), null=True, blank=True)  # without money, as for a free order

    state = models.CharField(_("state"), max_length=16, choices=State, default=State.CREATED)
    amount = models.PositiveIntegerField(_("amount"), default=0)  # minor units, what was paid
    refunded = models.PositiveIntegerField(_("refunded"), default=0)  # minor units
    currency = models.CharField(_("currency"), max_length=3, default="")
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=16, choices=Problem, blank=True, default="")
    opens = models.BooleanField(_("opens the course"), default=False)
    is_duplicate = models.BooleanField(_("paid twice"), default=False)
    # True, or NULL: a column of its own, so that a partial index holds the few among all.
    needs_attention = models.GeneratedField(
        expression=Case(
            When(
                Q(state__in=[state for state in State if state.has_money]) & (Q(is_duplicate=True) | ~Q(problem=""))
                | Q(state__in=[state for state in State if state.is_disputed]),
                then=Value(True),
            ),
        ),
        output_field=models.BooleanField(null=True),
        db_persist=True,
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        permissions = [
            ("refund_payment", _("Can refund orders")),
            ("export_payment", _("Can export orders")),
        ]
        indexes = [
            models.Index(fields=["email", "course_key"], name="payment_by_email_and_course"),
            models.Index(name="payment_needs_attention", fields=["id"], condition=Q(needs_attention__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="payment_state_is_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="payment_problem_is_known", condition=Q(problem__in=["", *Problem.values])),
            models.CheckConstraint(
                name="payment_opens_only_when_paid", condition=Q(opens=False) | Q(paid_at__isnull=False, problem="")
            ),
            models.CheckConstraint(
                name="payment_twice_only_when_it_opens", condition=Q(is_duplicate=False) | Q(opens=True)
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def money_refunded(self) -> Money:
        return Money(self.refunded, self.currency)

    @property
    def left(self) -> int:
        """Minor units that could still be refunded."""
        return max(0, self.amount - self.refunded)


class PaymentEvent(models.Model):
    """What the provider said, word for word, once: by its own number. Never deleted, and never applied twice.

    `facts` is what purchases.stripe.stripe_api read in it; `body` is emptied when the person has their data erased.
    """

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("Applied")
        NOTED = "noted", _("Noted, no action needed")
        UNMATCHED = "unmatched", _("Doesn’t match any checkout on this site")
        OTHER_MODE = "other_mode", _("Test payment on a live site, or the other way round")

    reference = models.CharField(_("number"), max_length=255, unique=True)
    kind = models.CharField(_("kind"), max_length=64)
    made_at = models.DateTimeField(_("made"))
    received_at = models.DateTimeField(_("received"))
    body = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="events")

    class Meta:
        verbose_name = _("payment event")
        verbose_name_plural = _("payment events")
        indexes = [models.Index(fields=["outcome", "received_at"], name="payment_event_by_outcome")]
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="payment_event_outcome_is_known",
                condition=Q(outcome__in=["applied", "noted", "unmatched", "other_mode"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Refund(models.Model):
    """Money that staff gave back: written before the provider is asked, whose idempotency key is the id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveIntegerField(_("amount"))  # minor units
    reason = models.TextField(_("reason"))
    keeps_access = models.BooleanField(_("keeps the course"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    reference = models.CharField(max_length=255, null=True, unique=True)  # noqa: DJ001  the provider's, once it agreed
    refused_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["asked_at"]
        constraints = [models.CheckConstraint(name="refund_is_of_something", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.payment}: {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.payment.currency)


class Move(models.Model):
    """Somebody wants what one address bought to be another's: the first was proved when this was made, the second is by
    `token`. Kept as the record of who had what."""

    from_email = models.ForeignKey(Email, null=True, on_delete=models.SET_NULL, related_name="+")
    to_email = models.ForeignKey(Email, null=True, on_delete=models.SET_NULL, related_name="+")
    token = models.OneToOneField(EmailVerificationToken, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("transfer to another email")
        verbose_name_plural = _("transfers to another email")

    def __str__(self) -> str:
        return f"{self.from_email} → {self.to_email}"


class Reconciliation(models.Model):
    """Up to when the provider's own list of events has been read: one row, by name."""

    name = models.CharField(max_length=32, unique=True, default="events")
    read_until = models.DateTimeField()

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")

    def __str__(self) -> str:
        return f"{self.name}: {self.read_until}"
