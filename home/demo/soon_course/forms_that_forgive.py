"""How a form can help somebody who has made a mistake."""

from home.demo.schema import DemoLesson

FORMS_THAT_FORGIVE = DemoLesson(
    slug="forms-that-forgive",
    title="Forms that forgive",
    summary="Everybody mistypes. A good form says what went wrong, where, and what to do, and keeps everything that "
    "was right.",
    minutes=5,
    body=(
        (
            "rich_text",
            """
<p>Forms are where a page stops being read and begins to be used, and where it hurts most to be left out. A person who
cannot read an article loses an article. A person who cannot send the form loses the appointment.</p>
<h2>A field, complete</h2>
""",
        ),
        (
            "code",
            {
                "language": "html",
                "code": """\
<label for="email">Email address</label>
<p id="email-hint">We send one message with a link to the lesson.</p>
<p id="email-error"><strong>Error:</strong> The address has no @. Try the form name@example.org.</p>
<input id="email" name="email" type="email" autocomplete="email" required
       value="ines.example.net"
       aria-invalid="true" aria-describedby="email-hint email-error">
""",
                "caption": "After a mistake: named, explained, tied together, and nothing lost.",
            },
        ),
        (
            "rich_text",
            """
<p>Every line is there for somebody:</p>
<ul>
<li>The <b>label</b> gives the field its name, and a bigger target: a click on the label goes to the field. A
placeholder is no label. It vanishes at the first keystroke, just when one forgets what was asked.</li>
<li><b>aria-describedby</b> has the hint and the error read out together with the name. Without it, somebody who moves
from field to field never comes across them.</li>
<li><b>aria-invalid</b> says that this is the field, before the explanation says why.</li>
<li><b>autocomplete</b> spares people from typing what their device already knows. For some, each letter is work.</li>
<li>The <b>value</b> stays. To empty a form because one field was wrong is the worst thing that a form can do.</li>
</ul>
<h2>Errors that help</h2>
<p>“Invalid input” is a verdict. An error that helps says what is the matter and what to do next, in the words of the
label: “Enter the date your passport expires, for example 27 3 2031.” If you know what was meant, accept it. Phone
numbers have spaces, card numbers come in fours, and an address pasted out of a message has a space at the end. All of
that is work for a program and not for a person.</p>
<p>When a page comes back with errors, begin it with a summary: a heading, and a link to each faulty field. Move the
focus there, and put “Error:” in front of the page’s title, because the title is the first thing a screen reader
says.</p>
<h2>What changes without a new page</h2>
<p>When part of a page is replaced, eyes notice and ears do not. A <b>status</b> region makes it known without taking
the focus away:</p>
""",
        ),
        (
            "code",
            {
                "language": "html",
                "code": """\
<!-- In the page from the beginning, and empty -->
<p id="saved" role="status"></p>

<!-- Later, a script or a swapped fragment fills it -->
<p id="saved" role="status">Your place has been saved.</p>
""",
                "caption": "The region must exist before its words do, or many readers will miss them.",
            },
        ),
        (
            "rich_text",
            """
<h2>Signing in</h2>
<p>A test of memory is no test of identity. Whoever must retype a code from one screen into another needs time and the
right to paste. Let one field take the whole code, mark it <b>autocomplete="one-time-code"</b>, and offer a link that
does without typing. Nobody should have to solve a puzzle to prove that she is human.</p>
<h2>Time</h2>
<p>If something expires, say when, before it does, and make beginning again cheap. What had been filled in is still
there afterwards.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "tip",
                "heading": "Your turn",
                "text": "<p>Fill in your own form with every field wrong and listen to what a screen reader says after "
                "“Send”. Do you know how many mistakes you made? Where they are? What to do about the first?</p>",
            },
        ),
    ),
)
