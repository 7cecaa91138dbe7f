"""How the recipient of a gift gets in: the link in the email, and one click that emails a link and a code.

The link may be kept, forwarded, or opened by a mail scanner, so it opens no session. Whoever clicks, the email goes to
the recipient's address and to no other, and no page shows that address in full.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from access import email_addresses
from access.forms import CodeForm
from access.limits import throttle, too_many_requests
from access.models import Email, EmailVerificationToken
from access.models.pages import live_now
from access.sessions import clients, cookies, visitor
from access.verification import answers, errors, request_status, tokens
from access.verification.purposes import Handling
from courses.models import CoursePage
from courses.models.stage import Availability
from purchases.checkout import offers
from purchases.models import GiftMail

Purpose = EmailVerificationToken.Purpose


class LinkUnknown(Exception):
    """No mail of ours ever held this link."""


def url(mail: GiftMail) -> str:
    """The path that this gift's mail holds: the same each time, kept nowhere, and no other gift's."""
    return reverse("purchases:gift", args=[_signed(mail)])


def find(signed: str) -> GiftMail:
    """The gift whose link this is, whatever became of it. Raises LinkUnknown."""
    try:
        pk = int(_signer().unsign(signed))
    except (signing.BadSignature, ValueError) as error:
        raise LinkUnknown from error
    mail = GiftMail.objects.select_related("grant__email").filter(pk=pk).first()
    if mail is None:
        raise LinkUnknown
    return mail


def lesson_url(token: EmailVerificationToken) -> str:
    """Where the recipient continues, once the address is proved."""
    course = CoursePage.objects.filter(live_now(), pk=token.page_id or 0).first()
    return offers.first_url(course) if course else reverse("access:session")


HANDLING = Handling(
    subject=gettext_lazy("Your sign-in link for “%(page_title)s”"),
    subject_with_code=gettext_lazy("Your sign-in code for “%(page_title)s”: %(spaced_code)s"),
    mail="access/email/verification",
    words=lambda token: {},
    url=lesson_url,
    private=gettext_lazy("Open the link in the email about your gift again, and get a new one there."),
)

type View[**P] = Callable[Concatenate[HttpRequest, GiftMail, CoursePage, P], HttpResponse]


def by_link[**P](view: View[P]) -> Callable[..., HttpResponse]:
    """The view of an open gift and its course; for any other link the sentence that says why it opens nothing."""

    @never_cache
    @wraps(view)
    def found(request: HttpRequest, signed: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            mail = find(signed)
        except LinkUnknown:
            text = _("Your email app may have cut it short. Copy the whole link from the email.")
            return _sentence(request, _("We don’t know this link"), text, status=404)
        if mail.grant.revoked_at or mail.grant.email is None:
            text = _("This link no longer opens the course. Ask the person who gave it to you.")
            return _sentence(request, _("This gift was revoked"), text, status=410)
        courses = CoursePage.objects.filter(live_now(), translation_key=mail.grant.course_key)
        course = courses.filter(availability=Availability.PUBLISHED).order_by("pk").first()
        if course is None:
            text = _("It’s still yours. Keep the email, and try its link again later.")
            return _sentence(request, _("The course isn’t open right now"), text, status=404)
        response = view(request, mail, course, *args, **kwargs)
        response["Referrer-Policy"] = answers.REFERRER
        return response

    return found


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def gift(request: HttpRequest, mail: GiftMail, course: CoursePage) -> HttpResponse:
    """GET says what was given and does nothing: mail scanners open links. POST mails the address on the gift."""
    email, learner = _owner(mail), visitor.learner(request)
    if learner and learner.email == email.address:
        return HttpResponseRedirect(offers.first_url(course, request), status=303)
    if request.method != "POST":
        return _page(request, mail, course)
    browser = clients.asking(request)
    try:
        token = tokens.request_verification(
            email.address, page=course, browser=browser, now=timezone.now(), purpose=Purpose.GIFT
        )
    except throttle.Throttled as error:
        return too_many_requests.answer(request, error)
    response = HttpResponseRedirect(reverse("purchases:gift_code", args=[_signed(mail), token.pk]), status=303)
    cookies.set_asker(response, browser.asker)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def code(request: HttpRequest, mail: GiftMail, course: CoursePage, token_id: UUID) -> HttpResponse:
    """The code is typed into the tab that asked: in any other browser, and for any other gift, there is no request."""
    browser = clients.from_request(request)
    token = tokens.find_request(token_id, browser=browser, purpose=Purpose.GIFT)
    if token is None or (token.email_id, token.page_id) != (_owner(mail).pk, course.pk):
        raise Http404
    if tokens.was_opened_by(token.pk, visitor.learner(request)):
        return answers.go_on(request, token)
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return _page(request, mail, course, form=form, status=422 if form.is_bound else 200)
    try:
        opened = tokens.confirm_code(
            token_id, form.cleaned_data["code"], browser=browser, now=timezone.now(), purpose=Purpose.GIFT
        )
    except errors.WrongCode as error:
        form.add_error("code", request_status.wrong_code(error.token))
    except errors.NotSentYet:
        form.add_error("code", _("The email hasn’t been sent yet. Its code is the one to enter."))
    except errors.TokenRefused as error:
        form.add_error("code", " ".join(str(part) for part in answers.VERDICTS[type(error)]))
    except throttle.Throttled as error:
        return too_many_requests.answer(request, error)
    else:
        return answers.opened(request, opened)
    return _page(request, mail, course, form=form, status=422)


def _page(
    request: HttpRequest, mail: GiftMail, course: CoursePage, *, form: CodeForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "gift": mail,
        "title": course.title,
        "address": email_addresses.hidden(_owner(mail).address),
        "form": form,
        "gift_url": url(mail),
        "minutes": settings.VERIFICATION_SECONDS // 60,
    }
    return render(request, "purchases/gift.html", context, status=status)


def _sentence(request: HttpRequest, heading: str, sentence: str, *, status: int) -> HttpResponse:
    return answers.verdict(request, heading=heading, sentence=sentence, url=None, status=status)


def _owner(mail: GiftMail) -> Email:
    email = mail.grant.email
    assert email is not None  # noqa: S101  (by_link)
    return email


def _signed(mail: GiftMail) -> str:
    return _signer().sign(str(mail.pk))


def _signer() -> signing.Signer:
    return signing.Signer(salt="purchases.gift", sep=".")
