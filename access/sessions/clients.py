"""The client (browser) of a request: the secret it was given, its network, its name, the addresses it has proved."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from access.sessions import network, token_secrets

# The first that occurs: most browsers also claim to be those that come after them.
NAMES = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome")]
NAMES += [("Chrome/", "Chrome"), ("Safari/", "Safari")]
SYSTEMS = [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS")]
SYSTEMS += [("Mac OS", "Mac"), ("Linux", "Linux")]

# A browser remembers so many addresses that it has proved, for so long: a known device, to which codes stay open while
# strangers guess (access.verification.tokens).
MOST_PROOFS = 5
PROOF_SECONDS = 180 * 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Browser:
    """`asker` is the secret under the asker's cookie, or "" when it has none; `proofs` are from `proofs_with`; `keep`:
    whoever confirms in it asks to stay signed in."""

    asker: str
    network: str
    name: str = ""
    proofs: tuple[str, ...] = ()
    keep: bool = False

    def has_proved(self, address: str) -> bool:
        """Whether this very address was verified in it. It opens nothing: a session does, and must be proved anew."""
        return any(_is_proof(each, address) for each in self.proofs)


def from_request(request: HttpRequest) -> Browser:
    asker = request.COOKIES.get(settings.ASKER_COOKIE, "")
    return Browser(
        asker=asker if token_secrets.is_secret(asker) else "",
        network=network.client_network(request),
        name=name(request.headers.get("User-Agent", "")),
        proofs=tuple(request.COOKIES.get(settings.PROOFS_COOKIE, "").split("~")[:MOST_PROOFS]),
        keep=settings.LEARNER_KEEP_SECONDS > 0 and request.POST.get("keep") == "on",
    )


def asking(request: HttpRequest) -> Browser:
    """The browser as it asks for a mail: with the asker's secret it has, or the one it is given now (answers.asked)."""
    browser = from_request(request)
    return browser if browser.asker else replace(browser, asker=token_secrets.new())


def proofs_with(browser: Browser, address: str) -> str:
    """What its cookie holds once it has proved this address too: the time, and a digest of both that we alone can make.
    No address can be read from it."""
    others = [each for each in browser.proofs if each and not _is_proof(each, address)]
    return "~".join([_signer(address).sign("1"), *others][:MOST_PROOFS])


def _is_proof(text: str, address: str) -> bool:
    try:
        _signer(address).unsign(text, max_age=PROOF_SECONDS)
    except signing.BadSignature:
        return False
    return True


def _signer(address: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"access.proof.{address}")


def name(user_agent: str) -> str:
    """Such as 'Firefox, Android'; "" when neither is known. Only words of this module, never the visitor's."""
    found = [next((word for mark, word in words if mark in user_agent), "") for words in (NAMES, SYSTEMS)]
    return ", ".join(word for word in found if word)
