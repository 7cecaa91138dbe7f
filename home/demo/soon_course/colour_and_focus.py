"""How to choose colours by measurement and keep the place of the keyboard in sight."""

from home.demo.schema import DemoLesson

COLOUR_AND_FOCUS = DemoLesson(
    slug="colour-and-focus",
    title="Colour, contrast and focus",
    summary="Contrast is arithmetic, so let a program do it. Then give the keyboard a ring that can be seen on every "
    "one of your backgrounds.",
    minutes=5,
    body=(
        (
            "rich_text",
            """
<p>A designer chooses a grey on a good screen in a dim room. It is read on a phone in the sun. Between the two lies
everything that is said about contrast, and the useful part of it is a number.</p>
<h2>The arithmetic</h2>
<p>Each colour has a <b>relative luminance</b> between 0 and 1: its red, green and blue, straightened from screen
values to amounts of light and weighted, because the eye finds green much brighter than blue. The contrast of two
colours is the ratio of their luminances, each raised a little to allow for light that falls on the screen.</p>
""",
        ),
        (
            "code",
            {
                "language": "python",
                "code": """\
def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


print(f"{contrast('#1f5f4a', '#ffffff'):.2f}")  # 7.52
print(f"{contrast('#d98e1f', '#ffffff'):.2f}")  # 2.68
""",
                "caption": "Put every pair that you really use through this, in a test.",
            },
        ),
        (
            "rich_text",
            """
<p>Text needs <b>4.5:1</b>. Large text, from about 24 pixels or 19 in bold, needs <b>3:1</b>, and so do the borders of
fields, icons that carry meaning, and the focus ring. Amber on white, the second example, is fit for none of these. As
a surface under dark text it is splendid: contrast belongs to pairs, never to a colour alone.</p>
<p>So name your colours by their job. A palette of “text”, “quiet text”, “surface” and “accent” has few pairs, all of
which can be measured. A palette of forty shades has some eight hundred, which cannot be.</p>
<h2>Never colour alone</h2>
<p>A red border does not say what is wrong to somebody who cannot tell red from green, nor to somebody who listens.
Add a word, a sign or a shape. Links inside a paragraph want an underline for the same reason.</p>
<h2>The ring</h2>
<p>Whoever works with a keyboard looks for the focus as you look for the pointer. To remove the outline is to hide the
pointer. Make it your own instead:</p>
""",
        ),
        (
            "code",
            {
                "language": "css",
                "code": """\
:focus-visible {
  outline: 3px solid #1f5f4a;
  outline-offset: 2px;
  box-shadow: 0 0 0 2px #fff;  /* a light edge within, for dark surfaces */
}

:target,
:focus {
  scroll-margin-top: 6rem;     /* never beneath a header that stays in place */
}

@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after {
    animation-duration: 0.01ms !important;
    scroll-behavior: auto !important;
    transition-duration: 0.01ms !important;
  }
}
""",
                "caption": "A ring for those who press keys, and peace for those who asked for it.",
            },
        ),
        (
            "rich_text",
            """
<p><b>:focus-visible</b> lets the browser decide who needs the ring: somebody who presses Tab does, somebody who
clicks a button mostly does not. Two colours, one dark and one light, can be seen on any background. And a header that
sticks to the top must not cover what has the focus; <b>scroll-margin-top</b> sees to that.</p>
<h2>Room for a thumb</h2>
<p>A target should measure at least <b>24 by 24</b> CSS pixels, or have that much space about it. For anything one
presses often, 44 is kinder: to a trembling hand, to a cold one, to a thumb on a moving train.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "tip",
                "heading": "Your turn",
                "text": "<p>Write down every pair of text and background that your site uses, and measure them all. "
                "Then take a screenshot, turn it to greyscale, and see what can no longer be told apart.</p>",
            },
        ),
    ),
)
