"""The content of a draft, read from its stored data: texts, files, headings and links, and which of them exist."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import batched
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Count, Exists, Model, OuterRef, QuerySet, Value
from django.db.models.functions import Length, Substr
from django.urls import Resolver404, resolve
from wagtail.blocks import Block as BlockKind
from wagtail.models import Page, Revision, Site

from access.models.pages import live_now
from access.policy import Level
from courses.content import blocks
from courses.content.blocks import ShownFile
from courses.models import CoursePage, LessonPage
from courses.public import syllabus
from library.models import Video

STREAMS = {"body": LessonPage.body.field.stream_block, "description": CoursePage.description.field.stream_block}
LIGHT = ("path", "title", "live", "latest_revision")


@dataclass(frozen=True, kw_only=True)
class Link:
    """To a page by its number, or to an address of this site."""

    text: str
    page_id: int | None = None
    path: str = ""


@dataclass(kw_only=True)
class Block:
    """One part of the text. `anchor` is its place in the editor."""

    anchor: str
    headings: list[tuple[int, str]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    files: list[ShownFile] = field(default_factory=list)
    is_blank: bool = False


@dataclass(frozen=True, kw_only=True)
class Draft:
    page_id: int
    title: str
    summary: str
    blocks: list[Block]
    video_id: int | None = None
    caption_count: int = 0
    is_without_price: bool = False  # though it asks for a purchase

    @property
    def has_text(self) -> bool:
        return not all(block.is_blank for block in self.blocks)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the drafts refer to and what of it exists; of pages, which a visitor can reach."""

    page_ids: frozenset[int]
    paths: frozenset[str]
    files: frozenset[tuple[type[Model], int]]
    transcripts: dict[int, bool]

    def misses(self, file: ShownFile) -> bool:
        """Whether the file was deleted."""
        return file.pk is None or (file.kind, file.pk) not in self.files


def draft_for(page: CoursePage | LessonPage) -> Draft:
    """The page in hand, saved or not."""
    return _stored(page, caption_count=len(page.captions.all()) if isinstance(page, LessonPage) else 0)


def newest(pages: Iterable[CoursePage | LessonPage]) -> dict[int, Draft]:
    """The newest revisions of these pages; of one that has none, what is stored."""
    pages = list(pages)
    revisions = {page.latest_revision_id: page.pk for page in pages if page.latest_revision_id}
    contents = Revision.objects.filter(pk__in=revisions).values_list("pk", "content")
    found = {revisions[pk]: _draft(content) for pk, content in contents.iterator()}
    if missing := [page.pk for page in pages if page.pk not in found]:
        for course in CoursePage.objects.filter(pk__in=missing):
            found[course.pk] = _stored(course)
        for lesson in LessonPage.objects.filter(pk__in=missing).annotate(caption_count=Count("captions")):
            found[lesson.pk] = _stored(lesson, caption_count=lesson.caption_count)
    return found


def lessons_of(courses: Iterable[CoursePage]) -> dict[str, list[LessonPage]]:
    """All lessons, also unpublished ones, in their order, by the path of their course."""
    found: dict[str, list[LessonPage]] = {course.path: [] for course in courses}
    for paths in batched(found, 100):  # SQLite reads no more than a thousand conditions in one query
        for lesson in LessonPage.objects.filter(syllabus.below(paths)).order_by("path").only(*LIGHT):
            found[lesson.path[: -Page.steplen]].append(lesson)
    return found


def known(drafts: Iterable[Draft]) -> Known:
    """What of all that these drafts refer to exists: in three queries, and one for each kind of file."""
    drafts = list(drafts)
    links = [link for draft in drafts for block in draft.blocks for link in block.links]
    files = [file for draft in drafts for block in draft.blocks for file in block.files]
    reachable = Page.objects.filter(live_now()).filter(
        Exists(
            Page.objects.filter(
                live_now(), path=Substr(OuterRef("path"), Value(1), Length(OuterRef("path")) - Page.steplen)
            )
        )
    )
    return Known(
        page_ids=frozenset(_existing(reachable, {link.page_id for link in links})),
        paths=frozenset(
            reachable.filter(url_path__in={link.path for link in links if link.path}).values_list("url_path", flat=True)
        ),
        files=frozenset(
            (kind, pk)
            for kind in {file.kind for file in files}
            for pk in _existing(kind._default_manager.all(), {file.pk for file in files if file.kind is kind})
        ),
        transcripts={
            pk: bool(transcript.strip())
            for pk, transcript in Video.objects.filter(
                pk__in={draft.video_id for draft in drafts if draft.video_id}
            ).values_list("pk", "transcript")
        },
    )


def _existing(rows: QuerySet[Any], ids: set[int | None]) -> Iterable[int]:
    wanted = ids - {None}
    return rows.filter(pk__in=wanted).values_list("pk", flat=True) if wanted else ()


# The data of a page and of a revision


def _stored(page: CoursePage | LessonPage, *, caption_count: int = 0) -> Draft:
    name = "body" if isinstance(page, LessonPage) else "description"
    return _draft(
        {
            "pk": page.pk,
            "title": page.title,
            "summary": page.summary,
            name: getattr(page, name).get_prep_value(),
            "video": page.video_id if isinstance(page, LessonPage) else None,
            "captions": range(caption_count),
            "access": page.access if isinstance(page, CoursePage) else None,
            "price": page.price if isinstance(page, CoursePage) else None,
        }
    )


def _draft(data: dict[str, Any]) -> Draft:
    name = "body" if "body" in data else "description"
    stored = data.get(name) or "[]"
    parts = json.loads(stored) if isinstance(stored, str) else stored
    known = STREAMS[name].child_blocks
    return Draft(
        page_id=data.get("pk") or 0,
        title=data.get("title") or "",
        summary=data.get("summary") or "",
        blocks=[_block(part, known.get(part.get("type")), place=f"{name}-root") for part in parts],
        video_id=data.get("video"),
        caption_count=len(data.get("captions") or ()),
        is_without_price=not data.get("price") and data.get("access") in [level for level in Level if level.is_sold],
    )


def _block(part: dict[str, Any], kind: BlockKind | None, *, place: str) -> Block:
    value = part.get("value")
    block = Block(anchor=f"block-{part['id']}-section" if part.get("id") else place)
    block.files = blocks.shown_files(kind, value)
    if isinstance(kind, blocks.HoldsText):
        reader = _Reader(block)
        reader.feed(kind.rich_text(value))
        reader.close()
        block.is_blank = isinstance(kind, blocks.ProseBlock) and not reader.has_text
    return block


class _Reader(HTMLParser):
    """Headings and links to this site, from rich text as Wagtail stores it."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block
        self.has_text = False
        self.text: list[str] = []
        self.attrs: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"h2", "h3"}:
            self.text = []
        elif tag == "a":
            self.text, self.attrs = [], dict(attrs)

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        self.has_text |= bool(data.strip())

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self.text).strip()
        if tag in {"h2", "h3"}:
            self.block.headings.append((int(tag[1]), text))
        elif tag == "a" and (link := _link(text, self.attrs)):
            self.block.links.append(link)


def _link(text: str, attrs: dict[str, str | None]) -> Link | None:
    if attrs.get("linktype") == "page":
        number = attrs.get("id") or ""
        return Link(text=text, page_id=int(number) if number.isdecimal() else 0)
    path = _page_path(attrs.get("href") or "")
    return Link(text=text, path=path) if path else None


def _page_path(href: str) -> str:
    """The place in the tree of an address that this site answers with a page; "" for any other."""
    try:
        address, own = urlsplit(href), urlsplit(settings.SITE_URL)
        if not address.path.startswith("/") or (address.netloc and address.netloc != own.netloc):
            return ""
        if resolve(address.path).url_name != "wagtail_serve":
            return ""
    except (ValueError, Resolver404):
        return ""
    roots = Site.get_site_root_paths()
    path = unquote(address.path).strip("/")
    return f"{roots[0].root_path}{path}/" if roots and path else ""
