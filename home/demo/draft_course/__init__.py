"""The course that is still a draft: search that finds what was meant."""

from home.demo.draft_course.fold_first import FOLD_FIRST
from home.demo.draft_course.near_enough import NEAR_ENOUGH
from home.demo.schema import DemoCourse

DRAFT_COURSE = DemoCourse(
    slug="draft-course",
    title="Search that forgives",
    summary="People search for what they heard, with the keyboard they have. Find “Müller” for whoever types “mueler”, "
    "without finding everything else besides.",
    description=(
        (
            "rich_text",
            """
<p>An empty page of results says “we do not have that”. Very often it is not true: we have it, spelt with an accent, a
hyphen or one letter more. In two lessons you build a small search that forgives the differences people cannot see and
the mistakes they cannot help, and that knows when to stop forgiving.</p>
<p>A few dozen lines of Python, no search server, and a way to measure whether it got better.</p>
""",
        ),
    ),
    topics=("Web development", "Search"),
    difficulty="advanced",
    access="anyone",
    availability="published",
    live=False,
    picture=None,
    picture_alt="",
    lessons=(FOLD_FIRST, NEAR_ENOUGH),
)
