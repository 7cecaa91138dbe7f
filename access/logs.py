"""Keep secrets out of the logs: whatever is written, the part of a confirm address that opens a door is masked."""

import logging
import re

CONFIRM_ADDRESS = re.compile(r"(/access/confirm/)[^/\s\"'?]+")


def mask(text: str) -> str:
    return CONFIRM_ADDRESS.sub(r"\1[masked]", text)


class MaskSecrets(logging.Filter):
    """Rewrites a record's message, arguments included, before any handler formats it."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/access/confirm/" in message:
            record.msg, record.args = mask(message), None
        return True
