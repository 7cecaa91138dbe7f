"""Weight: what a browser loads for an open lesson, compressed and without its media, over a slow line."""

import gzip
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from courses.models import LessonPage

MOST_BYTES = 100_000
FACE = re.compile(r"@font-face\{[^}]*\}")
FONT = re.compile(r"fonts/([\w-]+\.woff2)")
ASSET = re.compile(rf'(?:href|src)="{settings.STATIC_URL}([^"]+\.(?:css|m?js))"')


def size(name: str) -> int:
    found = finders.find(name)
    assert found, name
    content = Path(found).read_bytes()
    return len(content) if name.endswith(".woff2") else len(gzip.compress(content))


def test_an_open_lesson_stays_light(client: Client, open_lesson: LessonPage) -> None:
    page = client.get(open_lesson.url).content
    assets = ASSET.findall(page.decode())
    styles = Path(str(finders.find("theme/css/site.css"))).read_text()
    # A range is for letters that few pages have; the italic for those that emphasise.
    everyones = [face for face in FACE.findall(styles) if "unicode-range" not in face and "italic" not in face]
    fonts = [f"theme/fonts/{name}" for face in everyones for name in FONT.findall(face)]

    assert "theme/css/site.css" in assets
    assert len(fonts) == 2
    assert len(gzip.compress(page)) + sum(map(size, [*assets, *fonts])) <= MOST_BYTES
