"""The views of a verification: asking for the email, waiting for it, and confirming by its link or code."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.models import Page

from access import account_page
from access.forms import AskForm, CodeForm, ConfirmForm
from access.gate import decisions
from access.gate import views as gate
from access.limits import throttle, too_many_requests
from access.models import EmailVerificationToken, RestrictedPageMixin
from access.sessions import clients, visitor
from access.verification import answers, errors, purposes, request_status, tokens


@never_cache
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST)
    is_valid = form.is_valid()
    page = form.cleaned_data.get("page")
    note = _note_for(request, page)
    if not is_valid:
        if note and not note.decision.is_allowed and isinstance(page, RestrictedPageMixin):
            return gate.show_gate(request, page, note, form=form)
        return account_page.page(request, form, status=422)
    browser = clients.asking(request)
    try:
        token = tokens.request_verification(
            form.cleaned_data["email"],
            page=page if note else None,
            second=form.cleaned_data["second"],
            browser=browser,
            now=timezone.now(),
        )
    except throttle.Throttled as error:
        return too_many_requests.answer(request, error)
    return answers.asked(token, browser)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """The request status page: the tab that asked waits and takes the code. No other browser sees what was asked."""
    browser = clients.from_request(request)
    token = tokens.find_request(token_id, browser=browser)
    if token and tokens.was_opened_by(token.pk, visitor.learner(request)):
        return answers.go_on(request, token)
    if request.method != "POST":
        return _waiting_page(request, token, CodeForm())
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _waiting_page(request, token, form, status=422)
    try:
        result = tokens.confirm_code(token_id, form.cleaned_data["code"], browser=browser, now=timezone.now())
    except errors.WrongCode as error:
        form.add_error("code", request_status.wrong_code(error.token))
        return _waiting_page(request, error.token, form, status=422)
    except errors.CodesPaused as error:
        form.add_error("code", request_status.codes_paused())
        response = _waiting_page(request, error.token, form, status=429)
        response["Retry-After"] = str(error.retry_after)
        return response
    except errors.NotSentYet as error:
        form.add_error("code", _("The email hasn’t been sent yet. Wait for it, then enter its code."))
        return _waiting_page(request, error.token, form, status=422)
    except errors.TokenRefused as error:
        return answers.refused(request, error)
    except errors.TokenUnknown:
        return answers.unknown(request)
    except throttle.Throttled as error:
        return too_many_requests.answer(request, error)
    return answers.opened(request, result)


@never_cache
@require_safe
def waiting_status(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """How the browser's own request is doing. It goes on only when this very browser has confirmed it.

    A tab that opened because somebody confirmed elsewhere would let an attacker ask for a victim's address and wait.
    """
    token = tokens.find_request(token_id, browser=clients.from_request(request))
    if token is None:
        raise Http404
    if tokens.was_opened_by(token.pk, visitor.learner(request)):
        return HttpResponse(status=204, headers={"HX-Redirect": answers.leads_to(request, token)})
    room = request_status.status_for(token, now=timezone.now())
    is_news = request.GET.get("seen") != room.state
    return render(request, "access/waiting.html#poll", {"room": room, "is_news": is_news})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """GET shows the same page for any secret and changes nothing: mail scanners open links. POST gives the verdict."""
    browser = clients.from_request(request)
    if request.method != "POST":
        return _confirm_page(request, asked_here=bool(browser.asker), form=ConfirmForm())
    form = ConfirmForm(request.POST)
    is_typed = bool(request.POST.get("email", "").strip())
    if is_typed and not form.is_valid():
        return _confirm_page(request, asked_here=False, form=form, status=422)
    typed = form.cleaned_data["email"] if is_typed else ""
    try:
        result = tokens.confirm(secret, typed=typed, browser=browser, now=timezone.now())
    except errors.OtherBrowser:
        problem = _("This email was requested on another device. To sign in here, enter the address it was sent to.")
        return _confirm_page(request, asked_here=False, form=ConfirmForm(), problem=problem, status=403)
    except errors.WrongAddress:
        form.add_error("email", _("This email was sent to a different address. Enter the one it arrived at."))
        return _confirm_page(request, asked_here=False, form=form, status=403)
    except errors.TokenRefused as error:
        if tokens.was_opened_by(error.token.pk, visitor.learner(request)):
            return answers.go_on(request, error.token)
        return answers.refused(request, error)
    except errors.TokenUnknown:
        return answers.unknown(request)
    except throttle.Throttled as error:
        return too_many_requests.answer(request, error)
    return answers.opened(request, result)


@never_cache
@require_safe
def confirm_again(request: HttpRequest) -> HttpResponse:
    """Where the address bar points once the link's secret was taken out of it, for when the page is loaded again."""
    return answers.verdict(
        request,
        heading=_("Open the link in the email again"),
        sentence=_("For your security, this page can’t be reloaded. Open the link in the email again."),
        url=reverse("access:session"),
        status=404,
    )


def _waiting_page(
    request: HttpRequest, token: EmailVerificationToken | None, form: CodeForm, *, status: int = 200
) -> HttpResponse:
    page = token.page if token else None
    resend = {"email": token.sent_to, "page": token.page_id, "second": token.second} if token else None
    context = {
        "room": request_status.status_for(token, now=timezone.now()) if token else None,
        "form": form,
        "email": token.sent_to if token else None,
        "page_title": page.title if page and decisions.is_here(page) else "",
        "resend_form": AskForm(initial=resend, auto_id="resend_%s") if resend else None,
        # What was asked for elsewhere than at the gate is asked for again where that was.
        "action": answers.leads_to(request, token) if token and purposes.handling_for(token) else reverse("access:ask"),
        "change_url": answers.leads_to(request, token) if token else answers.url_of(request, None),
        "dev_mail_url": _dev_mail_url(),
        "keep": _keep(request),
    }
    return render(request, "access/waiting.html", context, status=status)


def _confirm_page(
    request: HttpRequest, *, asked_here: bool, form: ConfirmForm, problem: str | None = None, status: int = 200
) -> HttpResponse:
    if problem:
        form.fields["email"].widget.attrs["autofocus"] = True
    context = {
        "asked_here": asked_here,
        "form": form,
        "action": request.path,
        "problem": problem,
        "keep": _keep(request),
    }
    response = render(request, "access/confirm.html", context, status=status)
    response["Referrer-Policy"] = answers.REFERRER
    return response


def _keep(request: HttpRequest) -> dict[str, int | bool]:
    """Whether one may ask to stay signed in here, for how many days, and has asked just now."""
    return {"days": settings.LEARNER_KEEP_SECONDS // (24 * 3600), "is_chosen": clients.from_request(request).keep}


def _note_for(request: HttpRequest, page: Page | None) -> decisions.Note | None:
    """The gate's decision about the page named in a form; None when there is no page or it is not here."""
    if page is None:
        return None
    note = decisions.decide_for(request, page)
    return note if note.decision.is_here else None


def _dev_mail_url() -> str | None:
    try:
        return reverse("dev_mail:list")
    except NoReverseMatch:
        return None
