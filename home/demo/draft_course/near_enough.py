"""How to measure that two words are nearly the same, and when to stop saying so."""

from home.demo.schema import DemoLesson

NEAR_ENOUGH = DemoLesson(
    slug="near-enough",
    title="How near is near enough?",
    summary="Cut words into threes, count what they share, and choose a threshold you have measured. Then rank, "
    "because forgiving is not the same as forgetting.",
    minutes=4,
    body=(
        (
            "rich_text",
            """
<p>“Accesibility” lacks an s. Compared letter by letter it goes wrong from the sixth letter on, and yet everyone knows
what was meant. We need a comparison that takes a small mistake to be small, wherever it stands.</p>
<h2>Words in threes</h2>
<p>Cut a word into all its runs of three letters, with a blank at either end so that the beginning counts. A single
wrong letter spoils at most three of them; the rest still agree. The measure is what the two words share, divided by
all there is.</p>
""",
        ),
        (
            "code",
            {
                "language": "python",
                "code": """\
def trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def similarity(one: str, other: str) -> float:
    a, b = trigrams(one), trigrams(other)
    return len(a & b) / len(a | b)


print(f"{similarity('accesibility', 'accessibility'):.2f}")  # 0.80
print(f"{similarity('cashing', 'caching'):.2f}")              # 0.45
print(f"{similarity('mail', 'main'):.2f}")                    # 0.43
""",
                "caption": "A typing mistake, a mishearing, and two different words.",
            },
        ),
        (
            "rich_text",
            """
<p>Look at the last two lines. “Cashing” for “caching” should be forgiven, and “mail” for “main” should not, yet they
are almost equally alike. No single threshold can tell them apart. Three habits help:</p>
<ul>
<li><b>Short words are exact.</b> Below five letters a single letter is a different word. Forgive nothing there.</li>
<li><b>Exact comes first.</b> Whatever contains the word as it was typed stands above all that is merely like it.</li>
<li><b>Forgive only in need.</b> If the exact search found enough, show that. If it found nothing, search again and
say so: “Showing results for <i>caching</i>”.</li>
</ul>
<h2>Measure, or you are guessing</h2>
<p>Write thirty searches in a file, each with the page it ought to find. After every change count two things: how
often the right page is among the first three, and how often a search that should find nothing finds something. The
first number rises whenever you forgive more. The second tells you when to stop.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "tip",
                "heading": "Your turn",
                "text": "<p>Take the searches left over from the last lesson and find the threshold at which most of "
                "them succeed. Then search for a word you certainly do not have. What comes back?</p>",
            },
        ),
    ),
)
