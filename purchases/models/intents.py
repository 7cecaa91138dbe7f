"""Checkout intents: what somebody set out to buy, written before the provider is called, so no payment is unknown."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import Email, EmailVerificationToken
from courses.content.money import Money

# Within the first, the same checkout is gone on with. The provider's page closes after the second: at least 30 minutes
# after it was opened, which it insists on.
REUSED_FOR = timedelta(hours=1)
PAYABLE_FOR = timedelta(hours=2)


class CheckoutIntent(models.Model):
    """One course for one address at the price of that moment; later changes of the price leave it alone.

    `token` is the mail by which the address is being proved; until then `confirmed_at` is empty, and nothing can be
    paid. Its id is the idempotency key with the provider: asking twice opens one checkout.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # NULL once the person has had their data erased.
    email = models.ForeignKey(Email, null=True, on_delete=models.SET_NULL, related_name="checkouts")
    course_key = models.UUIDField(_("course"))
    course_title = models.CharField(_("course"), max_length=255)
    amount = models.PositiveIntegerField(_("price"))  # minor units
    currency = models.CharField(_("currency"), max_length=3)
    page = models.ForeignKey("wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+")
    token = models.OneToOneField(EmailVerificationToken, null=True, on_delete=models.SET_NULL, related_name="+")
    is_live = models.BooleanField()  # real money, or the provider's test mode
    takes_coupons = models.BooleanField(default=True)  # as the shop did when the provider's page was opened

    created_at = models.DateTimeField(_("started"))
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # Of the provider. The address of its page is kept: the same checkout is gone on with from another tab.
    session = models.CharField(max_length=255, null=True, blank=True, unique=True)
    session_url = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField(null=True, blank=True)  # when the provider was last asked for its state
    closed_at = models.DateTimeField(null=True, blank=True)  # paid, pending or over: nothing more comes of its page

    class Meta:
        verbose_name = _("checkout")
        verbose_name_plural = _("checkouts")
        indexes = [
            models.Index(fields=["closed_at", "created_at"], name="checkout_open_by_age"),
            models.Index(name="checkout_not_proved", fields=["created_at"], condition=Q(confirmed_at__isnull=True)),
        ]
        constraints = [
            # Two tabs, or two browsers of one address, pay one checkout.
            models.UniqueConstraint(
                name="one_open_checkout_a_course",
                fields=["email", "course_key"],
                condition=Q(closed_at=None, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(name="checkout_costs_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="checkout_opened_only_when_confirmed", condition=Q(session=None) | Q(confirmed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_title}, {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def payable_until(self) -> datetime:
        return self.created_at + PAYABLE_FOR

    def is_fresh(self, now: datetime) -> bool:
        """Whether its price still holds for a checkout opened now."""
        return self.closed_at is None and now < self.created_at + REUSED_FOR
