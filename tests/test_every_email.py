"""What holds for every email, whoever gets it: the same frame, all of it in the text as well, and no code to be seen
where one would do harm."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives

from access.policy import Level
from courses.models import CoursePage
from tests import every_email
from tests.every_email import CODE, SECRET, WITHOUT_CODES, html_of

Emails = dict[str, EmailMultiAlternatives]
PREHEADER = re.compile(r'<div class="preheader"[^>]*>(.*?)</div>', re.DOTALL)
LINK = re.compile(r'href="([^"]*)"')
TITLE = "Bees 100% <b>& honey"


@pytest.fixture
def emails(make_course: Any, settings: Any, now: datetime) -> Emails:
    settings.SITE_URL = settings.WAGTAILADMIN_BASE_URL = "https://courses.example.org"
    course = make_course(
        slug="bees", title=TITLE, summary="All about bees.", access=Level.PURCHASE, price=4900, currency="EUR"
    )
    _schedule(course, now + timedelta(days=1))
    return every_email.build(course, now)


def _schedule(course: CoursePage, moment: datetime) -> None:
    """Approved for then, so that the email about an approval says when."""
    course.save_revision(approved_go_live_at=moment)


def preheader(message: EmailMultiAlternatives) -> str:
    (found,) = PREHEADER.findall(html_of(message))
    return unescape(found)


def test_every_email_has_the_same_frame(emails: Emails) -> None:
    for name, message in emails.items():
        html = html_of(message)

        assert html.count("<h1") == 1, name
        assert "<title>" in html, name
        assert 'href="https://courses.example.org"' in html, name
        assert 'name="color-scheme"' in html, name
        assert "prefers-color-scheme: dark" in html, name
        assert "<img" not in html, name
        assert str(message.body).rstrip().endswith("https://courses.example.org"), name


def test_nothing_of_a_title_is_markup(emails: Emails) -> None:
    for name, message in emails.items():
        assert "<b>&" not in html_of(message), name
        assert "&amp;" not in message.body, name
        assert "&lt;" not in message.body, name
    assert f"Please review: {TITLE}" == emails["review asked"].subject
    assert TITLE in emails["staff approved"].subject


def test_what_a_reviewer_says_is_shown_line_by_line(emails: Emails) -> None:
    message = emails["review return"]

    assert "Well.\nBut <short>." in message.body
    assert "Well.<br>But &lt;short&gt;." in html_of(message)
    assert "Nectar &amp; &lt;pollen&gt;." in html_of(emails["staff comments"])


def test_the_text_has_every_link_of_the_html(emails: Emails) -> None:
    for name, message in emails.items():
        links = [unescape(link).removeprefix("mailto:") for link in LINK.findall(html_of(message))]

        assert [link for link in links if link not in message.body] == [], name


def test_every_email_has_a_line_for_lists_and_hides_what_comes_after(emails: Emails) -> None:
    """Mailboxes show some 200 letters of a message, beyond the preheader the text as it begins: the blanks."""
    for name, message in emails.items():
        shown = preheader(message)

        assert shown.strip("\xa0\u200c "), name
        assert shown.endswith("\xa0\u200c" * 100), name


def test_no_code_is_seen_before_an_email_is_opened_where_it_would_do_harm(emails: Emails) -> None:
    private = {name: message for name, message in emails.items() if name.startswith(WITHOUT_CODES)}
    assert len(private) == 13

    for name, message in private.items():
        seen = message.subject + preheader(message)

        assert CODE not in re.sub(r"\D", "", seen), name
        assert "/" not in seen, name
    assert CODE in emails["review code"].body


def test_no_link_that_signs_in_is_seen_before_an_email_is_opened(emails: Emails) -> None:
    for name, message in emails.items():
        assert SECRET not in message.subject + preheader(message), name
        assert "http" not in message.subject + preheader(message), name
