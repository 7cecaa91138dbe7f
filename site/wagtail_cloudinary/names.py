"""What a file's name tells: which asset of Cloudinary it is. No row and no call is needed to know.

`pictures/3f.jpg` is the image `pictures/3f` of format jpg, `films/9a.mp4` the video `films/9a`, and `papers/b1.pdf`
the raw file `papers/b1.pdf`: a raw asset keeps its ending in its public id. A name is therefore the same on a disk and
on Cloudinary. Two names that differ only in the extension of an image, or of a video, are one asset there: give files
random names.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation

IMAGE_ENDINGS = frozenset({"avif", "bmp", "gif", "heic", "ico", "jpeg", "jpg", "png", "svg", "tif", "tiff", "webp"})
VIDEO_ENDINGS = frozenset({"m4a", "m4v", "mov", "mp3", "mp4", "ogg", "ogv", "wav", "webm"})
RESOURCE_TYPES = ("image", "video", "raw")
# What Cloudinary calls the same format.
FORMATS = {"jpeg": "jpg", "tiff": "tif"}
# Cloudinary forbids ? & # \ % < > + in public ids.
FORBIDDEN = re.compile(r"[?&#\\%<>+\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Asset:
    """A file as Cloudinary knows it. A raw asset has no format."""

    public_id: str
    resource_type: str
    format: str


def asset(name: str, *, resource_type: str = "") -> Asset:
    """The asset of a storage's name; its kind by the extension, unless one is given.

    SuspiciousFileOperation for a name that Cloudinary cannot hold, or that climbs out of its folder.
    """
    if name != name.strip() or FORBIDDEN.search(name) or {"", ".", ".."} & set(name.split("/")):
        raise SuspiciousFileOperation("This name cannot be the public id of a file on Cloudinary.")
    ending = PurePosixPath(name).suffix.lstrip(".").lower()
    kind = resource_type or kind_of(ending)
    if kind == "raw" or not ending:
        return Asset(name, kind, "")
    return Asset(name[: -len(ending) - 1], kind, FORMATS.get(ending, ending))


def kind_of(ending: str) -> str:
    """The resource type of files with this ending, which is lower case and has no dot."""
    if ending in IMAGE_ENDINGS:
        return "image"
    return "video" if ending in VIDEO_ENDINGS else "raw"
