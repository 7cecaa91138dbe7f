"""The teaser, the public part of a restricted page: a value the gate shows, never the page itself."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Teaser:
    """Everything a visitor without access may know about a page. `minutes` is 0 when nobody said.

    `soon_course_id` is the course to wait for, when all of it is still coming soon.
    """

    title: str
    summary: str
    minutes: int
    number: int
    course_title: str
    course_url: str
    lesson_count: int
    is_paid: bool
    soon_course_id: int | None = None
