"""Actions of staff on an order, besides refunds: a page asks for a reason, and the POST is logged."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.limits import blocking, throttle
from access.models import Email
from access.staff import history as learner_history
from access.staff.actions import ActionView
from access.staff.forms import ReasonForm
from purchases.ledger import ledger, mail_queue
from purchases.models import Payment
from purchases.orders import access_override, orders
from purchases.staff import history
from purchases.staff.forms import MoveForm
from purchases.staff.order import breadcrumbs, find, has_receipt

RECEIPTS = [(3, 3600)]  # of one order: how many, in how many seconds


class OrderActionView(ActionView):
    model = Payment
    template_name = "purchases/staff/action.html"
    header_icon = "tag"

    @cached_property
    def payment(self) -> Payment:
        return find(self.kwargs["pk"])

    @cached_property
    def email(self) -> Any:
        """None where nobody is known, or their data was erased."""
        return self.payment.email

    @property
    def done_url(self) -> str:
        return reverse("orders:order", args=[self.payment.pk])

    @property
    def title(self) -> str:
        return self.payment.intent.course_title if self.payment.intent else _("The course")

    def note(self, action: str, form: ReasonForm, *emails: Email | None) -> None:
        """In the order's history, and in that of each of these learners."""
        reason, number = form.cleaned_data["reason"], orders.number(self.payment)
        history.write(self.request, self.payment, action, reason=reason)
        for email in filter(None, emails):
            learner_history.write(self.request, email, action, reason=reason, about=_("Order %s") % number)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return breadcrumbs(self.payment, str(self.page_title))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "number": orders.number(self.payment), "payment": self.payment, "title": self.title}


class SendAgainView(OrderActionView):
    page_title = gettext_lazy("Send the receipt again")
    explanation = gettext_lazy("The email says what was paid and links to the course and the invoice.")
    too_late = ""

    def act(self, form: ReasonForm) -> str:
        ledger.lock(self.payment, email_id=self.payment.email_id)
        if not has_receipt(self.payment):
            self.too_late = _("There’s no receipt to send: nothing is still paid, or the buyer isn’t known.")
            return ""
        now = timezone.now()
        try:
            throttle.consume("purchases/receipt", str(self.payment.pk), limits=RECEIPTS, now=now, durable=False)
        except throttle.Throttled as error:
            self.too_late = _("It’s been sent three times this hour. Try again in %s minutes.") % (
                error.retry_after // 60 + 1
            )
            return ""
        mail_queue.again(self.payment, now=now)
        self.note(history.RECEIPT, form, self.email)
        return _("The receipt is on its way to %s.") % self.email


class MoveView(OrderActionView):
    page_title = gettext_lazy("Transfer to another email")
    form_class = MoveForm
    too_late = gettext_lazy("It’s already at that address.")

    @property
    def explanation(self) -> str:
        if not self.payment.opens:
            return _("The order, and anything that happens to it later, belongs to the new email from then on.")
        if self.email is None:
            return _("“%s” opens to the new email, which gets all further emails about the order.") % self.title
        return _(
            "“%(course)s” closes to %(address)s with their next click, unless they have the course some other way, "
            "and opens to the new email. All further emails about the order go there. No email is sent about the "
            "transfer: write to the buyer."
        ) % {"course": self.title, "address": self.email.address}

    def act(self, form: ReasonForm) -> str:
        now, before = timezone.now(), self.email
        address = form.cleaned_data["address"]
        if blocking.is_blocked(address):
            self.too_late = _("%s is blocked. Unblock it first, or use another address.") % address
            return ""
        to, _is_new = Email.objects.get_or_create(address=address, defaults={"asked_at": now})
        if before == to:
            return ""
        ledger.move(self.payment, to=to, now=now)
        self.note(history.MOVE, form, before, to)
        return _("The order belongs to %s now.") % address


class EndView(OrderActionView):
    page_title = gettext_lazy("End access")
    too_late = gettext_lazy("This order no longer opened anything.")

    @property
    def explanation(self) -> str:
        return (
            _(
                "“%s” closes with the next click, unless another order or a gift opens it. No money is refunded "
                "and no email is sent. You can restore access later."
            )
            % self.title
        )

    def act(self, form: ReasonForm) -> str:
        if not access_override.end(self.payment, now=timezone.now()):
            return ""
        self.note(history.END, form, self.email)
        return _("This order no longer opens “%s”.") % self.title


class ReopenView(OrderActionView):
    page_title = gettext_lazy("Restore access")
    too_late = gettext_lazy("Access hadn’t been ended.")

    @property
    def explanation(self) -> str:
        return _("The order counts again with its status at Stripe: if it’s paid, “%s” opens.") % self.title

    def act(self, form: ReasonForm) -> str:
        if not access_override.reopen(self.payment, now=timezone.now()):
            return ""
        self.note(history.REOPEN, form, self.email)
        if self.payment.opens:
            return _("“%s” is open again.") % self.title
        return _("The order counts again, but it doesn’t open anything as it is.")
