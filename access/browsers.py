"""The browser that asks or presses: the secret it was given, the network it comes from, and what its owner calls it."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest

from access import network, secrets

# The first that occurs: most browsers also claim to be those that come after them.
NAMES = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome")]
NAMES += [("Chrome/", "Chrome"), ("Safari/", "Safari")]
SYSTEMS = [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS")]
SYSTEMS += [("Mac OS", "Mac"), ("Linux", "Linux")]


@dataclass(frozen=True, kw_only=True)
class Browser:
    """`asker` is the secret under the asker's cookie, or "" when it has none."""

    asker: str
    network: str
    name: str = ""


def of(request: HttpRequest) -> Browser:
    asker = request.COOKIES.get(settings.ASKER_COOKIE, "")
    return Browser(
        asker=asker if secrets.is_secret(asker) else "",
        network=network.of(request),
        name=name(request.headers.get("User-Agent", "")),
    )


def asking(request: HttpRequest) -> Browser:
    """The browser as it asks for a mail: with the asker's secret it has, or the one it is given now (answers.asked)."""
    browser = of(request)
    return browser if browser.asker else replace(browser, asker=secrets.new())


def name(user_agent: str) -> str:
    """Such as 'Firefox, Android'; "" when neither is known. Only words of this module, never the visitor's."""
    found = [next((word for mark, word in words if mark in user_agent), "") for words in (NAMES, SYSTEMS)]
    return ", ".join(word for word in found if word)
