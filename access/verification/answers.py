"""Responses of a verification: a redirect onwards, or the verdict on a link or code."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from access.gate import decisions
from access.models import EmailVerificationToken
from access.sessions import clients, cookies, learner_sessions
from access.sessions.clients import Browser
from access.verification import errors, purposes, tokens

# The address of these pages may be a secret, so at most the site's origin is sent on. With no-referrer alone, which
# old browsers fall back to, a form is sent as from nowhere ("Origin: null") and refused as forged.
REFERRER = "no-referrer, strict-origin"

VERDICTS: dict[type[errors.TokenRefused], tuple[Promise, Promise]] = {
    errors.TokenExpired: (
        _("This email has expired"),
        _("Links and codes expire after a few minutes. Request a new one; it only takes a moment."),
    ),
    errors.TokenSpent: (
        _("This email has already been used"),
        _("An email signs you in on one device, once. To continue on this one, request a new email."),
    ),
    errors.TokenBurnt: (
        _("A newer email was used"),
        _("Using one email ends the earlier ones. To continue on this device, request a new one."),
    ),
    errors.TokenUsedUp: (
        _("Too many wrong attempts"),
        _("To stop anyone guessing, this email no longer works. Request a new one."),
    ),
}


def asked(token: EmailVerificationToken, browser: Browser) -> HttpResponse:
    """To the request status page: the same for every address. The browser keeps the secret that identifies it there."""
    response = HttpResponseRedirect(reverse("access:waiting", args=[token.pk]), status=303)
    cookies.set_asker(response, browser.asker)
    return response


def go_on(request: HttpRequest, token: EmailVerificationToken) -> HttpResponse:
    """To the stored page and second: never to an address that came with a request."""
    return HttpResponseRedirect(leads_to(request, token), status=303)


def opened(request: HttpRequest, result: tokens.Opened) -> HttpResponse:
    """Give this browser its new session, in place of the one it may have had, and go on."""
    if old := request.COOKIES.get(settings.LEARNER_COOKIE):
        learner_sessions.end(old, now=timezone.now())
    response, browser = go_on(request, result.token), clients.from_request(request)
    seconds = learner_sessions.longest(keep=browser.keep)
    cookies.set_cookie(response, settings.LEARNER_COOKIE, result.session_secret, max_age=seconds)
    proofs = clients.proofs_with(browser, result.token.sent_to)
    cookies.set_cookie(response, settings.PROOFS_COOKIE, proofs, max_age=clients.PROOF_SECONDS)
    return response


def refused(request: HttpRequest, error: errors.TokenRefused) -> HttpResponse:
    """A mail that no longer opens anything: why, and one button to go on. Who only has the mail learns no secret."""
    heading, sentence = VERDICTS[type(error)]
    handling = purposes.handling_for(error.token)
    if handling and handling.private:
        return verdict(request, heading=heading, sentence=handling.private, url=None, status=410)
    return verdict(request, heading=heading, sentence=sentence, url=leads_to(request, error.token), status=410)


def unknown(request: HttpRequest) -> HttpResponse:
    return verdict(
        request,
        heading=_("We don’t recognise this link"),
        sentence=_("Your email app may have cut it short. Copy the whole link from the email, or request a new one."),
        url=reverse("access:session"),
        status=404,
    )


def verdict(
    request: HttpRequest, *, heading: str | Promise, sentence: str | Promise, url: str | None, status: int
) -> HttpResponse:
    context = {"heading": heading, "sentence": sentence, "action_url": url, "action_label": _("Request a new email")}
    response = render(request, "access/verdict.html", context, status=status)
    response["Referrer-Policy"] = REFERRER
    return response


def leads_to(request: HttpRequest, token: EmailVerificationToken) -> str:
    """Where this request leads once it is confirmed, and where to ask for another one like it."""
    if handling := purposes.handling_for(token):
        return handling.url(token)
    return url_of(request, token.page, second=token.second)


def url_of(request: HttpRequest, page: Page | None, *, second: int = 0) -> str:
    """Where a stored page is now, at that second of its video; the account page when it is gone."""
    url = page.get_url(request) if page and decisions.is_here(page) else None
    if url is None:
        return reverse("access:session")
    return f"{url}?t={second}" if second else str(url)
