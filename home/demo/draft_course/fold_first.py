"""How to take away the differences that do not matter before comparing."""

from home.demo.schema import DemoLesson

FOLD_FIRST = DemoLesson(
    slug="fold-first",
    title="Fold before you compare",
    summary="Capitals, accents and hyphens are differences nobody means. Take them away on both sides, once, and half "
    "of all failed searches succeed.",
    minutes=4,
    body=(
        (
            "rich_text",
            """
<p>“Café”, “cafe” and “CAFÉ” are three strings and one word. Before we worry about mistakes, let us stop treating
differences that nobody meant as if they were. That is called <b>folding</b>: the text and the question are both
brought into one plain form, and only the plain forms are compared.</p>
<h2>Four steps, in this order</h2>
""",
        ),
        (
            "code",
            {
                "language": "python",
                "code": """\
import re
import unicodedata

SPELT_OUT = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "æ": "ae", "Æ": "ae"}
)


def fold(text: str) -> str:
    text = text.translate(SPELT_OUT)              # letters that have no accent to remove
    text = unicodedata.normalize("NFKD", text)    # é becomes e and a separate accent
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(re.findall(r"\\w+", text.casefold()))


print(fold("Crème  Brûlée!"))         # creme brulee
print(fold("STRASSE"), fold("Straße"))  # strasse strasse
print(fold("e-mail"))                  # e mail
""",
                "caption": "One function for both sides. If the two ever differ, nothing is found.",
            },
        ),
        (
            "rich_text",
            """
<p>The first step is easily missed. Unicode takes “é” apart into a letter and an accent, but “ø” is not an o with
something on it; it is a letter of its own and has to be spelt out by hand. <b>casefold</b>, unlike <b>lower</b>, is
made for comparing and not for showing.</p>
<p>The last line of output is a decision. Should “email” find “e-mail”? Keep both forms, “e mail” and “email”, when
you store the text, and it will.</p>
<h2>Know whom you are folding for</h2>
<p>To an English reader, ö is an o with dots. To a Swede it is another letter, at the other end of the alphabet; to a
German it may also be written “oe”. A folded form is for finding, so be generous, and show what you found in its own
spelling.</p>
<h2>Fold once</h2>
<p>Fold when the text is saved and store the result in a column of its own. The question is then folded once for each
search, and the database compares plain text with plain text.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "tip",
                "heading": "Your turn",
                "text": "<p>Collect twenty searches that found nothing. Fold them and your titles, and count again. "
                "Keep the rest for the next lesson: those are the real mistakes.</p>",
            },
        ),
    ),
)
