"""The shape of the demo's courses and lessons, as plain values that know nothing of Django or Wagtail."""

from dataclasses import dataclass
from typing import Any, Literal

type Block = tuple[str, Any]
type Difficulty = Literal["beginner", "intermediate", "advanced"]
type Access = Literal["anyone", "email", "purchase"]
type Availability = Literal["coming_soon", "published"]


@dataclass(frozen=True, kw_only=True)
class DemoLesson:
    """A lesson; `video` is the base name of files in media/, `minutes` the time to read and watch it."""

    slug: str
    title: str
    summary: str
    body: tuple[Block, ...]
    free_preview: bool = False
    video: str | None = None
    minutes: int
    chapters: tuple[tuple[int, str], ...] = ()  # of the video: the second, and what begins there
    section: str = ""  # where one begins with this lesson, its title


@dataclass(frozen=True, kw_only=True)
class DemoCourse:
    """A course with its lessons in order; `picture` names a file in media/, or the designed fallback is shown."""

    slug: str
    title: str
    summary: str
    description: tuple[Block, ...]
    topics: tuple[str, ...]
    difficulty: Difficulty
    access: Access
    availability: Availability
    live: bool
    picture: str | None
    picture_alt: str
    lessons: tuple[DemoLesson, ...]
    price: int | None = None  # cents
