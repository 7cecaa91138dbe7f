"""Why a message carries its text twice, and how to write both."""

from home.demo.schema import DemoLesson

TWO_PARTS = DemoLesson(
    slug="two-parts",
    title="One message, two bodies",
    summary="A good message carries its words twice, as plain text and as HTML. Write both by hand, in the right "
    "order, and it reads well on a watch, in a terminal and in the dark.",
    minutes=6,
    body=(
        (
            "rich_text",
            """
<p>Open the source of a well-made message and you find its contents twice: once as plain text, once as HTML. The two
are packed into a part called <b>multipart/alternative</b>, which tells the mail program that they say the same, and
that it should show the last one it is able to show. Hence the order: <b>plain text first, HTML last.</b></p>
""",
        ),
        (
            "code",
            {
                "language": "python",
                "code": """\
from email.message import EmailMessage

TEXT = \"\"\"\\
Open your lesson:
https://school.example/confirm/x7Kq2/

Or type this code into the page that is waiting:
482915

It works once, within 15 minutes. Not you? Then do nothing.
\"\"\"

HTML = \"\"\"\\
<p>Open your lesson:</p>
<p><a href="https://school.example/confirm/x7Kq2/"
      style="display:inline-block; padding:12px 20px; border-radius:6px;
             background:#1f5f4a; color:#ffffff">Open the lesson</a></p>
<p>Or type this code into the page that is waiting: <strong>482915</strong></p>
<p>It works once, within 15 minutes. Not you? Then do nothing.</p>
\"\"\"

message = EmailMessage()
message["From"] = "The School <hello@school.example>"
message["To"] = "ines@example.net"
message["Subject"] = "Your lesson: How a message travels"
message.set_content(TEXT)
message.add_alternative(HTML, subtype="html")

print(message.get_content_type())                          # multipart/alternative
print([part.get_content_type() for part in message.iter_parts()])  # text/plain, text/html
""",
                "caption": "Python’s standard library builds the parts in the right order, if you do.",
            },
        ),
        (
            "rich_text",
            """
<h2>Who reads the plain text?</h2>
<p>More readers than you would think. The line of preview beneath the subject is often taken from it, and so is what a
watch shows, or a car reads aloud. Some people switch HTML off for safety or for calm. Filters compare the two parts,
and a message whose text says something else than its HTML, or nothing at all, looks like one with something to
hide.</p>
<p>So write it; do not generate it by stripping tags. Stripping turns a table into a heap of words, and a button into
the words “Open the lesson” with no address behind them. Written for the purpose, the text part is short:</p>
<ul>
<li>The address stands on a line of its own, so that every mail program can make a link of it.</li>
<li>A code stands on a line of its own too, so that it can be copied with one touch.</li>
<li>Paragraphs are separated by an empty line, and nothing is drawn with stars and dashes. A screen reader reads each
star aloud.</li>
</ul>
<h2>HTML as it was</h2>
<p>The HTML of mail is not the HTML of the web. Some programs throw away <b>style</b> blocks, most refuse scripts, and
one widely used program for Windows lays out mail with the engine of a word processor. What survives everywhere is
modest:</p>
<ul>
<li><b>One column</b>, at most 600 pixels wide, which needs no rules for narrow screens.</li>
<li><b>Styles on the elements themselves.</b> Keep them in a stylesheet while you work, and let a tool write them into
the elements when the message is built.</li>
<li><b>Words, not pictures of words.</b> Many programs show no pictures until asked. If your message is a picture,
what they show is an empty frame.</li>
<li><b>A button that is a link</b> with padding and a background, and the full address beneath it for whoever reads on
one device and opens on another.</li>
<li><b>Colours that survive the dark.</b> Some programs invert a message by night. Set text and background together or
set neither, and give a logo with transparent parts a rim of its own.</li>
</ul>
<h2>The three lines read first</h2>
<p>Before anyone sees your layout they see a sender, a subject and a line of preview. Let the sender be a name people
know. Let the subject hold the one fact that tells this message from the last: “Your lesson: How a message travels”
and not “Please confirm”. And let the first sentence of the message be about the reader’s purpose, because that is the
preview. “Having trouble viewing this email?” is a poor way to begin a conversation.</p>
<h2>Headers worth their line</h2>
<ul>
<li><b>Reply-To</b>, or a From address that somebody reads. “noreply” tells people that you talk and do not
listen.</li>
<li><b>Auto-Submitted: auto-generated</b> asks holiday responders to stay quiet.</li>
<li><b>List-Unsubscribe</b> with <b>List-Unsubscribe-Post</b> gives newsletters a button in the mail program itself.
Somebody who finds no way out presses “junk”, which costs you far more. A message that a person asked for a moment ago
does not need one.</li>
</ul>
""",
        ),
        (
            "callout",
            {
                "kind": "tip",
                "heading": "Your turn",
                "text": "<p>Take the message your site sends most often and delete its HTML part. Read what is left "
                "aloud. Can you still do what it asks? Mend the text until you can, and only then look at the "
                "HTML.</p>",
            },
        ),
    ),
)
