"""What each Cache-Control directive asks of whom, and the five combinations that serve nearly every response."""

from home.demo.schema import DemoLesson

CACHE_CONTROL = DemoLesson(
    slug="locked",
    title="Say what you mean with Cache-Control",
    summary="no-cache caches, and private is not secret. Read the directives by the question each one answers, and "
    "choose from five recipes instead of copying eight words.",
    video="cache",
    minutes=8,
    body=(
        (
            "rich_text",
            """
<p>You have seen this one before, and possibly pasted it:</p>
""",
        ),
        (
            "code",
            {
                "language": "text",
                "code": """\
Cache-Control: no-cache, no-store, must-revalidate, max-age=0, private, pre-check=0, post-check=0
Pragma: no-cache
Expires: 0
""",
                "caption": "The header of somebody who was bitten once and never learned by what.",
            },
        ),
        (
            "rich_text",
            """
<p>It works in the way that pulling out every plug stops a noise. Let us put them back one at a time. The film shows
one copy through its three states, <b>fresh</b>, <b>stale</b> and <b>confirmed</b>; each directive below acts on one
of those moments. Sort them by the question they answer and there is little to memorise.</p>
<h2>Who may keep it?</h2>
<ul>
<li><b>no-store</b>: nobody. Not the browser, not on disk, not for a second. It is the only directive that forbids
keeping. It does not reach backwards, though: a copy stored yesterday stays where it is.</li>
<li><b>private</b>: the browser of this one reader, but no cache shared with others. It says nothing about secrecy on
the way; that is the work of TLS.</li>
<li><b>public</b>: any cache, even where it would hold back by itself, for example because the request carried an
<b>Authorization</b> header. You seldom need it: a response with a <b>max-age</b> may be stored by shared caches
already.</li>
</ul>
<h2>For how long without asking?</h2>
<ul>
<li><b>max-age=N</b>: N seconds, for everyone.</li>
<li><b>s-maxage=N</b>: N seconds for shared caches, which then ignore max-age. Ten minutes on a CDN you can purge and
none in browsers you cannot: <b>max-age=0, s-maxage=600</b>.</li>
<li><b>immutable</b>: while it is fresh, do not ask even when the reader reloads.</li>
</ul>
<h2>And when the time is over?</h2>
<ul>
<li><b>no-cache</b>: keep it, but ask before <i>every</i> use. The name is a misfortune. Read it as “no using without
checking”.</li>
<li><b>must-revalidate</b>: once it is stale, ask, and if nobody answers give an error rather than the old copy. While
it is fresh, it changes nothing.</li>
<li><b>stale-while-revalidate=N</b>: for N seconds past the date, answer with the old copy at once and ask in the
background. One reader sees something a little old so that nobody waits.</li>
<li><b>stale-if-error=N</b>: for N seconds past the date, the old copy is better than a failure. A site that is down
for five minutes need not look it.</li>
</ul>
<h2>Five recipes</h2>
<p>Nearly every response of a web site is one of these. Choose by what the response <i>is</i>, never by which view
happens to produce it.</p>
""",
        ),
        (
            "code",
            {
                "language": "text",
                "code": """\
# 1. A file with a digest in its name
Cache-Control: max-age=31536000, immutable

# 2. A page that is the same for everyone and must be right
Cache-Control: no-cache
ETag: "7f3a"

# 3. A page that is the same for everyone and may lag a minute
Cache-Control: max-age=60, stale-while-revalidate=600, stale-if-error=86400
ETag: "7f3a"

# 4. A page for one reader, harmless in her own browser
Cache-Control: private, no-cache
ETag: "7f3a-u81"

# 5. A page that must be in no cache at all
Cache-Control: private, no-store
""",
                "caption": "Everything else in this course explains why there are five and not eight.",
            },
        ),
        (
            "rich_text",
            """
<p>Why <b>private</b> in the fifth, when <b>no-store</b> forbids everything already? For the sake of the cache that
was configured to “override origin headers” by somebody who tested it on a home page. Two locks of different makes are
a sensible thing on a door that matters, and two are enough.</p>
<p>Notice too what belongs in the fifth group and is easily forgotten: the page that <b>refuses</b>. A sign-in form
served at the address of a lesson must not be kept any more than the lesson itself, or the reader who has just signed
in is shown the form again, from the copy in her browser.</p>
<h2>In code</h2>
<p>Say it in one place, as close to the decision as possible, and let nothing leave without an answer:</p>
""",
        ),
        (
            "code",
            {
                "language": "python",
                "code": """\
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition


@cache_control(max_age=60, stale_while_revalidate=600)
@condition(etag_func=lambda request: catalogue_version())
def catalogue(request: HttpRequest) -> HttpResponse:
    return render(request, "catalogue.html")


@cache_control(private=True, no_store=True)
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "account.html")
""",
                "caption": "The inner decorator answers 304 before rendering; the outer one labels that, too.",
            },
        ),
        (
            "callout",
            {
                "kind": "warning",
                "heading": "The year that cannot be taken back",
                "text": "<p>A long max-age on an address whose contents <i>can</i> change is the one mistake here that "
                "you cannot repair from the server. You may purge a CDN; you cannot purge ten thousand phones. "
                "Give a new version a new address, or keep the lifetime short.</p>",
            },
        ),
        (
            "rich_text",
            """
<h2>Your turn</h2>
<p>List the kinds of response your site gives: files, pages for everyone, pages for one, redirects, refusals, errors.
Write a number from one to five beside each. Then look at what it really sends. Redirects and errors are where people
are surprised most: a <b>301</b> and a <b>404</b> may be kept on a guess, exactly like a page.</p>
""",
        ),
    ),
)
