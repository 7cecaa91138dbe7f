"""What holds for every email, whoever gets it: the same frame, all of it in the text as well, and no code to be seen
where one would do harm."""

import calendar
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from wagtail.models import TaskState
from wagtail.users.models import UserProfile

from access.policy import Level
from courses.models import CoursePage
from review.models import ReviewMail, ReviewNote
from review.notify import messages as review_messages
from tests import every_email
from tests.every_email import CODE, SECRET, WITHOUT_CODES, html_of
from tests.test_layout import tracked

Emails = dict[str, EmailMultiAlternatives]
PREHEADER = re.compile(r'<div class="preheader"[^>]*>(.*?)</div>', re.DOTALL)
LINK = re.compile(r'href="([^"]*)"')
STYLE_OR_TAG = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)
MONTHS = calendar.month_name[1:]
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
DAY = re.compile(rf"\b[1-9]\d? (?:{'|'.join(MONTHS)}) \d{{4}}\b")
MOMENT = re.compile(rf"{DAY.pattern}, \d\d:\d\d [A-Z]{{3,4}}\b")
TIME = re.compile(r"\d{1,2}:\d{2}|\b[ap]\.?m\b", re.IGNORECASE)
GOES_LIVE = datetime(2098, 5, 4, 9, 30, tzinfo=UTC)
TITLE = "Bees 100% <b>& honey"


@pytest.fixture
def emails(make_course: Any, settings: Any, now: datetime) -> Emails:
    settings.SITE_URL = settings.WAGTAILADMIN_BASE_URL = "https://courses.example.org"
    course = make_course(
        slug="bees", title=TITLE, summary="All about bees.", access=Level.PURCHASE, price=4900, currency="EUR"
    )
    _schedule(course, GOES_LIVE)
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


def test_an_order_quotes_the_title_of_its_course(emails: Emails) -> None:
    orders = [message for name, message in emails.items() if name.startswith("order")]
    assert len(orders) == 10

    for message in orders:
        assert f" for “{TITLE}”" in message.body
        assert f" for “{TITLE}”" in unescape(html_of(message))


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


def words_of(message: EmailMultiAlternatives) -> list[str]:
    """Subject, text and HTML as they are read: without tags and URLs."""
    parts = [message.subject, str(message.body), unescape(STYLE_OR_TAG.sub(" ", html_of(message)))]
    return [re.sub(r"\S+://\S+|\S+@\S+", "", str(part)) for part in parts]


def test_a_day_is_written_in_one_way_and_a_time_names_its_zone(emails: Emails) -> None:
    found = 0
    for name, message in emails.items():
        for said in words_of(message):
            found += len(DAY.findall(said))
            rest = MOMENT.sub("", said)

            assert not TIME.search(rest), name
            assert not YEAR.search(DAY.sub("", rest)), name
            assert not re.search(r"\d{1,2}[./]\d{1,2}[./]\d", rest), name
    assert found > 5


def test_what_is_approved_says_when_it_goes_live_by_the_readers_clock(emails: Emails, django_user_model: Any) -> None:
    assert "It goes live on 4 May 2098, 09:30 UTC." in emails["review approval"].body
    assert "It goes live on 4 May 2098, 09:30 UTC." in html_of(emails["review approval"])

    author = django_user_model.objects.get(username="grace")
    UserProfile.objects.update_or_create(user=author, defaults={"current_time_zone": "Europe/Berlin"})
    note = ReviewNote.objects.get(kind=ReviewNote.Kind.APPROVAL)
    state = TaskState.objects.latest("pk")
    message = review_messages.notice(
        ReviewMail(pk=1, kind=ReviewMail.Kind.NOTE, task_state=state, user=author, note=note)
    )

    assert "It goes live on 4 May 2098, 11:30 CEST." in message.body


def test_what_expires_says_how_soon(emails: Emails) -> None:
    for name, message in emails.items():
        how_soon = {"staff password reset": "in 24 hours"}.get(name, "in 15 minutes" if name.endswith("code") else "")

        assert [how_soon in part for part in words_of(message)[1:]] == [True, True], name


@pytest.mark.parametrize("path", tracked("templates/*/email/*", "templates/mail/*"), ids=lambda path: path.name)
def test_templates_format_days_and_times_in_one_way(path: Path) -> None:
    formats = re.findall(r"\|(date|time|naturaltime|timeuntil|timesince)\b(?::\"([^\"]*)\")?", path.read_text())

    assert set(formats) <= {("date", "j F Y"), ("date", "j F Y, H:i e")}
