"""Keep secrets out of the logs: in an emailed URL, the part that opens a page or acts for somebody is masked."""

import logging
import re

# A review link is known by the form of its secret: there are folders and pages of that name too.
SECRET_FOLLOWS = [
    "/access/confirm/",
    "/notify/leave/",
    "/review/(?=[0-9a-f]{32})",
    r"/password_reset/confirm/[^/\s]+/",  # whose password it is, and then the token
]
MAILED_ADDRESS = re.compile(rf"({'|'.join(SECRET_FOLLOWS)})[^/\s\"'?]+")


def mask(text: str) -> str:
    return MAILED_ADDRESS.sub(r"\1[masked]", text)


class MaskedFormatter(logging.Formatter):
    """Masks the whole record as it is written: message, arguments and traceback alike."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))
