"""Which pages visitors may meet: told of one page, and as a condition on many."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from wagtail.models import Page

from access.models.pages import is_live, live_now
from courses.models import LessonPage

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("is_published", "ends_in", "expected"),
    [
        (True, None, True),
        (True, timedelta(minutes=5), True),
        (True, -SECOND, False),
        (False, None, False),
        (False, timedelta(minutes=5), False),
    ],
)
def test_a_page_is_live_while_it_is_published_and_has_not_ended(
    open_lesson: LessonPage, now: datetime, is_published: bool, ends_in: timedelta | None, expected: bool
) -> None:
    Page.objects.filter(pk=open_lesson.pk).update(
        live=is_published, expire_at=None if ends_in is None else now + ends_in
    )

    assert is_live(Page.objects.get(pk=open_lesson.pk)) is expected
    assert Page.objects.filter(live_now(), pk=open_lesson.pk).exists() is expected


def test_a_page_lives_to_its_last_moment(open_lesson: LessonPage, now: datetime, monkeypatch: Any) -> None:
    Page.objects.filter(pk=open_lesson.pk).update(expire_at=now)
    page, moments = Page.objects.get(pk=open_lesson.pk), [now, now + SECOND]

    found = [Page.objects.filter(live_now(now=moment), pk=page.pk).exists() for moment in moments]
    told = []
    for moment in moments:
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        told.append(is_live(page))

    assert found == told == [True, False]
