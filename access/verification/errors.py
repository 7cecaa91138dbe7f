"""Errors of a verification: expired, spent, used up, a wrong code, another browser."""

from access.models import EmailVerificationToken


class TokenUnknown(Exception):
    """No mail ever held this link."""


class TokenRefused(Exception):
    """A link that was emailed but does not open; the page says why. `token` is the row."""

    def __init__(self, token: EmailVerificationToken) -> None:
        super().__init__(type(self).__name__)
        self.token = token


class TokenExpired(TokenRefused):
    """Its minutes are over."""


class TokenSpent(TokenRefused):
    """It has opened a browser already."""


class TokenBurnt(TokenRefused):
    """A newer mail was used, or the address changed since."""


class TokenUsedUp(TokenRefused):
    """Wrong codes or addresses were typed too often; link and code are both dead."""


class NotSentYet(TokenRefused):
    """A code was typed before its mail went out."""


class WrongCode(TokenRefused):
    """Not the code in the mail."""


class CodesPaused(TokenRefused):
    """Too many wrong codes came lately, from this network or to the site; the mail's link works, and so will the code
    in `retry_after` seconds."""

    def __init__(self, token: EmailVerificationToken, *, retry_after: int) -> None:
        super().__init__(token)
        self.retry_after = retry_after


class OtherBrowser(TokenRefused):
    """Not the browser that asked, and the address was not typed."""


class WrongAddress(TokenRefused):
    """Not the browser that asked, and another address was typed."""
