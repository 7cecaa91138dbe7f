"""Keep secrets out of the logs: the part of a confirm address that opens a door is masked in whatever is written."""

import logging
import re

CONFIRM_ADDRESS = re.compile(r"(/access/confirm/)[^/\s\"'?]+")


def mask(text: str) -> str:
    return CONFIRM_ADDRESS.sub(r"\1[masked]", text)


class MaskedFormatter(logging.Formatter):
    """Masks the whole record as it is written: message, arguments and traceback alike."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))
