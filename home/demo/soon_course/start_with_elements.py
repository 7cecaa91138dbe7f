"""What the elements of HTML bring with them, and what it costs to do without."""

from home.demo.schema import DemoLesson

START_WITH_ELEMENTS = DemoLesson(
    slug="start-with-elements",
    title="Start with the elements",
    summary="A button made from a div needs five repairs before it is a button. Choose the element that already is "
    "what you mean, and get the rest for nothing.",
    minutes=5,
    body=(
        (
            "rich_text",
            """
<p>Somewhere in every large site there is a <b>div</b> that people can click. It looks like a button. It is not one:
the Tab key passes it by, Enter and Space do nothing, a screen reader calls it “text”, voice control cannot find it by
name, and in a high-contrast theme it disappears. That makes five faults, each with a repair of its own. Or else
this:</p>
""",
        ),
        (
            "code",
            {
                "language": "html",
                "code": """\
<!-- Five repairs, and the script for two of them is not even shown -->
<div class="button" role="button" tabindex="0" aria-disabled="false">Save</div>

<!-- None -->
<button type="button">Save</button>
""",
                "caption": "An element is a bundle of promises. A div promises nothing.",
            },
        ),
        (
            "rich_text",
            """
<h2>Three things every control has</h2>
<p>Assistive technology asks three questions of each thing on the page. <b>What is it called?</b> That is its name.
<b>What kind of thing is it?</b> That is its role. <b>What state is it in?</b> Pressed, open, ticked, wrong. The
elements of HTML answer all three by themselves. ARIA attributes only change the answers; they add no behaviour. An
element with <b>role="button"</b> is announced as a button and still does not react to the space bar. Hence the first
rule of ARIA: do without it wherever an element will do.</p>
<h2>Which element?</h2>
<ul>
<li>It <b>goes</b> somewhere: a link. It <b>does</b> something: a button. People open links in new tabs and expect the
Back button to return from them, so the difference matters to everyone.</li>
<li>It opens and closes: <b>details</b> with a <b>summary</b>.</li>
<li>It asks for an answer before the rest goes on: <b>dialog</b>, opened with <b>showModal()</b>. It takes the focus,
keeps the page behind out of reach, and closes with Escape.</li>
<li>It is one of several: radio buttons in a <b>fieldset</b> whose <b>legend</b> is the question.</li>
<li>It is a list: a list. “List, 7 items” is a good thing to hear before you decide whether to go on.</li>
</ul>
<h2>The shape of a page</h2>
<p>Sighted readers see the shape of a page in a tenth of a second: there is the header, there the menu, here it
begins. Landmarks and headings give the same overview to those who cannot.</p>
""",
        ),
        (
            "image",
            {
                "image": "page_landmarks.webp",
                "alt": "A page drawn as boxes: a header that contains a nav, a main part with one first-level heading "
                "and two sections under second-level headings, and a footer. A skip link leads from the top straight "
                "into main.",
                "caption": "Four landmarks and an outline. People jump between them as eyes do.",
            },
        ),
        (
            "rich_text",
            """
<p>Keep one <b>main</b> on each page and one <b>h1</b> that says what the page is about, and use the other levels as
an outline: no level is skipped on the way down, and none is chosen for its size. If an h3 looks too large, that is a
matter for the stylesheet. When there are two <b>nav</b> elements, give each a name, or both will be announced as
“navigation”.</p>
<h2>Order is part of it</h2>
<p>CSS can put the last thing first. The keyboard follows the source all the same, and so does the voice. Whenever you
reach for <b>order</b> or <b>row-reverse</b>, press Tab a few times: if the focus jumps about, so do the
sentences.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "tip",
                "heading": "Your turn",
                "text": "<p>Put the mouse in a drawer and use your own site for five minutes: find something, open it, "
                "send a form. Write down each place where you were stuck or lost. That list is ordered by how much it "
                "hurts.</p>",
            },
        ),
    ),
)
