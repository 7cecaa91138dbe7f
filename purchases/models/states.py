"""Payment states, and the problems of a payment: closed sets, each member of which has to be thought of."""

from typing import Never

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """How far a payment has come. What it means for access is purchases.ledger.payment_state's to say."""

    CREATED = "created", _("Not paid")
    PENDING = "pending", _("Payment pending")
    FAILED = "failed", _("Failed")
    PAID = "paid", _("Paid")
    PARTLY_REFUNDED = "partly_refunded", _("Partly refunded")
    REFUNDED = "refunded", _("Refunded")
    DISPUTED = "disputed", _("Disputed")
    LOST = "lost", _("Dispute lost")
    WON = "won", _("Dispute won")

    @property
    def has_money(self) -> bool:
        """Whether there is money here that could go back: what a bank disputes is the bank's to decide."""
        match self:
            case State.PAID | State.PARTLY_REFUNDED | State.WON:
                return True
            case State.CREATED | State.PENDING | State.FAILED | State.REFUNDED | State.DISPUTED | State.LOST:
                return False
            case unknown:
                return _refuse(unknown)

    @property
    def is_disputed(self) -> bool:
        """Whether the bank waits for an answer."""
        match self:
            case State.DISPUTED:
                return True
            case (
                State.CREATED
                | State.PENDING
                | State.FAILED
                | State.PAID
                | State.PARTLY_REFUNDED
                | State.REFUNDED
                | State.LOST
                | State.WON
            ):
                return False
            case unknown:
                return _refuse(unknown)


def _refuse(_unknown: Never) -> bool:
    """As assert_never, for mypy; but a column is worked out of this while modules load, for mypy's own plugin too."""
    return False


class Problem(models.TextChoices):
    """Why a payment opens nothing although money came: it is held for staff to look at."""

    AMOUNT = "amount", _("Wrong amount")
    DISCOUNT = "discount", _("A discount the shop didn’t offer")
    CURRENCY = "currency", _("Wrong currency")
    COURSE = "course", _("Wrong course")
    SESSION = "session", _("Wrong checkout")
    UNKNOWN = "unknown", _("Not a checkout of this site")
