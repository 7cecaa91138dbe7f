"""The mail that this machine wrote to files, readable in the browser. Only in dev and test settings."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Mail:
    subject: str
    to: str
    sender: str
    when: datetime
    url: str
    text: str
    html_url: str | None


@never_cache
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    newest = sorted(_folder().glob("*.eml"), reverse=True)[:SHOWN]
    return render(request, "dev/mail_list.html", {"messages": [_mail(file) for file in newest]})


@never_cache
@require_safe
def mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "dev/mail_detail.html", {"message": _mail(_find(name))})


@never_cache
@require_safe
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part as it was written. It may bring its own style; nothing else of it is let in."""
    part = _message(_find(name)).get_body(("html",))
    if part is None:
        raise Http404
    policy_header = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
    return HttpResponse(part.get_content(), headers={"Content-Security-Policy": policy_header})


def _folder() -> Path:
    mailer: dict[str, Any] = settings.MAILERS["default"]
    return Path(mailer.get("OPTIONS", {}).get("directory", settings.DATA_DIR / "mail"))


def _find(name: str) -> Path:
    return _folder() / f"{name}.eml"


def _message(file: Path) -> EmailMessage:
    try:
        content = file.read_bytes()
    except OSError as error:  # it is not there, or its name is longer than any file's
        raise Http404 from error
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 (what policy.default makes)
    return message


def _mail(file: Path) -> Mail:
    message = _message(file)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return Mail(
        subject=str(message["Subject"]),
        to=str(message["To"]),
        sender=str(message["From"]),
        when=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        url=reverse("dev_mail:detail", args=[file.stem]),
        text=text.get_content() if text else "",
        html_url=reverse("dev_mail:html", args=[file.stem]) if html else None,
    )


app_name = "dev_mail"
urlpatterns = [
    path("", mail_list, name="list"),
    path("<slug:name>/", mail_detail, name="detail"),
    path("<slug:name>/html/", mail_html, name="html"),
]
