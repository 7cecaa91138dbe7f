"""How to turn a topic into a question that one lesson can answer."""

from home.demo.schema import DemoLesson

ONE_QUESTION = DemoLesson(
    slug="one-question",
    title="One question per lesson",
    summary="A topic has no end, but a question has one. Turn the first into the second, and you will know what to "
    "write, what to cut and when to stop.",
    minutes=6,
    section="Planning a lesson",
    body=(
        (
            "rich_text",
            """
<p><b>The question of this lesson:</b> how do you decide what belongs in a lesson, and what does not?</p>
<p>“Backups” is a topic. You could write about backups for a year, and each paragraph would be true and on the
subject, and the reader would still not know when she is done. “Can I get back the file I deleted yesterday?” is a
question. It can be answered. When it is, the lesson is over, and both of you can tell.</p>
<h2>From topic to questions</h2>
<p>Write the topic at the top of a page. Beneath it write what people really ask, in their words and not in yours.
Letters, support mail and the silence after “any questions?” are good sources. For backups, the list might begin like
this:</p>
<ul>
<li>Can I get back the file I deleted yesterday?</li>
<li>What would be left if this laptop were stolen?</li>
<li>How do I know that my backup works before I need it?</li>
<li>Is a synchronised folder a backup?</li>
</ul>
<p>There are four lessons in that list, and a course. Notice how different they are. The first needs ten minutes and a
keyboard. The last needs one example in which synchronising faithfully deletes a file everywhere. Had all four been
one lesson, the ten minutes at the keyboard would have been lost in the middle.</p>
<h2>Three tests for a question</h2>
<ol>
<li><b>Would somebody ask it aloud?</b> “What are the characteristics of incremental strategies?” is a topic with a
question mark. Nobody has ever leaned over a desk to ask it.</li>
<li><b>Can the learner show the answer?</b> Restoring a file can be watched. “Understanding backups” cannot. Look for
a verb that leaves something behind: restore, choose, compare, write, repair.</li>
<li><b>Can it be answered in one sitting?</b> If the honest answer needs three other answers first, those are three
lessons, and they come before this one.</li>
</ol>
<h2>Write the end first</h2>
<p>Before the lesson exists, write the exercise that closes it, and then do the exercise yourself. What you needed to
know on the way is the content of the lesson. What you did not need is not, however fond of it you are. Put it in a
file called “later”; you will be surprised how seldom you open it.</p>
""",
        ),
        (
            "image",
            {
                "image": "lesson_anatomy.webp",
                "alt": "A lesson drawn as five stacked bands. From the top: the question; one example; the idea, which "
                "is the tallest band; your turn; the answer. A line leads from the answer back up to the question.",
                "caption": "The parts of a lesson. What closes it answers what opened it.",
            },
        ),
        (
            "rich_text",
            """
<p>The picture shows an order that works more often than not. The example comes <i>before</i> the idea, because an
idea is easier to hold when there is already something to attach it to. The idea is the longest part and still only
part of the lesson. Then it is the learner’s turn, and then there is an answer to check against.</p>
<h2>How long is too long?</h2>
<p>Rather than a number of minutes, watch for a second question. When you find yourself writing “it is also worth
knowing that”, the lesson has just ended and another one has begun. It is still kind to tell people what they are
letting themselves in for, though, and that can be worked out:</p>
""",
        ),
        (
            "code",
            {
                "language": "python",
                "code": """\
from math import ceil

WORDS_A_MINUTE = 200  # unhurried, on a screen
SECONDS_A_PICTURE = 15


def minutes(words: int, *, pictures: int = 0, film_seconds: int = 0) -> int:
    seconds = words / WORDS_A_MINUTE * 60
    seconds += pictures * SECONDS_A_PICTURE + film_seconds
    return ceil(seconds / 60)


print(minutes(700, pictures=1))  # 4
""",
                "caption": "An honest estimate of reading time. Rounding up is the honest part.",
            },
        ),
        (
            "callout",
            {
                "kind": "tip",
                "heading": "Your turn",
                "text": "<p>Take the lesson you chose. Write down, in one sentence and in the words of a learner, "
                "the question it answers. Then strike out the first paragraph that does not help to answer it. If "
                "you needed two sentences, you have found two lessons.</p>",
            },
        ),
    ),
)
