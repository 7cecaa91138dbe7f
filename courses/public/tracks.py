"""Tracks of a lesson's video as files: captions as WebVTT, or as text to keep. Who may have them is decided before."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from courses.content.captions import cues
from courses.models import LessonPage


def captions(lesson: LessonPage, language: str, *, as_text: bool = False) -> HttpResponse | None:
    """None where nobody wrote any in this language."""
    found = next((each for each in lesson.captions.all() if each.language == language), None)
    if found is None:
        return None
    if not as_text:
        return HttpResponse(found.vtt, content_type="text/vtt; charset=utf-8")
    text = "".join(f"{cue.text}\n" for cue in cues(found.vtt))
    name = content_disposition_header(True, f"{lesson.slug}.{language}.txt") or "attachment"
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name})
