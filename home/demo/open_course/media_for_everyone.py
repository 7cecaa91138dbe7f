"""How to describe a picture, caption a film and choose colours so that nobody is left out of a lesson."""

from home.demo.schema import DemoLesson

MEDIA_FOR_EVERYONE = DemoLesson(
    slug="media-for-everyone",
    title="Pictures and films that everyone can use",
    summary="Alt text, captions, transcripts and contrast, each with an example of doing it badly and doing it well. "
    "With a checklist on one page to keep beside you.",
    minutes=7,
    section="Making it work for everyone",
    body=(
        (
            "rich_text",
            """
<p><b>The question of this lesson:</b> if somebody cannot see the picture or hear the film, does she still get the
lesson?</p>
<p>Keep three people in mind. Ines is blind and listens to pages with a screen reader. Karl lost most of his hearing
at fifty. Mira sees and hears perfectly and is on a bus with a cracked phone and no headphones. Everything below
serves at least two of them, and usually all three.</p>
<h2>Alt text: what would you say on the phone?</h2>
<p>Imagine reading the lesson to a friend down the line. You come to the picture. What do you say? You would not say
“image of a chart”. You would say what it shows that matters here.</p>
<ul>
<li><b>Poor:</b> “Chart of results.” Ines learns that there is something she is missing.</li>
<li><b>Poor too:</b> “A bar chart in green and orange, with a thin grey grid.” True, and no use.</li>
<li><b>Good:</b> “Of 200 learners, 164 finished the short lesson and 71 the long one.” She has what Mira has.</li>
</ul>
<p>The same picture deserves different words in different places, because the purpose differs. In a lesson about
drawing charts, the thin grey grid might be exactly the point.</p>
<p>Three cases are easily got wrong. A picture that only <b>decorates</b> takes empty alt text, so that it is passed
over in silence. A picture <b>inside a link</b> is described by where the link goes, not by what it looks like. And a
<b>complicated</b> picture gets its conclusion in the alt text, and its details in the lesson itself, where everyone
can use them.</p>
<h2>Captions: all that is heard, not only what is said</h2>
<p>Captions are written for people who do not hear the sound at all. So they carry speech, who is speaking when that
is not plain to see, and any sound that means something.</p>
""",
        ),
        (
            "code",
            {
                "language": "text",
                "code": """\
WEBVTT

00:00.500 --> 00:03.000
[kettle begins to whistle]

00:03.200 --> 00:06.400
<v Noor>That is the sound we are waiting for:
take it off the heat now.

00:06.600 --> 00:09.200
Off the heat, and leave the lid on.
""",
                "caption": "Captions in WebVTT. Each cue is a time span and what is heard in it.",
            },
        ),
        (
            "rich_text",
            """
<p>Automatic captions are a fair first draft and a bad last one: they stumble over names, numbers and the technical
words of the subject, which are the very words your lesson is there to teach. Correct them, and while you do so:</p>
<ul>
<li>Keep to two lines of about forty characters, and break a line where a speaker would breathe.</li>
<li>Give a cue at least a second on the screen, and more when it is long. Twenty characters a second is already
hurried; fifteen is comfortable.</li>
<li>Let a cue begin with the voice. Captions that give a punch line away early are a small theft.</li>
</ul>
<h2>Transcripts: the film as a page</h2>
<p>A transcript has what the captions have and, in brackets, what is only <i>seen</i>: “Noor tilts the pot; the rice
no longer moves.” That makes the film usable for somebody who is both deaf and blind and reads with her fingers, and
it is searchable, quotable, and quicker than the film for anyone who wants only the third step. If you say aloud what
you do as you do it, there is little left to put in brackets, and Ines can follow the film itself.</p>
<h2>Contrast: measure it</h2>
<p>Eyes differ and so do screens, so contrast is a number and not a matter of taste. It runs from 1:1, the same colour
twice, to 21:1, black on white. The Web Content Accessibility Guidelines ask for at least <b>4.5:1</b> for text,
<b>3:1</b> for large text, and 3:1 for the lines and shapes one has to make out in a diagram.</p>
""",
        ),
        (
            "image",
            {
                "image": "contrast_pairs.webp",
                "alt": "Four samples of the same word on paper white, with their contrast. Pale grey, 2.2 to 1, and "
                "amber, 2.5 to 1, are marked as too faint for text. Mid grey, 5.4 to 1, and pine green, 7.0 to 1, "
                "pass.",
                "caption": "The same word four times. Only two of these are fit to be read.",
            },
        ),
        (
            "rich_text",
            """
<p>And never let colour speak alone. “The lines in green are correct” says nothing to roughly one man in twelve. “The
lines with a tick are correct”, with the tick in green if you like, says it to everybody.</p>
<h2>Things that move</h2>
<p>Nothing should start to sound by itself. Whatever moves for more than five seconds beside the text needs a way to
stop it, and nothing may flash more than three times a second: for some people that is not a nuisance but a
seizure.</p>
""",
        ),
        (
            "document",
            {"document": "lesson_checklist.pdf", "label": "The lesson checklist: one page, to print or keep open"},
        ),
        (
            "callout",
            {
                "kind": "tip",
                "heading": "Your turn",
                "text": "<p>Watch your own film without sound, then listen to it without looking. Write down what "
                "was lost each time. The first list is your captions, the second is what to say aloud when you film "
                "it again, or what to add to the transcript until you do.</p>",
            },
        ),
    ),
)
