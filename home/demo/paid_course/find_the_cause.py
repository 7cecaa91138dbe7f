"""A method for finding out which cache gave a stale answer, and why."""

from home.demo.schema import DemoLesson

FIND_THE_CAUSE = DemoLesson(
    slug="find-the-cause",
    title="Find out who answered",
    summary="Somebody sees an old page. Six steps, always in the same order, lead from “it works for me” to the one "
    "line that has to change.",
    minutes=7,
    body=(
        (
            "rich_text",
            """
<p>“I still see the old price.” You open the page and see the new one. What now? The tempting thing is to purge
everything and ask her to try again. It often helps and teaches you nothing: the evidence is gone and the cause is
not. Here is a method that takes ten minutes and leaves you with a reason.</p>
<h2>Step one: say what you expect</h2>
<p>Before you look, write one sentence: <i>“This page may be kept by anyone for 60 seconds, and after that it is
checked by its ETag.”</i> Without an expectation every header looks plausible.</p>
<h2>Step two: ask the origin</h2>
<p>Go round every cache and ask the server itself. <b>curl</b> can send the right name to any address:</p>
""",
        ),
        (
            "code",
            {
                "language": "bash",
                "code": """\
# Straight to the origin, past the CDN
curl -sS -o /dev/null -D - --resolve school.example:443:192.0.2.25 https://school.example/courses/

# The ordinary way, twice
curl -sS -o /dev/null -D - https://school.example/courses/
curl -sS -o /dev/null -D - https://school.example/courses/
""",
                "caption": "GET, not HEAD: some caches treat the two differently.",
            },
        ),
        (
            "rich_text",
            """
<p>If the origin is already wrong, stop. It is not a caching problem, and half of all caching problems end here.
Perhaps the new version was never deployed on one of two servers. Perhaps the page is put together from a cache
<i>inside</i> the application.</p>
<h2>Step three: ask the way a visitor does</h2>
<p>Now the ordinary way, twice. Compare both with the origin’s answer:</p>
<ul>
<li><b>Age</b> present and growing: a shared cache answered. No Age: the origin did, or the CDN hides it.</li>
<li><b>Cache-Status</b>, where you have it, says who and why in plain words: <b>ExampleCDN; hit; ttl=12</b>. Older
products have <b>X-Cache</b> and similar, each with a vocabulary of its own.</li>
<li><b>Cache-Control</b> differs from the origin’s? Then a rule in between rewrites it. Look in the control panel
before you look in the code.</li>
<li><b>ETag</b> differs from one request to the next although nothing has changed? Two servers name their versions
differently. Every question is then answered with a full page.</li>
</ul>
<h2>Step four: ask the second question yourself</h2>
""",
        ),
        (
            "code",
            {
                "language": "bash",
                "code": """\
etag=$(curl -sS -o /dev/null -w '%header{etag}' https://school.example/courses/)
curl -sS -o /dev/null -w '%{http_code}\\n' -H "If-None-Match: $etag" https://school.example/courses/
# 304: validation works.  200: it does not, and each check costs a whole page.
""",
                "caption": "The variable %header needs curl 7.84 or newer.",
            },
        ),
        (
            "rich_text",
            """
<p>A <b>200</b> here has a handful of usual causes: the page contains something that differs each time, such as a CSRF
token or the time of day; the ETag is computed before compression and taken off after it; or nobody connected the
validator to the answer at all.</p>
<h2>Step five: look from where the reader sits</h2>
<p>If all is well so far, the old copy is hers. Ask for three things, in this order: the time on the page if it shows
one, a private window, and the network panel of the browser with the response headers of that request. The panel also
tells where it came from:</p>
<ul>
<li><b>disk cache</b> or <b>memory cache</b>: her browser, and it still thinks the copy is fresh. What lifetime did
you send <i>last week</i>?</li>
<li><b>service worker</b>: a program of yours answered. Headers have nothing to do with it.</li>
<li>nothing unusual after pressing <b>Back</b>: a page kept alive in memory, for which nobody was asked at all.</li>
</ul>
<h2>Step six: change one thing, then keep it so</h2>
<p>Correct the header first, then purge. The other way round, the cache fills up again with the same mistake. Then
write the expectation of step one as a test, so that next month’s refactoring has to argue with it.</p>
""",
        ),
        (
            "code",
            {
                "language": "python",
                "code": """\
def test_catalogue_is_checked_after_a_minute(client):
    first = client.get("/courses/")
    assert "max-age=60" in first.headers["Cache-Control"]

    again = client.get("/courses/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
""",
                "caption": "Step one, written so that a machine reads it before every release.",
            },
        ),
        (
            "rich_text",
            """
<h2>Symptoms and first suspects</h2>
<ul>
<li><b>Old for some, new for others:</b> no lifetime was stated, or each cupboard of the CDN is at a different
age.</li>
<li><b>Old after every release, then fine:</b> a file without a digest in its name.</li>
<li><b>Signed out again after signing in:</b> the refusal was kept. It wants <b>no-store</b>.</li>
<li><b>A fragment where a page should be:</b> one address gives two shapes and does not <b>Vary</b> on the header that
chooses between them.</li>
<li><b>Somebody else’s name:</b> treat it as a breach, not as a bug. Turn the shared cache off for that address first
and investigate afterwards.</li>
</ul>
""",
        ),
        (
            "callout",
            {
                "kind": "tip",
                "heading": "Your turn",
                "text": "<p>Practise while nothing is on fire. Take a page that works and go through steps one to "
                "four. You will either be able to say, in one sentence, how it is cached, or you will have found "
                "next month’s report before it was written.</p>",
            },
        ),
    ),
)
