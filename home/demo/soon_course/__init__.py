"""The course that is announced but not yet open: pages that are accessible by the way they are built."""

from home.demo.schema import DemoCourse
from home.demo.soon_course.colour_and_focus import COLOUR_AND_FOCUS
from home.demo.soon_course.forms_that_forgive import FORMS_THAT_FORGIVE
from home.demo.soon_course.start_with_elements import START_WITH_ELEMENTS

SOON_COURSE = DemoCourse(
    slug="soon-course",
    title="Accessible pages by construction",
    summary="Accessibility is cheap at the beginning and dear at the end. Build pages out of parts that already work, "
    "and there is little left to repair.",
    description=(
        (
            "rich_text",
            """
<p>Most accessibility work is repair: an audit finds two hundred faults, somebody mends the first fifty, and the next
release brings thirty new ones. It need not go like that. Nearly all of the two hundred come from a few habits, and
each habit has a better one that is no slower.</p>
<p>This course is about those better habits. You start with the elements HTML gives you, which come with a keyboard, a
name and a role built in. You choose colours by measurement and let the focus be seen. And you build a form that helps
a person who has made a mistake, instead of telling her off.</p>
<h2>What you should bring</h2>
<p>You can write HTML and some CSS. For the exercises you need a keyboard, and the screen reader that is already part
of your computer or phone.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "note",
                "heading": "Opening soon",
                "text": "<p>The lessons are written and being reviewed. Below you see what each will teach.</p>",
            },
        ),
    ),
    topics=("Accessibility", "Web development", "Design"),
    difficulty="intermediate",
    access="email",
    availability="coming_soon",
    live=True,
    picture="soon_course.webp",
    picture_alt="A wheelchair user and a man with a white cane go up a ramp to a brick arch, while a last "
    "green block is lowered into place.",
    lessons=(START_WITH_ELEMENTS, COLOUR_AND_FOCUS, FORMS_THAT_FORGIVE),
)
