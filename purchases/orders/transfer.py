"""Transfer of orders ('I bought with another address'): once both mailboxes are proved, they move to the second."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from access.limits import throttle, too_many_requests
from access.models import Email, EmailVerificationToken
from access.sessions import clients, visitor
from access.sessions.clients import Browser
from access.sessions.learner_sessions import Learner
from access.verification import answers, tokens
from purchases.forms import MoveForm
from purchases.ledger import ledger
from purchases.models import Move, Payment


def ask(address: str, learner: Learner, *, browser: Browser, now: datetime) -> EmailVerificationToken:
    """As the address that bought, which this browser has proved, name another: it gets a mail, and decides.

    Raises throttle.Throttled.
    """

    def record(token: EmailVerificationToken) -> None:
        old = Email.objects.get(address=learner.email)
        Move.objects.create(token=token, from_email=old, to_email=token.email, asked_at=now)

    # What this browser asked for a moment ago as yet another address moves what that one bought.
    same = Q(pk__in=Move.objects.filter(from_email__address=learner.email, token__isnull=False).values("token"))
    purpose = EmailVerificationToken.Purpose.MOVE
    return tokens.request_verification(
        address, page=None, browser=browser, now=now, purpose=purpose, same=same, record=record
    )


def waiting(learner: Learner) -> Move | None:
    """The move whose mail opened this very session, so that both addresses are proved; None when there is none."""
    if learner.token_id is None:
        return None
    moves = Move.objects.select_related("from_email", "to_email").filter(token=learner.token_id, done_at=None)
    return moves.filter(to_email__address=learner.email, from_email__isnull=False).first()


def carry_out(move: Move, *, now: datetime) -> int:
    """Move all that the one has bought, once; returns how many orders."""
    with transaction.atomic():
        if not Move.objects.filter(pk=move.pk, done_at=None).update(done_at=now):
            return 0
        payments = list(Payment.objects.filter(email=move.from_email))
        for payment in payments:
            if move.to_email:
                ledger.move(payment, to=move.to_email, now=now)
    return len(payments)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move_page(request: HttpRequest) -> HttpResponse:
    """Takes the other address; and, once that is proved, transfers with one click."""
    learner = visitor.learner(request)
    if learner is None:
        return HttpResponseRedirect(reverse("access:session"), status=303)
    move = waiting(learner)
    if request.method != "POST":
        return _page(request, learner, move, MoveForm())
    if move and request.POST.get("which") == "move":
        carry_out(move, now=timezone.now())
        return HttpResponseRedirect(reverse("access:session"), status=303)
    form = MoveForm(request.POST, own=learner.email)
    if not form.is_valid():
        return _page(request, learner, None, form, status=422)
    browser = clients.asking(request)
    try:
        token = ask(form.cleaned_data["email"], learner, browser=browser, now=timezone.now())
    except throttle.Throttled as error:
        return too_many_requests.answer(request, error)
    return answers.asked(token, browser)


def _page(
    request: HttpRequest, learner: Learner, move: Move | None, form: MoveForm, *, status: int = 200
) -> HttpResponse:
    old = move.from_email if move else None
    payments = Payment.objects.filter(email=old) if old else Payment.objects.filter(email__address=learner.email)
    titles = {payment.intent.course_title for payment in payments.select_related("intent") if payment.intent}
    context = {
        "visitor_email": learner.email,
        "old_address": old.address if old else "",
        "titles": sorted(titles),
        "form": form,
        "action": request.path,
    }
    return render(request, "purchases/move.html", context, status=status)
