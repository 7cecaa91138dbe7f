"""The player's own scripts: what they weigh, and that nothing of them is dead where they don't run."""

import gzip
import re
from pathlib import Path

from django.test import Client

from courses.models import LessonCaption, LessonChapter, LessonPage
from courses.tests.content import VTT
from library.models import Video

SCRIPTS = Path(__file__).parents[2] / "theme/static/theme/js"
CONTROL = re.compile(r"<(button|select|label|search|details)\b([^>]*)>")


def test_scripts_of_the_player_weigh_little() -> None:
    together = b"".join((SCRIPTS / f"{name}.js").read_bytes() for name in ("player", "transcript", "progress"))

    assert len(gzip.compress(together, 9)) <= 6 * 1024


def test_without_a_script_nothing_is_shown_that_does_nothing(
    client: Client, open_lesson: LessonPage, video: Video
) -> None:
    open_lesson.video = video
    open_lesson.captions.set([LessonCaption(language=code, label=code, vtt=VTT) for code in ("en", "de")])
    open_lesson.chapters.set([LessonChapter(start=0, title="Begin")])
    open_lesson.save_revision().publish()
    page = client.get(open_lesson.url).text
    bar = page[page.index("<div data-bar") : page.index("</figure>")]
    bar = re.sub(r"<(label|search|div) hidden.*?</\1>", "", bar, flags=re.DOTALL)

    shown = [tag for tag, attributes in CONTROL.findall(bar) if "hidden" not in attributes.split()]

    assert shown == ["details", "details"]  # chapters and transcript, which open by themselves
