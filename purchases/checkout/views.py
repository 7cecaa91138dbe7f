"""Views of the checkout: buy a course, the page on which the buyer waits for the payment, and the invoice."""

import logging
from dataclasses import replace
from typing import Any, TypeGuard
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page

from access import policy
from access.gate import decisions
from access.limits import throttle, too_many_requests
from access.models.pages import live_now
from access.sessions import clients, visitor
from access.sessions.learner_sessions import Learner
from access.verification import answers
from courses.models import CoursePage, LessonPage
from purchases.checkout import checkouts, offers
from purchases.forms import BuyForm, PayForm
from purchases.models import CheckoutIntent, Payment, ShopSettings
from purchases.orders import orders
from purchases.stripe import stripe_api

logger = logging.getLogger(__name__)

LOOKS = 40  # of the page that waits for the payment, two seconds apart; then it says that it takes longer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def buy(request: HttpRequest, page_id: int) -> HttpResponse:
    """What it costs, and one button; or first an address. POST pays, or emails a buyer who is not known yet."""
    course = CoursePage.objects.filter(live_now(), pk=page_id).first()
    if course is None:
        raise Http404
    learner = visitor.learner(request)
    if not checkouts.is_on_sale(course):
        return _buy_page(request, course, BuyForm(), state="not_on_sale")
    if learner and request.POST.get("which") == "pay":
        return _pay(request, course, learner)
    if request.method != "POST":
        return _buy_page(request, course, BuyForm(initial={"page": request.GET.get("page", "")}))
    return _ask(request, course)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout_page(request: HttpRequest, intent_id: UUID) -> HttpResponse:
    """The order's state: waits for the payment after the provider's page, then says thank you and leads on."""
    intent = checkouts.find(intent_id, visitor.learner(request))
    if intent is None:
        return render(request, "purchases/elsewhere.html", status=404)
    if request.method == "POST":
        return _to_provider(request, intent)
    if "paid" in request.GET:
        _learn(intent)
    payment = checkouts.payment_of(intent)
    return _with_form_policy(render(request, "purchases/checkout.html", _context(request, intent, payment)))


@never_cache
@require_safe
def checkout_status(request: HttpRequest, intent_id: UUID) -> HttpResponse:
    """The part of that page which changes once the payment is confirmed."""
    intent = checkouts.find(intent_id, visitor.learner(request))
    if intent is None:
        raise Http404
    _learn(intent)
    return render(request, "purchases/checkout.html#status", _context(request, intent, checkouts.payment_of(intent)))


@never_cache
@require_safe
def invoice(request: HttpRequest, intent_id: UUID) -> HttpResponse:
    """Redirect to the provider's own page of the invoice, whose URL works for a while only."""
    intent = checkouts.find(intent_id, visitor.learner(request))
    if intent is None or not intent.session:
        raise Http404
    try:
        url = stripe_api.invoice_url(intent.session)
    except (stripe_api.ProviderAway, stripe_api.ProviderRefused) as error:
        return _provider_away(request, error)
    if not url:
        raise Http404
    return HttpResponseRedirect(url, headers={"Referrer-Policy": "no-referrer"})


def _pay(request: HttpRequest, course: CoursePage, learner: Learner) -> HttpResponse:
    form = PayForm(request.POST)
    page = form.cleaned_data["page"] if form.is_valid() else None
    try:
        intent = checkouts.begin(learner, course, page_id=_from(page, course), now=timezone.now())
    except checkouts.AlreadyBought:
        return HttpResponseRedirect(request.path, status=303)
    except checkouts.OnItsWay as error:
        return HttpResponseRedirect(reverse("purchases:checkout", args=[error.intent.pk]), status=303)
    except (stripe_api.ProviderAway, stripe_api.ProviderRefused) as error:
        return _provider_away(request, error)
    return _to_provider(request, intent)


def _to_provider(request: HttpRequest, intent: CheckoutIntent) -> HttpResponse:
    now = timezone.now()
    if not intent.is_fresh(now) or not stripe_api.is_configured():
        return HttpResponseRedirect(reverse("purchases:checkout", args=[intent.pk]), status=303)
    try:
        url = checkouts.pay(intent)
    except (stripe_api.ProviderAway, stripe_api.ProviderRefused) as error:
        return _provider_away(request, error)
    return HttpResponseRedirect(url, status=303)


def _ask(request: HttpRequest, course: CoursePage) -> HttpResponse:
    form = BuyForm(request.POST)
    if not form.is_valid():
        return _buy_page(request, course, form, status=422)
    browser = clients.asking(request)
    page_id = _from(form.cleaned_data["page"], course)
    try:
        token = checkouts.ask(form.cleaned_data["email"], course, page_id=page_id, browser=browser, now=timezone.now())
    except throttle.Throttled as error:
        return too_many_requests.answer(request, error)
    return answers.asked(token, browser)


def _buy_page(
    request: HttpRequest, course: CoursePage, form: BuyForm, *, state: str = "", status: int = 200
) -> HttpResponse:
    learner = visitor.learner(request)
    intent = checkouts.current(learner, course) if learner else None
    offer = offers.offer_for(course)
    has_course = learner is not None and course.translation_key in learner.grants
    pending = checkouts.on_its_way(learner.email, course) if learner else None
    kept = intent.money if intent and intent.is_fresh(timezone.now()) else None
    context = {
        "course": course,
        "course_url": course.get_url(request),
        "offer": offer,
        # Begun at another price, which holds; said only where it differs.
        "kept_price": str(kept) if kept and kept != course.money else "",
        "price": str(kept or course.money or ""),
        "state": state or ("bought" if has_course else "on_its_way" if pending else "sale"),
        "pending": pending,
        "first_url": offers.first_url(course, request) if has_course else "",
        "form": form,
        "action": request.path,
        "visitor_email": learner.email if learner else None,
    }
    return _with_form_policy(render(request, "purchases/buy.html", context, status=status))


def _context(request: HttpRequest, intent: CheckoutIntent, payment: Payment | None) -> dict[str, Any]:
    looked = request.GET.get("looked", "0")
    looks = min(int(looked), LOOKS) if looked.isascii() and looked.isdigit() and len(looked) < 6 else 0
    is_back = "paid" in request.GET or "looked" in request.GET  # from the provider's page
    page_id = CoursePage.objects.filter(live_now(), translation_key=intent.course_key).values_list("pk", flat=True)
    return {
        "intent": intent,
        "payment": payment,
        "order": orders.order_for(payment) if payment else None,
        "is_confirming": is_back and payment is None and intent.closed_at is None,
        "is_back": is_back,
        "is_slow": looks >= LOOKS,
        "looked": looks + 1,
        "is_fresh": intent.is_fresh(timezone.now()),
        "is_over": intent.closed_at is not None and payment is None,
        "course_id": page_id.first(),
        "destination": _destination(request, intent),
        "shop": ShopSettings.current(),
    }


def _learn(intent: CheckoutIntent) -> None:
    """Ask the provider where its event has not come yet. That it does not answer is no harm: the event will come."""
    if checkouts.payment_of(intent) is not None and intent.closed_at is not None:
        return
    try:
        checkouts.look(intent, now=timezone.now())
    except (stripe_api.ProviderAway, stripe_api.ProviderRefused) as error:
        logger.warning("Checkout %s could not be looked up: %s", intent.pk, error)
    intent.refresh_from_db()


def _destination(request: HttpRequest, intent: CheckoutIntent) -> str:
    """Where a paid order leads: to the lesson they came from, or else to the first of the course."""
    page = intent.page.specific if intent.page else None
    if _is_opened_by(page, intent.course_key) and _may_read(request, page, intent):
        return page.get_url(request) or "/"
    courses = CoursePage.objects.filter(live_now(), translation_key=intent.course_key)
    course = courses.filter(pk=intent.page_id or 0).first() or courses.order_by("pk").first()
    return (offers.first_url(course, request) if course else "") or reverse("access:session")


def _from(page: Page | None, course: CoursePage) -> int:
    """The lesson they came from, which a form names and anybody can forge; else the course."""
    return page.pk if _is_opened_by(page, course.translation_key) else course.pk


def _is_opened_by(page: Page | None, course_key: UUID) -> TypeGuard[LessonPage]:
    """Whether this is a lesson that anybody may know of, and to which the course is needed."""
    if not isinstance(page, LessonPage):
        return False
    restriction = decisions.restriction_of(page)
    is_of_course = page.course is not None and page.course.translation_key == course_key
    return restriction.status.is_public and (is_of_course or course_key in restriction.courses)


def _may_read(request: HttpRequest, lesson: LessonPage, intent: CheckoutIntent) -> bool:
    """What the policy says of the buyer, who was looked up before the payment opened the course."""
    who = visitor.visitor_for(request)
    who = replace(who, grants=who.grants | {intent.course_key})
    return policy.decide(decisions.restriction_of(lesson), who).is_allowed


def _provider_away(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("The payment provider did not do what was asked: %s", error)
    response = render(request, "purchases/away.html", {"back": request.path}, status=503)
    response["Retry-After"] = "60"
    return response


def _with_form_policy(response: HttpResponse) -> HttpResponse:
    """The form of this page leads to the provider's, which a browser counts as sending it there."""
    allowed = [CSP.SELF, settings.STRIPE_API_BASE or stripe_api.CHECKOUT_ORIGIN]
    response._csp_config = {**settings.SECURE_CSP, "form-action": allowed}  # type: ignore[attr-defined]
    return response
