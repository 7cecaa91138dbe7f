"""The checkout fixture: a course on sale, a server that speaks Stripe's protocol, and its events posted to us."""

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import timezone

from access.models import Email, Grant
from courses.models import CoursePage
from purchases.checkout import checkouts
from purchases.models import CheckoutIntent, Payment
from stand_ins.stripe.server import Stripe

WEBHOOK = "/purchases/webhook/stripe/"


@dataclass
class Till:
    """`stripe` holds its messages back until a test has them delivered, in the order it likes."""

    stripe: Stripe
    course: CoursePage
    email: Email

    def intent(self, course: CoursePage | None = None, **fields: Any) -> CheckoutIntent:
        """A confirmed checkout, opened at the provider."""
        now = timezone.now()
        intent = CheckoutIntent.objects.create(
            **{
                "email": self.email,
                "course_key": (course or self.course).translation_key,
                "course_title": self.course.title,
                "amount": 4900,
                "currency": "EUR",
                "page": self.course,
                "is_live": False,
                "created_at": now,
                "confirmed_at": now,
                **fields,
            }
        )
        checkouts.pay(intent)
        return intent

    def paid(self, **fields: Any) -> CheckoutIntent:
        """The buyer has paid; no event has reached us."""
        intent = self.intent(**fields)
        self.stripe.pay(str(intent.session))
        return intent

    def bring(self, event: dict[str, Any], **signing: Any) -> Any:
        body = self.stripe.payload(event)
        return self.post(body, self.stripe.sign(body, **signing))

    def post(self, body: bytes, signature: str) -> Any:
        return Client().post(WEBHOOK, body, content_type="application/json", headers={"stripe-signature": signature})

    def bring_all(self) -> None:
        """Everything held back, in order."""
        held, self.stripe.held[:] = list(self.stripe.held), []
        for event in held:
            assert self.bring(event).status_code == 200

    def reference(self, intent: CheckoutIntent) -> str:
        return str(self.stripe.session(str(intent.session))["payment_intent"])

    @property
    def has_course(self) -> bool:
        """Whether the address may read the course, by a purchase that holds now."""
        return self.grants.filter(revoked_at=None).exists()

    @property
    def grants(self) -> Any:
        return Grant.objects.filter(email=self.email, course_key=self.course.translation_key)

    @property
    def payment(self) -> Payment:
        return Payment.objects.get()
