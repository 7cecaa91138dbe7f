"""Whatever is typed as an address: it is refused and nothing happens, or what is stored is where the mail goes."""

from collections.abc import Iterator
from email import message_from_string, policy
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from access.models import Email, EmailVerificationToken, ThrottleSlot
from access.tests import misbehaving_mail
from access.tests.misbehaving_mail import MailServer
from conftest import undone

# What breaks addresses: separators, quotes, comments, line ends, what cannot be seen, what folds to another letter.
TRAPS = [*"@.,;:<>()[]\"'\\ +-_%!/=?\t\r\n\0\x7f\u200b\u202e\u00ad\u2060\ufeff\u0301"]
TRAPS += ["\u212a", "\u0131", "\u017f", "\u00df", "\u00e9", "\uff20", "\uff0e", "\u3002", "\U0001f511", "\ud83d"]
TRAPS += ["\r\nBcc: eve@example.net", "=?utf-8?q?=0a?=", "xn--", "%0d%0a"]
LOCAL = st.text(st.sampled_from("adeklms019._+-'!#$%&*/=?^`{|}~"), min_size=1, max_size=70)
LABEL = st.text(st.sampled_from("abck9-\u00e9\u00df\u00f8\u0436\u0915\u65e5"), min_size=1, max_size=66)
DOMAIN = st.lists(LABEL, min_size=1, max_size=6).map(".".join)
LIKELY = st.builds("{}@{}".format, LOCAL, DOMAIN | st.just("example.org")) | st.emails()


@st.composite
def trapped(draw: st.DrawFn) -> str:
    """An address with a trap or two at any place."""
    text = draw(LIKELY)
    for trap in draw(st.lists(st.sampled_from(TRAPS), min_size=1, max_size=2)):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + trap + text[place:]
    return text


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with misbehaving_mail.running() as server:
        settings.MAILERS = server.mailers
        yield server


@pytest.mark.refusal("address")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=LIKELY | trapped() | st.text(max_size=330))
@example(typed="ada@example.org\r\nBcc: eve@example.net")
@example(typed="=??q?=00@0.a")
@example(typed="\ud83d0@example.org")
@example(typed="Ada.Lovelace+x@B\u00fccher.example")
def test_an_address_is_stored_as_it_is_mailed_or_not_at_all(home_page: Any, server: MailServer, typed: str) -> None:
    server.messages.clear()
    server.recipients.clear()
    with undone():
        form = urlencode({"email": typed}, errors="surrogatepass")  # half a character as well
        answer = Client(raise_request_exception=False).post("/access/ask/", form, "application/x-www-form-urlencoded")
        stored = list(EmailVerificationToken.objects.values_list("email__address", "sent_to"))
        rows = [model.objects.count() for model in (Email, EmailVerificationToken, ThrottleSlot)]

    if answer.status_code == 303:
        assert len(stored) == len(server.messages) == 1
        ((address, sent_to),) = stored
        (message,) = server.messages
        headers = message_from_string(message, policy=policy.default)
        assert address == sent_to
        assert server.recipients == [address]
        assert [mailbox.addr_spec for mailbox in headers["To"].addresses] == [address]
        assert (headers["Cc"], headers["Bcc"]) == (None, None)
    else:
        assert answer.status_code == 422
        assert rows == [0, 0, 0]
        assert server.messages == server.recipients == []
