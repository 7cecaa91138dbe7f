"""The open course: how to make a lesson that somebody finishes."""

from home.demo.open_course.media_for_everyone import MEDIA_FOR_EVERYONE
from home.demo.open_course.one_question import ONE_QUESTION
from home.demo.open_course.welcome import WELCOME
from home.demo.open_course.worked_examples import WORKED_EXAMPLES
from home.demo.schema import DemoCourse

OPEN_COURSE = DemoCourse(
    slug="open-course",
    title="Lessons people finish",
    summary="A lesson only teaches if somebody reaches the end of it. Plan, write and illustrate one that carries its "
    "reader there, in four short lessons.",
    description=(
        (
            "rich_text",
            """
<p>You know your subject. What nobody told you is how to put it on a page so that a stranger, alone, late in the
evening and on a small screen, stays to the end and can do something afterwards that she could not do before.</p>
<p>This course is about that craft. It is short and practical: bring one lesson of your own and mend it as you go. You
will find its question, build a worked example that teaches more than an exercise would, and make its pictures and
films work for people who cannot see or hear them.</p>
<h2>Is it for me?</h2>
<p>If you write for learners, yes: teachers, trainers, people who document software, whoever has been asked to “just
put something online”. You need no special tools. The two small programs in it are there to be read, not to be
installed.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "note",
                "heading": "Open to everyone",
                "text": "<p>All four lessons open without an address. Begin with the welcome: it has a short film "
                "about how this site works.</p>",
            },
        ),
    ),
    topics=("Teaching", "Writing", "Accessibility"),
    difficulty="beginner",
    access="anyone",
    availability="published",
    live=True,
    picture="open_course.webp",
    picture_alt="A pale path winds over green hills, past four signboards that look like pages, to a red "
    "flag in front of the sun.",
    lessons=(WELCOME, ONE_QUESTION, WORKED_EXAMPLES, MEDIA_FOR_EVERYONE),
)
