"""Views of review links: look as anyone at any date, prove the mailbox it was made for, comment or decide."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import email_addresses
from access.forms import CodeForm
from access.limits import throttle
from access.sessions import clients, cookies
from access.verification import answers, errors, request_status, tokens
from access.verification.tokens import Purpose
from review import decisions
from review.link import link_preview, links, review_page
from review.link.forms import LookForm, SayForm
from review.link.guard import by_link
from review.models import ReviewLink

# The page frames one of ours, and nothing else; the page in the frame has a policy of its own.
POLICY: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}
LIMITS = [(30, 3600)]  # how often somebody may say something through one link: the author is mailed each time


@require_safe
@csp_override(POLICY)
@by_link
def look(request: HttpRequest, link: ReviewLink) -> HttpResponse:
    """Sets no cookie and writes nothing for a stranger: mail programs and scanners look too."""
    return _look(request, link)


@require_safe
@by_link
def page(request: HttpRequest, link: ReviewLink, *, page_id: int) -> HttpResponse:
    """What stands in the frame."""
    form = _look_form(request, link_preview.one(link, page_id))
    if not form.is_valid():
        return HttpResponseBadRequest(_("That audience or date doesn’t exist."), content_type="text/plain")
    choice = form.cleaned_data
    return link_preview.preview(
        link,
        page_id,
        audience=choice["audience"],
        at=choice["at"],
        query=review_page.query(form),
        asked_with=request.GET,
    )


@require_POST
@csp_override(POLICY)
@by_link
def say(request: HttpRequest, link: ReviewLink) -> HttpResponse:
    reviewer = links.reviewer(request, link)
    if reviewer is None:
        raise links.NotProved
    form = SayForm(request.POST)
    act = request.POST.get("act", "")
    if not form.is_valid() or act not in {"comment", "return", "approve"}:
        return _look(request, link, form=form, status=422)
    throttle.consume("review/say", str(link.pk), limits=LIMITS, now=timezone.now())
    said = form.cleaned_data
    try:
        note = review_page.do(act, link, said, by=reviewer, now=timezone.now())
    except decisions.DecisionRefused as refusal:
        form.add_error(None, str(refusal.sentence))
        return _look(request, link, form=form, refusal=refusal, status=409)
    address = f"{_url(request, 'look')}?page={note.page_id}&done={act}#said"
    return HttpResponseRedirect(address, status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def mailbox(request: HttpRequest, link: ReviewLink) -> HttpResponse:
    """GET says what happens next, POST sends a mail to the link's own mailbox: no other address can be given."""
    if links.reviewer(request, link):
        return HttpResponseRedirect(_url(request, "look") + "#say", status=303)
    if request.method != "POST":
        return _mailbox_page(request, link)
    browser = clients.asking(request)
    token = links.ask(link, browser=browser, now=timezone.now())
    response = HttpResponseRedirect(_url(request, "code", token_id=token.pk), status=303)
    cookies.set_asker(response, browser.asker)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def code(request: HttpRequest, link: ReviewLink, *, token_id: UUID) -> HttpResponse:
    """The code is typed into the tab that asked: in any other browser there is no such request."""
    if links.reviewer(request, link):
        return HttpResponseRedirect(_url(request, "look") + "#say", status=303)
    browser = clients.from_request(request)
    if not links.asked_through(link, token_id, browser=browser):
        raise links.NotCovered
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return _mailbox_page(request, link, form=form, status=422 if form.is_bound else 200)
    try:
        opened = tokens.confirm_code(
            token_id, form.cleaned_data["code"], browser=browser, now=timezone.now(), purpose=Purpose.REVIEW
        )
    except errors.WrongCode as error:
        form.add_error("code", request_status.wrong_code(error.token))
    except errors.CodesPaused:
        form.add_error("code", request_status.codes_paused())
    except errors.NotSentYet:
        form.add_error("code", _("The email hasn’t been sent yet. Wait for it, then enter its code."))
    except errors.TokenRefused as error:
        form.add_error("code", " ".join(str(part) for part in answers.VERDICTS[type(error)]))
    else:
        response = answers.opened(request, opened)
        response["Location"] = _url(request, "look") + "#say"  # back to the review, not to where learners go on
        return response
    return _mailbox_page(request, link, form=form, status=422)


def _look(
    request: HttpRequest,
    link: ReviewLink,
    *,
    form: SayForm | None = None,
    refusal: decisions.DecisionRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = link_preview.all_of(link)
    reviewer = links.reviewer(request, link)
    if not link_preview.waits(shown):
        context = {"link": link, "unsaid": form["text"].value() if form else "", **review_page.over(link, reviewer)}
        return render(request, "review/over.html", context, status=status)
    asked = request.POST.get("page_id", "") if request.method == "POST" else request.GET.get("page", "")
    current = next((each for each in shown if str(each.page.pk) == asked), None)
    current = current or next(each for each in shown if each.task_state)
    look_form = _look_form(request, current)
    query = review_page.query(look_form) if look_form.is_valid() else f"audience={look_form.default}"
    context = {
        "link": link,
        "reviewer": reviewer,
        "shown": shown,
        "current": current,
        "look_form": look_form,
        "query": query,
        "frame": f"{_url(request, 'page', page_id=current.page.pk)}?{query}",
        "form": (form and review_page.with_current_revision(form, current)) or review_page.say_form(current),
        "refused": bool(refusal),
        "done": request.GET.get("done", ""),
        **_urls(request),
        **review_page.about(current, link, reviewer, request=request, seen=form),
    }
    return render(request, "review/look.html", context, status=status)


def _mailbox_page(
    request: HttpRequest, link: ReviewLink, *, form: CodeForm | None = None, status: int = 200
) -> HttpResponse:
    context = {"link": link, "mailbox": email_addresses.hidden(link.mailbox), "form": form, **_urls(request)}
    return render(request, "review/mailbox.html", context, status=status)


def _look_form(request: HttpRequest, shown: link_preview.Shown) -> LookForm:
    return LookForm(request.GET, audiences=shown.page.preview_modes, zone=settings.TIME_ZONE)


def _urls(request: HttpRequest) -> dict[str, Any]:
    return {f"{name}_url": _url(request, name) for name in ("look", "say", "mailbox")}


def _url(request: HttpRequest, name: str, **kwargs: Any) -> str:
    """Below the same link: its secret is in the address that was asked for, and kept nowhere."""
    assert request.resolver_match is not None  # noqa: S101  (views are asked for by an address)
    return reverse(f"review:{name}", kwargs={"signed": request.resolver_match.kwargs["signed"], **kwargs})
