"""Embedded video players (YouTube, Vimeo) in their privacy mode. Built from the URL alone: nothing is fetched."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

YOUTUBE_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"}
YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
VIMEO_HOSTS = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}
VIMEO_PATH = re.compile(r"/(?:video/)?([0-9]{4,12})(?:/([0-9a-f]{6,16}))?/?")


@dataclass(frozen=True, kw_only=True)
class Player:
    """`src` goes into an iframe, `page_url` is the plain link beside it."""

    provider: str
    src: str
    page_url: str


def find(url: str) -> Player | None:
    """The player for a video's address; None for anything that is not a video of a provider we know."""
    try:
        parts = urlsplit(url.strip())
        is_plain = parts.scheme == "https" and parts.port is None and parts.username is None
    except ValueError:
        return None
    if not is_plain:
        return None
    host = parts.hostname or ""
    if host == "youtu.be":
        return _youtube(parts.path.strip("/"))
    if host in YOUTUBE_HOSTS:
        first, _, rest = parts.path.strip("/").partition("/")
        return _youtube(rest if first in {"embed", "shorts", "live"} else parse_qs(parts.query).get("v", [""])[0])
    if host in VIMEO_HOSTS and (match := VIMEO_PATH.fullmatch(parts.path)):
        return _vimeo(match[1], match[2] or parse_qs(parts.query).get("h", [""])[0])
    return None


def _youtube(video_id: str) -> Player | None:
    if not YOUTUBE_ID.fullmatch(video_id):
        return None
    return Player(
        provider="YouTube",
        src=f"https://www.youtube-nocookie.com/embed/{video_id}?rel=0",
        page_url=f"https://www.youtube.com/watch?v={video_id}",
    )


def _vimeo(video_id: str, key: str) -> Player:
    key = key if re.fullmatch(r"[0-9a-f]{6,16}", key) else ""
    return Player(
        provider="Vimeo",
        src=f"https://player.vimeo.com/video/{video_id}?dnt=1" + (f"&h={key}" if key else ""),
        page_url=f"https://vimeo.com/{video_id}" + (f"/{key}" if key else ""),
    )
