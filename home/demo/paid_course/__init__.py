"""The paid course: HTTP caching, from the two ideas it rests on to finding a fault."""

from home.demo.paid_course.cache_control import CACHE_CONTROL
from home.demo.paid_course.find_the_cause import FIND_THE_CAUSE
from home.demo.paid_course.other_caches import OTHER_CACHES
from home.demo.paid_course.preview import PREVIEW
from home.demo.schema import DemoCourse

PAID_COURSE = DemoCourse(
    slug="paid-course",
    title="HTTP caching without fear",
    summary="“Have you tried clearing your cache?” need never be said again. Two ideas, ten directives and one method "
    "for finding out who answered.",
    description=(
        (
            "rich_text",
            """
<p>Caching is the cheapest speed there is and the most expensive kind of bug: yesterday’s price, somebody else’s name
in the corner, a fix that has reached everyone but the person who reported the fault. So most sites settle for one of
two bad answers. They forbid it everywhere and are slow, or allow it and hope.</p>
<p>There is a third. The rules are few, written down, and nearly all follow from two questions a cache asks: <i>is my
copy still fresh?</i> and, if not, <i>is it still valid?</i> You begin with those. Then you choose headers from a
short list of recipes, learn which caches lie between you and the reader and what each is allowed to keep, and finish
with a method that finds the cause of a stale page in minutes, without a single hopeful reload.</p>
<h2>After this course you can</h2>
<ul>
<li>say, for any response of your site, who may keep it, for how long, and what happens then;</li>
<li>write that down in one header, and prove it with a test;</li>
<li>make sure that a personal page is never shown to somebody else;</li>
<li>find out which cache gave an answer, and why.</li>
</ul>
<h2>What you should bring</h2>
<p>You build or run web sites and have seen an HTTP header before. The examples use <b>curl</b> and a little
Python.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "note",
                "heading": "Read the first lesson before you buy",
                "text": "<p>It is a free preview, whole and unshortened, and useful by itself. If it tells you "
                "nothing new, the other three may not be for you.</p>",
            },
        ),
    ),
    topics=("Web development", "Performance"),
    difficulty="advanced",
    access="purchase",
    price=3900,
    availability="published",
    live=True,
    picture="paid_course.webp",
    picture_alt="A cabinet of green drawers with a dial on each. One amber drawer stands open, full of "
    "papers; an hourglass is running beside it.",
    lessons=(PREVIEW, CACHE_CONTROL, OTHER_CACHES, FIND_THE_CAUSE),
)
