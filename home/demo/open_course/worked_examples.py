"""Why a beginner learns more from a solved problem than from solving one, and when that stops being true."""

from home.demo.schema import DemoLesson

WORKED_EXAMPLES = DemoLesson(
    slug="worked-examples",
    title="Show the work, then take it away",
    summary="Beginners learn more from a solved problem with its reasons than from a hard one on their own. The craft "
    "lies in removing the help one step at a time.",
    minutes=6,
    body=(
        (
            "rich_text",
            """
<p><b>The question of this lesson:</b> how do you help a beginner without doing the work for her?</p>
<p>Give somebody a problem that is new in every respect and most of her attention goes into searching: which formula,
which unit, where to begin. She may reach the answer and remember nothing of how. Studies of algebra in the 1980s, by
John Sweller and Graham Cooper, found something that many have repeated since: beginners who <i>study</i> a few solved
problems go on to solve similar ones faster, and with fewer mistakes, than beginners who spent the same time solving
them unaided. It is called the <b>worked-example effect</b>.</p>
<h2>What makes an example “worked”</h2>
<p>Not the answer. An answer alone is a fact to be copied. A worked example shows each step <i>and why it is
taken</i>, in the place where the reader would otherwise stop and wonder. Here is one from the daily life of anybody
who films lessons.</p>
""",
        ),
        (
            "code",
            {
                "language": "python",
                "code": """\
# How many minutes of film fit on a 4 GB card at 8 megabits a second?

size = 4 * 10**9 * 8    # The rate is in bits, so turn the bytes into bits.
rate = 8 * 10**6        # "Mega" is a million. Now both sides speak bits.
seconds = size / rate   # Bits divided by bits a second leaves seconds.
minutes = seconds / 60

print(round(minutes))   # 67
""",
                "caption": "Worked: every step has its reason beside it.",
            },
        ),
        (
            "rich_text",
            """
<p>Look at the comments. None says what the line does; Python says that already. Each answers the “why?” that belongs
to that line. The two mistakes people really make here, mixing bytes with bits and dividing the wrong way round, are
both met by a reason before they happen.</p>
<h2>Fade, one step at a time</h2>
<p>An example that stays complete for ever becomes a recipe. So the next one leaves something out, and what it leaves
out should be the step you most want people to own.</p>
""",
        ),
        (
            "image",
            {
                "image": "worked_example_fading.webp",
                "alt": "Three columns of four steps. In the first, all four steps are filled in. In the second, the "
                "last two are empty outlines. In the third, only the question is left and all four are empty.",
                "caption": "Worked, then partly worked, then alone. The question stays; the help goes.",
            },
        ),
        (
            "code",
            {
                "language": "python",
                "code": """\
# A film of 3 minutes takes up 45 MB. What is its rate, in megabits a second?

size = 45 * 10**6 * 8   # Bytes to bits, as before.
seconds = 3 * 60
rate = ...              # Your step: which of the two is divided by which?

print(rate / 10**6)
""",
                "caption": "Faded: the step that is left out is the one worth practising.",
            },
        ),
        (
            "rich_text",
            """
<p>Then comes the problem on its own: <i>how many films of five minutes, at 2 megabits a second, fit into 10 GB?</i>
No comments, no lines to fill in. A reader who came through the first two will begin by turning gigabytes into bits,
and you will have taught her that without once saying “remember to convert your units”. (The faded example gives 2
megabits a second. Each of the films takes 75 MB, so 133 of them fit.)</p>
<h2>Ask for the reason, not only the result</h2>
<p>Michelene Chi and her colleagues watched students reading worked examples in physics. Those who learned most did
something the others did not: they kept explaining to themselves why a step followed. You can build that habit into
the page. Between two steps, ask “Why bits and not bytes?” and put the answer a little further down. It takes a line,
and it turns reading into work of the right kind.</p>
<h2>When examples get in the way</h2>
<p>For somebody who can already do it, a worked example is noise. She has to read along with steps she would never
take, and learns <i>less</i> than by solving the problem. Slava Kalyuga and others named this the <b>expertise
reversal effect</b>, and it is the reason to put the problem where it can be seen from the top of the page. Those who
can will try it at once, and skip what they do not need. Let them.</p>
<h2>Choosing a good example</h2>
<ul>
<li><b>Small numbers, real purpose.</b> The arithmetic should never be the hard part, and the result should be
something a person might want to know.</li>
<li><b>One difficulty.</b> If the example also needs a discount and a leap year, keep those for the next.</li>
<li><b>The common mistake, in reach.</b> An example in which the usual mistake happens to give the right answer
teaches the mistake. Two times two is a poor example of squaring.</li>
<li><b>Two that look different.</b> After one example people learn its surface. Follow the film with a water tank that
fills at so many litres a minute, and what they keep is the idea: an amount, divided by a rate, is a time.</li>
</ul>
""",
        ),
        (
            "callout",
            {
                "kind": "tip",
                "heading": "Your turn",
                "text": "<p>Solve the exercise of your own lesson on paper, writing down every “because” as you go. "
                "That is your worked example, and it is nearly finished. Now cover the step that people get wrong: "
                "that is your faded one.</p>",
            },
        ),
    ),
)
