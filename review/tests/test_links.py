"""A review link shows its holder what waits, takes comments from its mailbox alone, and opens nothing else."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, TaskState

from access.models import Email
from courses.models import CoursePage, LessonPage
from review import decisions
from review.link import links
from review.models import ReviewLink
from review.reviewers import AccountReviewer
from tests.test_doors import counts, refuse_writes

Submit = Callable[..., TaskState]
MakeLink = Callable[..., ReviewLink]
ZOE = "zoe@example.org"


def url(link: ReviewLink, rest: str = "") -> str:
    return f"/review/{links.signed(link)}/{rest}"


@pytest.fixture
def zoe(db: None, now: datetime, sign_in: Callable[[Email], Client]) -> Client:
    """The browser in which the link's mailbox was proved."""
    return sign_in(Email.objects.create(address=ZOE, asked_at=now, verified_at=now))


@pytest.fixture
def task(course: CoursePage, submit: Submit) -> TaskState:
    return submit(course, title="More bees")


@pytest.fixture
def link(task: TaskState, course: CoursePage, make_link: MakeLink) -> ReviewLink:
    return make_link(course)


def said(task: TaskState, act: str, **fields: Any) -> dict[str, Any]:
    page_id = task.revision.object_id
    return {"act": act, "page_id": page_id, "revision_id": task.revision_id, "text": "Hm.", **fields}


# Looking


def test_link_shows_the_waiting_revision(client: Client, link: ReviewLink, course: CoursePage) -> None:
    response = client.get(url(link))
    frame = client.get(url(link, f"page/{course.pk}/"))

    assert response.status_code == frame.status_code == 200
    assert "More bees" in response.text
    assert "More bees" in frame.text
    assert "More bees" not in client.get("/courses/bees/").text


def test_looking_writes_nothing_and_sets_no_cookie(client: Client, link: ReviewLink, course: CoursePage) -> None:
    before = counts()

    with connection.execute_wrapper(refuse_writes):
        answers = [
            ask(url(link, rest), headers={"User-Agent": "LinkScanner/1.0"})
            for ask in [client.get, client.head] * 10
            for rest in ("", f"page/{course.pk}/")
        ]

    assert counts() == before
    assert not any(answer.cookies for answer in answers)
    assert {answer.status_code for answer in answers} == {200}


def test_no_cache_index_or_referrer_learns_the_address(client: Client, link: ReviewLink, course: CoursePage) -> None:
    for rest in ("", f"page/{course.pk}/", "mailbox/", "page/1/", "files/1/video/1/"):
        response = client.get(url(link, rest))

        assert response["Cache-Control"] == "private, no-store"
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Referrer-Policy"] == "no-referrer, strict-origin"


def test_only_the_frame_may_be_framed_and_only_by_us(client: Client, link: ReviewLink, course: CoursePage) -> None:
    look, frame = client.get(url(link)), client.get(url(link, f"page/{course.pk}/"))

    assert look["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in look["Content-Security-Policy"]
    assert "frame-src 'self';" in look["Content-Security-Policy"] + ";"
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"]
    assert "form-action 'none'" in frame["Content-Security-Policy"]


def test_audience_and_moment_are_chosen_without_javascript(
    client: Client, make_lesson: Callable[..., LessonPage], submit: Submit, make_link: MakeLink, course: CoursePage
) -> None:
    lesson = make_lesson(course, live=False)
    submit(lesson)
    link = make_link(lesson)

    page = client.get(url(link), {"audience": "anonymous", "at": "2199-01-01T10:00"}).text
    shut = client.get(url(link, f"page/{lesson.pk}/"), {"audience": "anonymous"}).text
    open_ = client.get(url(link, f"page/{lesson.pk}/"), {"audience": "purchaser"}).text

    assert f"page/{lesson.pk}/?audience=anonymous&amp;at=2199-01-01T10%3A00" in page
    assert "canary-6f1d2c" not in shut
    assert "canary-6f1d2c" in open_


@pytest.mark.parametrize("choice", ["audience=editor", "at=yesterday", "at=9999-12-31T23:59", "at=0001-01-01T00:00"])
def test_choice_that_is_none_is_no_error_of_ours(
    client: Client, link: ReviewLink, course: CoursePage, choice: str
) -> None:
    assert client.get(f"{url(link)}?{choice}").status_code == 200
    assert client.get(f"{url(link, f'page/{course.pk}/')}?{choice}").status_code == 400


def test_public_pages_know_no_audience_and_no_moment(client: Client, email_lesson: LessonPage) -> None:
    response = client.get(email_lesson.url, {"audience": "purchaser", "at": "2199-01-01T10:00", "as_of": "2199-01-01"})

    assert "canary-6f1d2c" not in response.text


# Where it shows nothing


@pytest.mark.refusal("link")
@pytest.mark.parametrize("rest", ["", "page/{}/", "mailbox/", "files/{}/video/1/"])
@pytest.mark.parametrize("broken", ["expired", "revoked"])
def test_link_that_is_over_shows_nothing(
    client: Client, task: TaskState, course: CoursePage, make_link: MakeLink, now: datetime, broken: str, rest: str
) -> None:
    hour = timedelta(hours=1)
    fields = {
        "expired": {"created_at": now - 2 * hour, "expires_at": now - hour},
        "revoked": {"revoked_at": now - hour},
    }
    link = make_link(course, **fields[broken])

    response = client.get(url(link, rest.format(course.pk)))

    assert response.status_code == 410
    assert "bees" not in response.text


def test_link_to_a_deleted_page_says_so(client: Client, link: ReviewLink, course: CoursePage) -> None:
    address = url(link)
    course.current_workflow_state.cancel()
    course.delete()

    response = client.get(address)

    assert response.status_code == 410
    assert "The page is gone" in response.text


@pytest.mark.refusal("link")
@pytest.mark.parametrize("place", [0, 5, 31, 32, 33, 50, -1])
def test_altered_link_is_unknown(client: Client, link: ReviewLink, place: int) -> None:
    signed = links.signed(link)
    place %= len(signed)
    other = "0" if signed[place] != "0" else "1"

    response = client.get(f"/review/{signed[:place]}{other}{signed[place + 1 :]}/")

    assert response.status_code == 404
    assert "More bees" not in response.text


@pytest.mark.parametrize("text", ["x", "%00", "%F0%9F%90%9D", "." * 500, "a.b.c", "%2e%2e"])
def test_nonsense_in_place_of_a_link_is_unknown(client: Client, home_page: Page, text: str) -> None:
    assert client.get(f"/review/{text}/").status_code == 404


@pytest.mark.parametrize("end", ["approved", "sent back", "cancelled"])
def test_once_it_is_decided_the_link_shows_nothing_of_it(
    client: Client, link: ReviewLink, task: TaskState, course: CoursePage, rita: Any, end: str
) -> None:
    given = {"revision_id": task.revision_id, "by": AccountReviewer(user=rita), "text": "So.", "now": timezone.now()}
    if end == "cancelled":
        course.current_workflow_state.cancel()
    else:
        (decisions.approve if end == "approved" else decisions.send_back)(task.pk, **given)

    response = client.get(url(link))

    assert "More bees" not in response.text
    assert {"approved": "was approved", "sent back": "was sent back", "cancelled": "withdrawn"}[end] in response.text
    assert client.get(url(link, f"page/{course.pk}/")).status_code == 404


@pytest.mark.refusal("link")
def test_other_pages_do_not_open(
    client: Client, link: ReviewLink, make_lesson: Callable[..., LessonPage], submit: Submit, course: CoursePage
) -> None:
    lesson = make_lesson(course, live=False)
    submit(lesson)

    for page in (lesson, course.get_parent()):
        assert client.get(url(link, f"page/{page.pk}/")).status_code == 404


@pytest.mark.refusal("link")
def test_lesson_that_was_moved_away_is_not_shown(
    client: Client, task: TaskState, course: CoursePage, make_course: Any, make_lesson: Any, make_link: MakeLink
) -> None:
    lesson, link = make_lesson(course), make_link(course, with_lessons=True)
    assert client.get(url(link, f"page/{lesson.pk}/")).status_code == 200
    lesson.move(make_course(), pos="last-child")

    assert client.get(url(link, f"page/{lesson.pk}/")).status_code == 404


def test_course_with_its_lessons_leads_from_one_to_the_other(
    client: Client, task: TaskState, course: CoursePage, make_lesson: Any, make_link: MakeLink
) -> None:
    lesson = make_lesson(course, live=False, title="Wings")
    link = make_link(course, with_lessons=True)

    look, frame = client.get(url(link)).text, client.get(url(link, f"page/{course.pk}/")).text

    assert "Wings" in look
    assert f'href="{url(link)}?page={lesson.pk}&amp;audience=purchaser&amp;at=" target="_top"' in frame
    assert "canary-6f1d2c" in client.get(url(link, f"page/{lesson.pk}/")).text


@pytest.mark.parametrize("audience", ["anonymous", "purchaser"])
def test_every_way_to_a_covered_page_leads_on_through_the_link(
    client: Client, task: TaskState, course: CoursePage, make_lesson: Any, make_link: MakeLink, audience: str
) -> None:
    """From the course, between its lessons, from the gate, and from links that editors chose or typed."""
    second = make_lesson(course, live=False, slug="second")
    texts = [
        f'<p><a linktype="page" id="{second.pk}">chosen</a> <a href="/courses/bees/second/">typed</a></p>',
        '<p><a href="#below">below</a> <a href="https://elsewhere.example/">elsewhere</a></p>',
    ]
    body = [("rich_text", texts[0]), ("callout", {"kind": "note", "heading": "", "text": texts[1]})]
    first = make_lesson(course, live=False, slug="first", body=body)
    link = make_link(course, with_lessons=True)

    frames = {
        page: BeautifulSoup(client.get(url(link, f"page/{page.pk}/?audience={audience}")).content, "html.parser")
        for page in (course, first, second)
    }

    pages = {page.pk: f"{url(link)}?page={page.pk}&audience={audience}&at=" for page in frames}
    for page, frame in frames.items():
        ways = {a["href"]: a.get("target") for a in frame.select("a[href]")}
        leads_to = {pages[course.pk], pages[first.pk], pages[second.pk]}
        if page == course:
            leads_to.remove(pages[course.pk])
        assert {way for way, target in ways.items() if target == "_top"} == leads_to
        assert not {"/courses/bees/", "/courses/bees/first/", "/courses/bees/second/"} & set(ways)
        assert ways["#main"] == "_self"
        assert ways["/courses/"] is None  # as the frame's base says: in another tab
        assert frame.select_one("base")["target"] == "_blank"  # type: ignore[index]  # it is there
    if audience == "purchaser":
        text = {a.get_text(): (a["href"], a.get("target")) for a in frames[first].select(".prose a")}
        assert text == {
            "chosen": (pages[second.pk], "_top"),
            "typed": (pages[second.pk], "_top"),
            "below": ("#below", "_self"),
            "elsewhere": ("https://elsewhere.example/", None),
        }


def test_link_opens_nothing_beside_itself(client: Client, link: ReviewLink, paid_lesson: LessonPage) -> None:
    client.get(url(link))

    assert "canary-6f1d2c" not in client.get(paid_lesson.url).text
    assert client.get("/admin/").status_code == 302
