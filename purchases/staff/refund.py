"""Refund an order: the form, and the outcome at Stripe."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from courses.content.money import Money
from purchases.ledger import ledger
from purchases.models import Refund
from purchases.orders import refunds
from purchases.staff import history
from purchases.staff.actions import OrderActionView
from purchases.staff.forms import KEEP, RefundForm
from purchases.staff.order import is_refundable
from purchases.stripe import stripe_api

# What Stripe gives as its reason, where staff can do something about it.
REFUSALS: dict[str, Promise] = {
    "charge_already_refunded": gettext_lazy(
        "It was already fully refunded in Stripe. This page will show that within minutes."
    ),
    "charge_disputed": gettext_lazy("The buyer’s bank disputes the payment and decides who gets the money."),
    "insufficient_funds": gettext_lazy("Your Stripe balance is too low. Add funds in Stripe, then refund again."),
    "balance_insufficient": gettext_lazy("Your Stripe balance is too low. Add funds in Stripe, then refund again."),
    "resource_missing": gettext_lazy(
        "Stripe doesn’t know this payment: it may belong to another account or be a test."
    ),
}


class Changed(Exception):
    """Something was refunded since the form was shown."""


class RefundView(OrderActionView):
    permission_required = "refund"
    page_title = gettext_lazy("Refund")
    header_icon = "resubmit"
    nothing_left = gettext_lazy("There’s nothing left to refund: it’s already refunded, on its way, or was never paid.")

    @property
    def explanation(self) -> str:
        if self.payment.is_duplicate:
            return _("They’d already paid for the course. It stays open to them through their other order.")
        if not self.payment.opens:
            return _("The order doesn’t open anything right now.")
        return _("The money goes back to the original payment method, which takes a few days. The buyer gets an email.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._shown(self._form()) if is_refundable(self.payment) else self._refused(self.nothing_left)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_refundable(self.payment):
            return self._refused(self.nothing_left)
        if not stripe_api.is_configured():
            return self._refused(_("This site has no Stripe key, so it can’t refund. Refund it in Stripe."))
        form = self._form(request.POST)
        if not form.is_valid():
            return self._shown(form)
        try:
            row = self._ask(form)
        except (Changed, refunds.TooMuch):
            self._look_again()
            return self._refused(self._changed())
        self._carry_out(row)
        return redirect(self.done_url)

    def _form(self, data: Any = None) -> RefundForm:
        left = refunds.left(self.payment)
        return RefundForm(
            data,
            left=Money(left, self.payment.currency),
            shown=self._gone(left),
            asks_access=self.payment.opens and not self.payment.is_duplicate,
        )

    def _ask(self, form: RefundForm) -> Refund:
        """Together with its line in the history. Nobody else asks for a refund of this order meanwhile."""
        payment, asked = self.payment, form.cleaned_data
        with transaction.atomic():
            ledger.lock(payment, email_id=payment.email_id)
            left = refunds.left(payment)
            if asked["shown"] != self._gone(left):
                raise Changed
            row = refunds.ask(
                payment,
                amount=asked["amount"],
                reason=asked["reason"],
                # A part refund keeps the course open by itself, and says nothing about what comes after it.
                keeps_access=asked.get("access") == KEEP and asked["amount"] == left,
                by=self.request.user,
                now=timezone.now(),
            )
            self.note(history.REFUND, form, self.email)
        return row

    def _carry_out(self, row: Refund) -> None:
        try:
            refunds.carry_out(row, now=timezone.now())
        except stripe_api.ProviderAway:
            said = _(
                "Stripe isn’t responding. The refund of %s is saved and will be retried automatically within "
                "minutes, so don’t request it again."
            )
            messages.warning(self.request, said % row.money)
        except stripe_api.ProviderRefused as error:
            why = REFUSALS.get(str(error)) or _("Stripe’s reason: %s. Check the payment in Stripe.") % error
            said = _("Stripe refused the refund, so nothing was refunded.")
            messages.error(self.request, f"{said} {why}")
        else:
            self._look_again()
            messages.success(self.request, f"{_('%s goes back.') % row.money} {self._access()}")

    def _access(self) -> str:
        if self.payment.opens:
            return _("“%s” stays open to them.") % self.title
        return _("This order no longer opens “%s”.") % self.title

    def _changed(self) -> str:
        if not is_refundable(self.payment):
            return str(self.nothing_left)
        return _(
            "Part of it has been refunded in the meantime, or you clicked twice. Check what’s left and continue "
            "from there."
        )

    def _look_again(self) -> None:
        self.payment.refresh_from_db()

    def _gone(self, left: int) -> int:
        """What was refunded or is on its way."""
        return self.payment.amount - left

    def _shown(self, form: RefundForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def _refused(self, why: Any) -> HttpResponse:
        messages.warning(self.request, why)
        return redirect(self.done_url)
