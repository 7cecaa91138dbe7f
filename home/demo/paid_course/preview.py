"""The two questions a cache asks, on which everything else rests."""

from home.demo.schema import DemoLesson

PREVIEW = DemoLesson(
    slug="preview",
    title="Fresh is not the same as valid",
    summary="A cache asks two questions and most bugs come from mixing them up. Learn them once, and the headers read "
    "like sentences.",
    free_preview=True,
    minutes=6,
    body=(
        (
            "rich_text",
            """
<p>A baker writes “best before Tuesday” on a loaf. On Monday you eat it without a thought. On Wednesday you do not
throw it away: you look at it, smell it, perhaps ask the baker, and very likely it is still good. Two different
questions, then. <b>Has the date passed?</b> And, if so, <b>is it still good?</b> HTTP caching is those two questions,
and much confusion is the second one answered with the first.</p>
<h2>Fresh: may I use it without asking?</h2>
<p>A stored response is <b>fresh</b> while its age is less than its lifetime. The origin, the server the response
comes from, states the lifetime in seconds. While a copy is fresh a cache may answer from it at once, and the origin
hears nothing of it.</p>
""",
        ),
        (
            "code",
            {
                "language": "http",
                "code": """\
HTTP/1.1 200 OK
Date: Tue, 03 Mar 2026 09:00:00 GMT
Cache-Control: max-age=600
ETag: "7f3a"
Content-Type: text/html; charset=utf-8
""",
                "caption": "Fresh until 09:10. Until then nobody needs to ask.",
            },
        ),
        (
            "rich_text",
            """
<p>Mind what <b>max-age</b> is: a promise made in advance. Send <b>max-age=600</b>, correct a mistake a minute later,
and for nine more minutes the old page is not an error of the cache. You said it was good until ten past.</p>
<p>When a shared cache passes a copy on, it adds <b>Age</b>: how many seconds ago the response was made or last
confirmed. A copy with <b>Age: 400</b> and a lifetime of 600 has 200 seconds left, wherever it has spent the
others.</p>
<h2>Valid: is it still what you would send me?</h2>
<p>When the lifetime is over the copy is <b>stale</b>. It is not wrong; it is merely no longer promised. The cache may
now ask, and it does not ask “send it again” but “is mine still right?” For that it needs a <b>validator</b>: a name
for this exact version. <b>ETag</b> is such a name. <b>Last-Modified</b> is the older kind, a date that counts whole
seconds.</p>
""",
        ),
        (
            "code",
            {
                "language": "http",
                "code": """\
GET /courses/ HTTP/1.1
Host: school.example
If-None-Match: "7f3a"


HTTP/1.1 304 Not Modified
Cache-Control: max-age=600
ETag: "7f3a"
""",
                "caption": "“Has it changed since 7f3a?” “No. Keep yours, for ten more minutes.”",
            },
        ),
        (
            "rich_text",
            """
<p>A <b>304</b> has no body. A page of 80 kilobytes was confirmed with some two hundred bytes, and the copy is fresh
again: the new headers replace the stored ones and the clock begins anew. Had the page changed, the answer would have
been an ordinary 200 with the new version and its new ETag. The question costs one journey either way; what it saves
is the cargo.</p>
""",
        ),
        (
            "image",
            {
                "image": "cache_decision.webp",
                "alt": "A decision in three steps. Is there a copy? If not, fetch it from the origin. Is it fresh? If "
                "so, answer at once. Otherwise ask the origin whether it is still valid: 304 means keep the copy, 200 "
                "means replace it.",
                "caption": "Everything a cache decides. The rest of this course is about who chooses the words.",
            },
        ),
        (
            "rich_text",
            """
<h2>Four combinations, four uses</h2>
<ul>
<li><b>Long lifetime, no question:</b> for what never changes under its address, such as <b>app.4f1c2a.css</b>, whose
name contains a digest of its contents.</li>
<li><b>No lifetime, always the question:</b> for pages that must be right and are seldom different. Every view asks,
and most answers are a short 304.</li>
<li><b>A short lifetime, then the question:</b> for what is popular and may lag a little. A home page with sixty
seconds of freshness takes one request a minute through each cache, however many people are reading.</li>
<li><b>Neither:</b> for what must not be kept at all.</li>
</ul>
<h2>Saying nothing is saying something</h2>
<p>What if the origin states no lifetime? Then a cache may <b>guess</b>. The customary guess is a tenth of the time
since <b>Last-Modified</b>: a page last changed ten days ago may be held for a day. That is the usual cause of “it
only happens to some people”. Nobody set a lifetime, so every cache chose its own. A response without
<b>Cache-Control</b> is not neutral; it is a decision left to strangers.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "warning",
                "heading": "A reload proves nothing",
                "text": "<p>Reloading makes a browser ask the second question even where it would not have needed to, "
                "so you see a page that your visitors do not. To see what they see, follow a link, or type the "
                "address in a new tab.</p>",
            },
        ),
        (
            "rich_text",
            """
<h2>Your turn</h2>
<p>Run this against a page of your own, and read the answer as a sentence:</p>
""",
        ),
        (
            "code",
            {
                "language": "bash",
                "code": """\
curl -sS -o /dev/null -D - https://example.org/ |
  grep -iE '^(HTTP|date|age|cache-control|etag|last-modified|vary)'
""",
                "caption": "The seven lines that matter.",
            },
        ),
        (
            "rich_text",
            """
<p>“This may be kept for … seconds, by …, and then one asks with … whether it has changed.” A blank that you cannot
fill in is the one to look at first. The next lesson is about filling them in on purpose.</p>
""",
        ),
    ),
)
