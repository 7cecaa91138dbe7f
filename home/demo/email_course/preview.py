"""What happens to a message between “send” and the mailbox."""

from home.demo.schema import DemoLesson

PREVIEW = DemoLesson(
    slug="preview",
    title="How a message travels",
    summary="Five stops lie between your code and a mailbox, and a message can wait, bounce or vanish at each. Learn "
    "what “sent” promises at every one of them.",
    free_preview=True,
    minutes=7,
    body=(
        (
            "rich_text",
            """
<p>Your code calls <b>send</b>, and the call returns without an error. What do you know now? Less than it seems: one
machine has agreed to try. This lesson follows a message from there to the mailbox, because nearly every fault you
will ever have to look for sits at one of the stops on the way.</p>
""",
        ),
        (
            "image",
            {
                "image": "mail_journey.webp",
                "alt": "Five stops joined by arrows, from top to bottom: your site hands the message over; the "
                "sending server queues it and tries again; DNS names the receiving server; the receiving server "
                "accepts or refuses; the filter chooses inbox or junk.",
                "caption": "Five stops. Only the first of them is yours.",
            },
        ),
        (
            "rich_text",
            """
<h2>The five stops</h2>
<ol>
<li><b>Submission.</b> Your program hands the message to a sending server, over SMTP with a password or over some
provider’s HTTP interface. Errors here are yours to see: a wrong password, a malformed address, a limit reached.</li>
<li><b>The queue.</b> The sending server stores the message and takes responsibility for it. From here on it works
without you.</li>
<li><b>The lookup.</b> It asks DNS where mail for the domain goes. The answer is a list of <b>MX</b> records, and the
lowest number is tried first.</li>
<li><b>The conversation.</b> It connects to the receiving server on port 25 and offers the message. The receiver
accepts, refuses for good, or says “not now”.</li>
<li><b>The filter.</b> An accepted message is weighed: inbox, junk, or, more seldom, quietly nowhere. Nothing obliges
the receiver to tell anyone which.</li>
</ol>
<h2>A conversation, overheard</h2>
<p>Stop four is worth reading once in the original. <b>S</b> is the receiving server and <b>C</b> the one that wants
to deliver. Modern servers turn on encryption first, which is left out here.</p>
""",
        ),
        (
            "code",
            {
                "language": "text",
                "code": """\
S: 220 mx.example.net ESMTP
C: EHLO out.school.example
S: 250 mx.example.net
C: MAIL FROM:<bounces@school.example>
S: 250 OK
C: RCPT TO:<ines@example.net>
S: 250 OK
C: DATA
S: 354 End with a line that holds a single dot
C: From: The School <hello@school.example>
C: To: Ines <ines@example.net>
C: Subject: Your lesson is ready
C:
C: Hello Ines, ...
C: .
S: 250 OK, queued as 4F1C2A
""",
                "caption": "One delivery. The last 250 is the moment at which responsibility changes hands.",
            },
        ),
        (
            "rich_text",
            """
<h2>The envelope is not the letter</h2>
<p>Look at the two senders. <b>MAIL FROM</b> belongs to the envelope: it says where to report a failure. <b>From:</b>
stands on the letter and is what the reader sees. The same goes for <b>RCPT TO</b> and <b>To:</b>. Servers act on the
envelope alone, and that is how a blind copy works: an address on the envelope that the letter does not mention.</p>
<p>The two senders are often different, and rightly so. Bounces should reach a machine that can count them, replies a
person who can answer. It also means that anyone can write anything after <b>From:</b>. What keeps that in check is
the subject of the next lesson.</p>
<h2>Three digits that decide</h2>
<ul>
<li><b>2xx</b> means accepted. Not read and not in the inbox: accepted.</li>
<li><b>4xx</b> means not now. The mailbox is full, the server is busy, or it has never met you and wants to see
whether you will return, which is known as greylisting. The message goes back to the queue. Good senders wait longer
each time and go on for several days.</li>
<li><b>5xx</b> means never. There is no such mailbox, or this sender is refused. Trying again does harm: a sender who
keeps knocking at addresses that do not exist looks just like one who guesses them.</li>
</ul>
<p>When the queue gives up, a <b>bounce</b> is sent to the envelope’s sender. It has an empty sender of its own,
written <b>&lt;&gt;</b>, so that two machines cannot go on bouncing bounces at each other for ever.</p>
<h2>Reading the journey backwards</h2>
<p>Every server that handles a message writes a line on top of it. So the headers of a message in your mailbox are a
travel diary, and you read it from the bottom.</p>
""",
        ),
        (
            "code",
            {
                "language": "text",
                "code": """\
Received: from out.school.example by mx.example.net; Tue, 3 Mar 2026 09:14:22 +0000
Received: from web-2 by out.school.example; Tue, 3 Mar 2026 09:02:07 +0000
""",
                "caption": "Shortened. Twelve minutes lie between the lines: this message waited in a queue.",
            },
        ),
        (
            "callout",
            {
                "kind": "warning",
                "heading": "A link that is too young to wait",
                "text": "<p>Greylisting alone can hold a message back for ten minutes. If a link is to be good for "
                "fifteen, start the clock when the message is <i>sent</i>, never when it is asked for, and make "
                "asking again easy.</p>",
            },
        ),
        (
            "rich_text",
            """
<h2>Your turn</h2>
<p>Open a message that a web site sent you this week and show its full headers; your mail program calls it “source”,
“original” or “raw message”. Find the lowest <b>Received</b> line and work upwards. How many machines were there, and
which of them kept the message longest? Then find <b>Return-Path</b>: that is the envelope’s sender, written down at
the end. Is it the address you see after <b>From</b>?</p>
""",
        ),
    ),
)
