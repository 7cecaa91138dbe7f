"""The three DNS records that say who may send in a domain's name."""

from home.demo.schema import DemoLesson

WHO_MAY_SEND = DemoLesson(
    slug="locked",
    title="Who may send as you: SPF, DKIM and DMARC",
    summary="Three small DNS records decide whether a message in your name is believed. See what each one proves, "
    "where it breaks, and in which order to switch them on.",
    video="mail",
    minutes=8,
    body=(
        (
            "rich_text",
            """
<p>The film shows the message you have just met: asked for, sent, pressed. At the moment in the middle, when it
reaches the other side, the receiving server asks one question before any other. <b>Is this really from them?</b> It
has three places to look for an answer, and all three are records in your DNS.</p>
<h2>SPF: which machines may send</h2>
<p>The Sender Policy Framework is a list of machines, published as one TXT record on the domain of the
<b>envelope</b>.</p>
""",
        ),
        (
            "code",
            {
                "language": "zone",
                "code": """\
school.example.  3600  IN  TXT  "v=spf1 ip4:192.0.2.25 include:_spf.mailer.example -all"
""",
                "caption": "This one machine, and whichever ones our provider lists. Nobody else.",
            },
        ),
        (
            "rich_text",
            """
<p>The receiver knows which address is connecting and compares. Three things go wrong in practice:</p>
<ul>
<li><b>Two records.</b> A domain has exactly one SPF record. A second, added for a new provider, makes the result an
error, and then neither counts. Put both providers into one.</li>
<li><b>More than ten lookups.</b> Each <b>include</b>, <b>a</b>, <b>mx</b>, <b>exists</b> and <b>redirect</b> costs a
DNS query, and so do those inside what you include. After ten the receiver gives up with an error.</li>
<li><b>Forwarding.</b> When Ines forwards her old address to her new one, your message arrives from a machine that is
not on your list. SPF fails, and nobody did anything wrong.</li>
</ul>
<h2>DKIM: a seal on the letter</h2>
<p>DomainKeys Identified Mail does not ask who carries the letter. The sender signs the body and chosen headers with a
private key; the public key stands in DNS, under a name that the signature gives.</p>
""",
        ),
        (
            "code",
            {
                "language": "text",
                "code": """\
In the message:

DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
  d=school.example; s=s2026; h=from:to:subject:date:message-id;
  bh=Yd9u3w...; b=kPz8Qe...

In the DNS:

s2026._domainkey.school.example.  3600  IN  TXT  "v=DKIM1; k=rsa; p=MIIBIjANBgkq..."
""",
                "caption": "d is the signing domain, s the selector: together they say where to find the key.",
            },
        ),
        (
            "rich_text",
            """
<p>The seal survives forwarding, because it travels with the message. It breaks when somebody changes what was signed:
a mailing list that adds a footer, a gateway that rewrites links. Use keys of 2048 bits, and a new selector for each
new key. Publish the new one, switch signing over, and take the old record away a week later, when the last message
signed with it has been delivered.</p>
<h2>DMARC: what the reader sees must match</h2>
<p>There is a gap in both. SPF vouches for the envelope’s domain, DKIM for whatever stands after <b>d=</b>. Neither
need have anything to do with the <b>From</b> line, the only one a person reads. A swindler can pass SPF and DKIM
perfectly, for his own domain, beneath your name.</p>
<p>DMARC closes it with one word: <b>alignment</b>. A message passes if SPF <i>or</i> DKIM passes <i>and</i> the
domain that passed is that of the From line, or one related to it, such as <b>bounces.school.example</b> beside
<b>school.example</b>. One aligned proof is enough. That is why forwarding, which costs you SPF, need not cost you the
message.</p>
""",
        ),
        (
            "image",
            {
                "image": "three_checks.webp",
                "alt": "SPF vouches for the envelope’s domain and DKIM for the signing domain. Each is compared with "
                "the domain of the From line. If either of them passes and matches, DMARC passes.",
                "caption": "Two proofs and one comparison. A single proof that matches is enough.",
            },
        ),
        (
            "code",
            {
                "language": "zone",
                "code": """\
_dmarc.school.example.  3600  IN  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@school.example"
""",
                "caption": "The gentle beginning: change nothing, but send us the reports.",
            },
        ),
        (
            "rich_text",
            """
<p><b>p</b> is your request for what fails: <b>none</b> asks for no action, <b>quarantine</b> for the junk folder,
<b>reject</b> for refusal at the door. <b>rua</b> is where receivers send their daily summaries, in XML: which
machines sent in your name, and what became of it.</p>
<h2>The order that hurts nobody</h2>
<ol>
<li>List everything that sends in your name. You will forget the invoicing, the job adverts and the printer on the
second floor.</li>
<li>Publish SPF and turn on DKIM for each of them, signing with <i>your</i> domain and not the provider’s.</li>
<li>Publish DMARC with <b>p=none</b> and read the reports for some weeks. Whatever you forgot is in there.</li>
<li>When everything legitimate passes, move to <b>quarantine</b>, wait, and then to <b>reject</b>.</li>
</ol>
<p>Large mailbox providers no longer treat this as optional. Since 2024, Gmail and Yahoo have asked senders of bulk
mail for all three, and every sender for at least SPF or DKIM.</p>
""",
        ),
        (
            "callout",
            {
                "kind": "note",
                "heading": "What the three do not do",
                "text": "<p>They prove who is speaking, not that it is worth listening to. A newsletter nobody asked "
                "for goes to junk fully authenticated. Reputation is earned by sending what people asked for, at a "
                "steady pace, to addresses that exist.</p>",
            },
        ),
        (
            "rich_text",
            """
<h2>Your turn</h2>
<p>Take any message that a web site sent you and find the header <b>Authentication-Results</b>, in which the receiver
wrote down what it found: <b>spf=pass</b>, <b>dkim=pass</b>, <b>dmarc=pass</b>, each with the domain that it checked.
Then ask for your own domain’s records with <b>dig +short TXT _dmarc.example.org</b>, putting your domain in place of
ours. An empty answer is an answer too.</p>
""",
        ),
    ),
)
