"""The email course: how a message reaches a mailbox, and how to send one that does."""

from home.demo.email_course.press_not_fetch import PRESS_NOT_FETCH
from home.demo.email_course.preview import PREVIEW
from home.demo.email_course.two_parts import TWO_PARTS
from home.demo.email_course.who_may_send import WHO_MAY_SEND
from home.demo.schema import DemoCourse

EMAIL_COURSE = DemoCourse(
    slug="email-course",
    title="Email that arrives",
    summary="Your site says “we have sent you a message”. This course is about making that sentence true, and about "
    "what the message does once it is there.",
    description=(
        (
            "rich_text",
            """
<p>Mail is the one part of a web site that you hand to strangers. Between your code and the reader stand a queue, two
or three servers, a filter with opinions, and a machine that opens every link before a person does. Most sites find
out about them one support request at a time.</p>
<p>Here you meet them in order, on the way a message takes. First the journey itself: envelopes, queues and what
“sent” really means. Then the three records that say who may send in your name, and how they lean on each other. Then
the message: two bodies for two kinds of reader. Last, links that survive being opened by machines, and tests that
catch all of this before a reader does.</p>
<h2>What you should bring</h2>
<p>You have sent mail from a program before, in any language, and can change the DNS of a domain or know whom to ask.
The examples are in Python and in the records themselves; nothing depends on a particular provider.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "note",
                "heading": "Fittingly, this course asks for your address",
                "text": "<p>The first lesson is a free preview. For the others, one message comes to you, with a "
                "button and a code. When you have read lesson four, look at that message again: you will know why it "
                "is built as it is.</p>",
            },
        ),
    ),
    topics=("Email", "Web development"),
    difficulty="intermediate",
    access="email",
    availability="published",
    live=True,
    picture="email_course.webp",
    picture_alt="A letter with an amber button rises from a green envelope, between a radio mast on the left "
    "and a letter box on the right.",
    lessons=(PREVIEW, WHO_MAY_SEND, TWO_PARTS, PRESS_NOT_FETCH),
)
