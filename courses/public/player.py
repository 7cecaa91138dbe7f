"""Video player of a lesson: the addresses of what it plays, and its transcript."""

from dataclasses import dataclass

from courses.content import timecode
from courses.content.captions import Cue, cues
from courses.content.page_links import OWN, PageLinks
from courses.models import LessonCaption, LessonPage
from library import cloudinary
from library.models import Video


@dataclass(frozen=True, kw_only=True)
class Track:
    """Captions in one language. `page` is the address of the lesson with the transcript in it."""

    url: str
    page: str
    language: str
    label: str
    is_default: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the transcript, and where it is said."""

    cue: Cue
    url: str

    @property
    def start(self) -> str:
        """For a script: no language's decimal comma."""
        return f"{self.cue.start:.3f}"

    @property
    def clock(self) -> str:
        return timecode.written(int(self.cue.start))


@dataclass(frozen=True, kw_only=True)
class Chapter:
    title: str
    start: int
    url: str

    @property
    def clock(self) -> str:
        return timecode.written(self.start)


@dataclass(frozen=True, kw_only=True)
class Player:
    """All addresses are gated: each request for them is decided anew."""

    url: str
    stream_url: str  # many sizes in one playlist, for browsers that play such; "" where there is none
    mime: str
    poster_url: str
    width: int | None
    height: int | None
    is_open: bool
    opens_beside: bool  # links do, in this frame, where nothing else says
    captions: list[Track]
    rows: list[Row]  # the transcript in the language of the default captions
    transcript: str  # in its place where there are none
    chapters: list[Chapter]
    chapters_url: str  # "" where there are none

    @property
    def spoken(self) -> Track | None:
        return next((track for track in self.captions if track.is_default), None)


def player(
    lesson: LessonPage,
    video: Video,
    *,
    links: PageLinks = OWN,
    second: str = "",
    language: str = "",
    is_open: bool = False,
) -> Player:
    """`second` is where to begin; the browser's own player reads it from the end of the address. `language` is the one
    whose captions come first, where they were written."""
    page_id = lesson.pk or 0
    begin = f"#t={second}" if second.isascii() and second.isdigit() else ""
    url = links.video(page_id, video.pk)
    written: list[LessonCaption] = list(lesson.captions.all())
    chosen = next((each for each in written if each.language == language), next(iter(written), None))
    asked = {"captions": chosen.language} if chosen and chosen is not written[0] else {}
    rows = [
        Row(cue=cue, url=links.within(**asked, t=str(int(cue.start)))) for cue in (cues(chosen.vtt) if chosen else ())
    ]
    chapters = [
        Chapter(title=each.title, start=each.start, url=links.within(**asked, t=str(each.start)))
        for each in sorted(lesson.chapters.all(), key=lambda each: each.start)
    ]
    return Player(
        url=url + begin,
        stream_url=f"{url}?stream{begin}" if is_open and cloudinary.storage_of(video.file) else "",
        mime=video.mime,
        poster_url=video.thumbnail.url if video.thumbnail else "",
        width=video.width,
        height=video.height,
        is_open=is_open,
        opens_beside=links.opens_beside,
        captions=[
            Track(
                url=links.captions(page_id, caption.language),
                page=links.within(captions=caption.language),
                language=caption.language,
                label=caption.label,
                is_default=caption is chosen,
            )
            for caption in written
        ],
        rows=rows,
        transcript="" if rows else video.transcript,
        chapters=chapters,
        chapters_url=links.chapters(page_id) if chapters else "",
    )
