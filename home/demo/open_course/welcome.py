"""Why this course exists, and how a visitor reaches the lessons of this site."""

from home.demo.schema import DemoLesson

WELCOME = DemoLesson(
    slug="welcome",
    title="Welcome, and how this site works",
    summary="Half a minute of film shows how every lesson here is reached, with or without your address. Then choose "
    "the one lesson of your own that you will mend along the way.",
    video="welcome",
    chapters=((0, "Open lessons"), (9, "Lessons that ask for your address"), (28, "Three kinds of door")),
    minutes=4,
    section="Start here",
    body=(
        (
            "rich_text",
            """
<p>Think of the last online course you started. Now think of the last one you finished. If the second took longer to
remember, you already know what this course is about.</p>
<p>People rarely leave a lesson because it is too hard. They leave because they cannot tell what it is for, because it
has gone on for forty minutes and nothing has been asked of them, or because the film has no captions and the train is
loud. Each of those is a fault of the lesson, and each can be put right in an afternoon. This course takes three of
them in turn.</p>
<h2>What you will be able to do</h2>
<ul>
<li><b>Plan</b> a lesson around one question, and cut what does not help to answer it.</li>
<li><b>Teach</b> with worked examples that fade, until the learner is working alone.</li>
<li><b>Publish</b> pictures and films that work for somebody who cannot see them, or cannot hear them, or is simply on
a bus.</li>
</ul>
<p>The course takes about half an hour to read. It takes longer to do, and doing is the point: choose one lesson of
your own before you go on, the one that people ask most questions about, and keep it open beside you.</p>
<h2>Three kinds of door</h2>
<p>The film above shows how a lesson is reached. In words:</p>
<ul>
<li>An <b>open</b> lesson opens. You are reading one.</li>
<li>A lesson that <b>asks for your address</b> shows what it is about and one field to fill in. Type your email
address and one message is on its way, with a button and a six-digit code. Press the button and confirm on the page it
opens, or type the code into the page that is waiting, and you are at the lesson you asked for.</li>
<li>A lesson of a <b>bought</b> course shows what it is about. Your purchase belongs to your address: verify that
same address in any browser, and the lessons are open.</li>
</ul>
<p>In a course that asks for something, look for the lesson marked as a free preview. It is a whole lesson, never half
of one, and it is there so that you can judge the course before you give anything.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "note",
                "heading": "There is no password, on purpose",
                "text": "<p>A verified address is all there is to an account here. The button in the message works "
                "once and for a short while only, so an old message found in a mailbox opens nothing. If it has "
                "expired, ask again; it costs nothing.</p>",
            },
        ),
        (
            "rich_text",
            """
<h2>What the site remembers</h2>
<p>Once you have verified your address, this browser is known for a few days, and for some hours after your last visit.
Another browser asks for your address again. What you watch, and where you stop, is kept under your address: go on
anywhere, under <b>My learning</b>, and turn it off there if you like. On a computer that you share, sign out when you
leave: the link is under your address, at the top.</p>
<p>Some courses are announced before they open. They say <b>coming soon</b> and show what they will teach.</p>
<h2>How to read a lesson</h2>
<p>Every lesson in this course begins with a question and ends with something to do. Between the two there is an
example you can check. Should you have five minutes only, read the question, skip to the exercise and try it; whatever
stops you is the part you need to read. That is an honest way through any course, and a good test of this one.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "tip",
                "heading": "Trying Lectern on your own computer?",
                "text": "<p>With the settings for development, mail does not leave your machine. Ask for the lessons "
                "of “Email that arrives” with any address you like and read the message at <b>/dev/mail/</b>.</p>",
            },
        ),
    ),
)
