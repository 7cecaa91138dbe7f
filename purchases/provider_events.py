"""Events of a payment provider, in our words. The provider's own module writes them, payment_state reads them."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """In the order in which they happen, for those of one second."""

    COMPLETED = "completed"  # the buyer has gone through with it; `is_paid`, or the money is on its way
    SUCCEEDED = "succeeded"  # money that was on its way came
    FAILED = "failed"  # or did not
    EXPIRED = "expired"  # the provider's page was left unused
    REFUNDED = "refunded"  # `amount` in all so far
    REFUND_FAILED = "refund_failed"  # `amount` came back to us
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    OTHER = "other"


ORDER = list(Kind)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """`at` is the provider's time in seconds, amounts are minor units. What an event does not say is "" or 0.

    `payment`, `session` and `refund` are the provider's references; `intent` and `course` are ours, as it sent them
    back. It sends them only where we, with our secret key, put them.
    """

    kind: Kind
    at: int
    payment: str = ""
    session: str = ""
    refund: str = ""
    intent: str = ""
    course: str = ""
    amount: int = 0
    subtotal: int = 0
    discount: int = 0
    tax: int = 0
    currency: str = ""
    is_paid: bool = False

    @property
    def when(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Fact":
        return cls(**{**stored, "kind": Kind(stored["kind"])})


@dataclass(frozen=True, kw_only=True)
class Event:
    """One message of a provider: number, kind and text as they came, whether it is about real money, and its fact."""

    reference: str
    kind: str
    body: str
    is_live: bool
    fact: Fact
