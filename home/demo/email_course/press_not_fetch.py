"""Why machines open the links in a message, and how to build and test links that survive it."""

from home.demo.schema import DemoLesson

PRESS_NOT_FETCH = DemoLesson(
    slug="press-not-fetch",
    title="Machines open links, people press buttons",
    summary="A scanner opened your one-time link before Ines did, and now it is spent. Build links that survive being "
    "opened, and a test that proves they do.",
    minutes=7,
    body=(
        (
            "rich_text",
            """
<p>The report always sounds the same: “The link says it has already been used, but I only just got the message.” You
try it yourself and it works. Ines tries again and it fails. She is right, and so is your code. Somebody else was
there first.</p>
<h2>Who opens links before people do?</h2>
<ul>
<li><b>Security gateways</b> at companies and universities. They fetch every link in a message, sometimes from a real
browser that runs scripts, and some of them fetch it again at the moment of the click.</li>
<li><b>Previews</b> in mail and chat programs, which want a title and a picture.</li>
<li><b>Browsers</b> that load a page in advance because you are likely to go there next.</li>
<li><b>People</b> who forward the message to a colleague: “is this one real?”</li>
</ul>
<p>None of them is at fault. HTTP says that <b>GET</b> and <b>HEAD</b> are <i>safe</i>: whoever sends one asks to look
and does not ask for anything to be changed. A link that spends a token on GET has broken that promise, and the
scanner has merely found it out.</p>
<h2>The repair: look with GET, act with POST</h2>
<p>Let the link open a page with one button on it, and let the button do the work. Machines follow links by the
million. They do not press buttons, because a button might buy something.</p>
""",
        ),
        (
            "code",
            {
                "language": "python",
                "code": """\
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    if request.method != "POST":
        # The same page for every secret, valid or not: looking changes nothing and tells nothing.
        return render(request, "confirm.html")
    token = Token.objects.spend(secret)
    if token is None:
        return render(request, "expired.html", status=410)
    sign_in(request, token.email)
    return redirect(token.next_page)
""",
                "caption": "Looking is free. Only the button spends the token.",
            },
        ),
        (
            "rich_text",
            """
<p>Two details carry weight. The page must not press its own button from a script: a scanner with a real browser would
press it too. And <b>spend</b> has to be a single conditional update, so that two presses at the same instant give one
success and one refusal.</p>
""",
        ),
        (
            "code",
            {
                "language": "sql",
                "code": """\
UPDATE token
   SET spent_at = :now
 WHERE digest = :digest
   AND spent_at IS NULL
   AND expires_at > :now;
-- One row changed: you were first. No row changed: you were not, or it was too late.
""",
                "caption": "Do not look and then write. Write on a condition, and count the rows.",
            },
        ),
        (
            "rich_text",
            """
<p>Keep the digest of the secret in the database and never the secret itself, so that whoever steals a backup cannot
open anybody’s door. And offer a way round the link altogether: a short code beside it, typed into the page that is
already open, works when the message is read on a phone and the lesson is open on a computer.</p>
<h2>Test the message, not the call</h2>
<p>Many tests stop at “send was called once”. The faults of this course all live further on, so let the test have the
message itself. Write mail to files or keep it in memory, then read it as a mail program would.</p>
""",
        ),
        (
            "code",
            {
                "language": "python",
                "code": """\
import re
from email import message_from_bytes, policy


def parts(raw: bytes) -> tuple[str, str]:
    message = message_from_bytes(raw, policy=policy.default)
    text = message.get_body(preferencelist=("plain",))
    html = message.get_body(preferencelist=("html",))
    return text.get_content(), html.get_content()


def test_link_survives_a_scanner(client, sent_mail):
    text, html = parts(sent_mail)
    (link,) = re.findall(r"https?://\\S+", text)
    assert link in html

    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200

    assert client.post(link).status_code == 302
    assert client.post(link).status_code == 410
""",
                "caption": "A scanner opens the link six times. Afterwards the button still works, and works once.",
            },
        ),
        (
            "rich_text",
            """
<h2>What only a real mailbox can tell</h2>
<p>Before a release, and then every week, send the real message to a handful of real mailboxes at different providers
and look at four things:</p>
<ol>
<li>Did it arrive, and in the inbox? How long did it take?</li>
<li>What does <b>Authentication-Results</b> say?</li>
<li>How do the sender, the subject and the preview look on a phone?</li>
<li>Does the button work from inside the mail program’s own browser, which knows nothing of the session you began in
another?</li>
</ol>
<p>Then watch the numbers that receivers give you: bounces by code, the share of messages that go unpressed, and the
time from “asked for” to “pressed”. When that time doubles for a single provider, you have learned something that no
test on your own machine could have told you.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "tip",
                "heading": "Your turn",
                "text": "<p>Ask this site for a new message and fetch its link with <b>curl -I</b> as often as you "
                "like. Then press the button in your browser. Try the same with a site you built, ideally before its "
                "next customer does.</p>",
            },
        ),
    ),
)
