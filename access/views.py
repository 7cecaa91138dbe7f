"""What the gate shows and takes in: the gate itself, asking, waiting, confirming, and the learner's own session."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.models import Page

from access import gate, network, secrets, sessions, throttle, verification, visitor
from access.forms import AskForm, ConfirmForm
from access.models import EmailVerificationToken, RestrictedPageMixin
from access.policy import Decision

DAY = 24 * 3600
# The address of these pages is a secret, so at most the site's origin is sent on. With no-referrer alone, which old
# browsers fall back to, a form is sent as from nowhere ("Origin: null") and refused as forged.
SECRET_ADDRESS = {"Referrer-Policy": "no-referrer, strict-origin"}


def show_gate(request: HttpRequest, page: Page, note: gate.Note, *, form: AskForm | None = None) -> HttpResponse:
    """The page's public part and the way in: 200 at the page's own address, so that shared links unfurl.

    htmx gets a 403 that sends the whole browser here: a gate swapped into half a page helps nobody.
    """
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=403, headers={"HX-Redirect": page.get_url(request)})
    context = {
        "teaser": page.teaser(),
        "decision": note.decision.value,
        "form": form or AskForm(initial={"page": page.pk}),
        "action": reverse("access:ask"),
        "visitor_email": note.visitor.email,
    }
    return render(request, "access/gate.html", context, status=422 if form else 200)


@never_cache
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST)
    is_valid = form.is_valid()
    page = form.cleaned_data.get("page")
    note = _note_for(request, page)
    if not is_valid:
        if note and note.decision is not Decision.ALLOW and isinstance(page, RestrictedPageMixin):
            return show_gate(request, page, note, form=form)
        return _session_page(request, form, status=422)
    asker = request.COOKIES.get(settings.ASKER_COOKIE) or secrets.new()
    try:
        token = verification.ask(
            form.cleaned_data["email"],
            page=page if note else None,
            asker=asker,
            client=network.of(request),
            now=timezone.now(),
        )
    except throttle.Throttled as error:
        return _throttled(request, error)
    response = HttpResponseRedirect(reverse("access:waiting", args=[token.pk]), status=303)
    _set_cookie(response, settings.ASKER_COOKIE, asker, max_age=DAY)
    return response


@never_cache
@require_safe
def waiting(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Says to look into the mailbox; the address and the page are told only to the browser that asked."""
    asker = request.COOKIES.get(settings.ASKER_COOKIE, "")
    token = (
        EmailVerificationToken.objects.select_related("page")
        .filter(pk=token_id, asker_digest=secrets.digest(asker))
        .first()
    )
    page = token.page if token else None
    context = {
        "email": token.sent_to if token else None,
        "page_title": page.title if page and page.live else "",
        "minutes": settings.VERIFICATION_SECONDS // 60,
        "resend_form": AskForm(initial={"email": token.sent_to, "page": token.page_id}) if token else None,
        "action": reverse("access:ask"),
        "change_url": _url_of(request, page) if page else reverse("access:session"),
        "dev_mail_url": _dev_mail_url(),
    }
    return render(request, "access/waiting.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """GET shows the same page for any secret and changes nothing: mail scanners open links. POST gives the verdict."""
    asker = request.COOKIES.get(settings.ASKER_COOKIE, "")
    if request.method != "POST":
        return _confirm_page(request, asked_here=bool(asker), form=ConfirmForm())
    form = ConfirmForm(request.POST)
    is_typed = bool(request.POST.get("email", "").strip())
    if is_typed and not form.is_valid():
        return _confirm_page(request, asked_here=False, form=form, status=422)
    typed = form.cleaned_data["email"] if is_typed else ""
    try:
        opened = verification.confirm(secret, asker=asker, typed=typed, client=network.of(request), now=timezone.now())
    except verification.OtherBrowser:
        problem = _("This mail was asked for in another browser. To open it here, type the address it was sent to.")
        return _confirm_page(request, asked_here=False, form=ConfirmForm(), problem=problem, status=403)
    except verification.WrongAddress:
        problem = _("This mail was sent to another address. Type the one it arrived at.")
        return _confirm_page(request, asked_here=False, form=form, problem=problem, status=403)
    except verification.TokenRefused as error:
        learner = visitor.learner(request)
        if isinstance(error, verification.TokenSpent) and verification.was_opened_by(error.token.pk, learner):
            return HttpResponseRedirect(_url_of(request, error.token.page), status=303)
        return _verdict(request, error)
    except verification.TokenUnknown:
        return _unknown(request)
    except throttle.Throttled as error:
        return _throttled(request, error)
    if old := request.COOKIES.get(settings.LEARNER_COOKIE):
        sessions.end(old, now=timezone.now())
    response = HttpResponseRedirect(_url_of(request, opened.page), status=303)
    _set_cookie(response, settings.LEARNER_COOKIE, opened.session_secret, max_age=settings.LEARNER_MAX_SECONDS)
    return response


@never_cache
@require_safe
def session(request: HttpRequest) -> HttpResponse:
    return _session_page(request, AskForm())


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if secret := request.COOKIES.get(settings.LEARNER_COOKIE):
        sessions.end(secret, now=timezone.now())
    # What was read stays neither in the cache nor in htmx's history; cookies are left alone, staff's login is not ours.
    response = HttpResponseRedirect(
        reverse("access:session"), status=303, headers={"Clear-Site-Data": '"cache", "storage"'}
    )
    response.delete_cookie(settings.LEARNER_COOKIE, samesite="Lax")
    return response


def _session_page(request: HttpRequest, form: AskForm, *, status: int = 200) -> HttpResponse:
    learner = visitor.learner(request)
    context = {"visitor_email": learner.email if learner else None, "form": form, "action": reverse("access:ask")}
    return render(request, "access/session.html", context, status=status)


def _confirm_page(
    request: HttpRequest, *, asked_here: bool, form: ConfirmForm, problem: str | None = None, status: int = 200
) -> HttpResponse:
    context = {"asked_here": asked_here, "form": form, "action": request.path, "problem": problem}
    return _with(SECRET_ADDRESS, render(request, "access/confirm.html", context, status=status))


def _verdict(request: HttpRequest, error: verification.TokenRefused) -> HttpResponse:
    minutes = settings.VERIFICATION_SECONDS // 60
    heading, sentence = {
        verification.TokenExpired: (
            _("This link has expired"),
            _("A link works for %(minutes)s minutes. Ask for a new one; it takes a moment.") % {"minutes": minutes},
        ),
        verification.TokenSpent: (
            _("This link has been used already"),
            _("A link opens one browser, once. Ask for a new one to read on here."),
        ),
    }.get(
        type(error),
        (
            _("This link no longer works"),
            _("A newer mail was used, or a wrong address was typed too often. Ask for a new link."),
        ),
    )
    context = {
        "heading": heading,
        "sentence": sentence,
        "action_url": _url_of(request, error.token.page),
        "action_label": _("Ask for a new link"),
    }
    return _with(SECRET_ADDRESS, render(request, "access/verdict.html", context, status=410))


def _unknown(request: HttpRequest) -> HttpResponse:
    context = {
        "heading": _("We do not know this link"),
        "sentence": _(
            "It may have been cut short by a mail program. Copy the whole address from the mail, or ask again."
        ),
        "action_url": reverse("access:session"),
        "action_label": _("Ask for a new link"),
    }
    return _with(SECRET_ADDRESS, render(request, "access/verdict.html", context, status=404))


def _throttled(request: HttpRequest, error: throttle.Throttled) -> HttpResponse:
    minutes = -(-error.retry_after // 60)
    context = {
        "sentence": _("That was asked for too often. A mail that has already arrived still works."),
        "retry_after_minutes": minutes,
    }
    return _with({"Retry-After": str(error.retry_after)}, render(request, "access/throttled.html", context, status=429))


def _note_for(request: HttpRequest, page: Page | None) -> gate.Note | None:
    """The gate's decision about the page named in a form; None when there is no page or it is not here."""
    if page is None:
        return None
    note = gate.ask(request, page)
    return None if note.decision is Decision.NOT_HERE else note


def _url_of(request: HttpRequest, page: Page | None) -> str:
    """Where a stored page is now; the learner's own page when it is gone. Never an address that came with a request."""
    url = page.get_url(request) if page and page.live else None
    return url or reverse("access:session")


def _with(headers: dict[str, str], response: HttpResponse) -> HttpResponse:
    for name, value in headers.items():
        response[name] = value
    return response


def _set_cookie(response: HttpResponse, name: str, value: str, *, max_age: int) -> None:
    response.set_cookie(
        name, value, max_age=max_age, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def _dev_mail_url() -> str | None:
    try:
        return reverse("dev_mail:list")
    except NoReverseMatch:
        return None
