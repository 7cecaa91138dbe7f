"""How caches tell two responses apart, and how a shared cache can show one reader the page of another."""

from home.demo.schema import DemoLesson

OTHER_CACHES = DemoLesson(
    slug="other-caches",
    title="Vary, and the caches you do not own",
    summary="Between you and your reader stand caches run by other people. Learn how they tell two answers apart, and "
    "how a wrong key shows Karl the page of Ines.",
    minutes=7,
    body=(
        (
            "rich_text",
            """
<p>A cache is a cupboard with labels. When a request comes in, the cache works out a label and looks whether something
is in that drawer. Everything frightening about caching is the same accident: <b>two different things under one
label.</b></p>
<h2>The key</h2>
<p>The label is called the cache key. Unless told otherwise it is made of the method and the address: <b>GET
https://school.example/courses/?page=2</b>. It contains no cookie, no language, no name. If your page depends on any
of these, the cache does not know, and you have to tell it.</p>
<p><b>Vary</b> is how you tell it. It lists the request headers that changed your answer:</p>
""",
        ),
        (
            "code",
            {
                "language": "http",
                "code": """\
HTTP/1.1 200 OK
Cache-Control: max-age=300
Vary: Accept-Encoding, Accept-Language
Content-Language: de
Content-Encoding: br
""",
                "caption": "A drawer for each pair of encoding and language.",
            },
        ),
        (
            "rich_text",
            """
<p>Now somebody who prefers French is not handed the German page. But look at what you have asked for.
<b>Accept-Language</b> comes in thousands of spellings, and each is a drawer of its own. The cache is correct, full,
and almost never useful. Three better ways, in order:</p>
<ol>
<li><b>Put the difference into the address.</b> <b>/de/courses/</b> and <b>/fr/courses/</b> need no Vary, can be
linked to, and are found by search engines.</li>
<li><b>Reduce the header before it becomes part of the key.</b> Many CDNs can boil a header down to “de”, “fr” or
“other”.</li>
<li><b>Take the difference out of the page.</b> A catalogue with one personal name in the corner is a shared page and
a small private fragment. Serve them apart.</li>
</ol>
<p><b>Vary: Cookie</b> deserves a word of its own, because frameworks add it whenever a session is looked at. Every
visitor has a different cookie, so nothing is shared any longer. It is safe and it is the end of caching. If a page
ought to be shared, see to it that nobody opens the session while it is made.</p>
<h2>Who is in between?</h2>
<ul>
<li>The <b>browser</b>: private, for one person. You reach it through headers only.</li>
<li>A <b>service worker</b>, if you have one. It is a program and obeys no header unless you wrote it so.</li>
<li>A <b>proxy</b> at a company or a school that inspects encrypted traffic. Rare, and seldom up to date.</li>
<li>Your <b>CDN</b>: shared, with hundreds of separate cupboards, and rules in a control panel that may override your
headers.</li>
<li>Your own <b>reverse proxy</b>: shared, near, and easy to forget.</li>
</ul>
<p>A CDN can take orders of its own. <b>CDN-Cache-Control</b> speaks to CDNs only and beats Cache-Control there, so
that one response may say “a day for you, whom I can purge; a minute for browsers, which I cannot”. Several CDNs also
let you label responses and purge by label, so that saving one course removes it, the catalogue and the home page, and
nothing else.</p>
<h2>How Karl gets the page of Ines</h2>
<p>Three ways, and the defence against each.</p>
<p><b>The cookie in the drawer.</b> A shared page happens to be the first one Ines sees, and the answer carries
<b>Set-Cookie</b> with her new session. It is stored, header and all. Karl gets the page and the session.
<i>Defence:</i> what may be shared sets no cookie. Make it a test.</p>
""",
        ),
        (
            "code",
            {
                "language": "python",
                "code": """\
import pytest


@pytest.mark.parametrize("path", ["/", "/courses/", "/courses/open-course/"])
def test_shared_page_is_the_same_for_everyone(client, path):
    response = client.get(path)

    assert "Set-Cookie" not in response.headers and not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()


@pytest.mark.parametrize("path", ["/account/", "/courses/paid-course/locked/"])
def test_personal_page_is_kept_nowhere(client, path):
    response = client.get(path)

    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
""",
                "caption": "Two short tests that are worth more than any amount of care.",
            },
        ),
        (
            "rich_text",
            """
<p><b>The file that is not one.</b> Karl sends Ines a link to <b>/account/picture.css</b>. The application ignores the
ending and shows her account. The CDN has a rule, “keep everything that ends in .css”, and keeps it. Karl opens the
same address. This is called <i>web cache deception</i>. <i>Defence:</i> an address that is unknown is a 404, and no
rule at the CDN overrules <b>no-store</b>.</p>
<p><b>The header nobody labelled.</b> The application builds links from <b>X-Forwarded-Host</b>. Somebody sends a
request with a name of his own in it; the answer, full of links to his site, goes into the ordinary drawer, because
that header is no part of the key. This is <i>cache poisoning</i>. <i>Defence:</i> build addresses from your own
settings, and let the outermost server remove headers it did not write itself.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "note",
                "heading": "One rule behind all three",
                "text": "<p>Whatever may change the answer is part of the key, or is removed before it reaches the "
                "application. And a response that depends on <i>who</i> is asking is never shared, however "
                "convenient the key.</p>",
            },
        ),
        (
            "rich_text",
            """
<h2>Your turn</h2>
<p>Take the most visited page of your site. Write down everything in the request that could change a byte of it:
cookies, language, the time, a query parameter from an advert. For each one decide: into the address, into Vary, or
out of the page. If the list is empty, the page is ready for any cache in the world.</p>
""",
        ),
    ),
)
