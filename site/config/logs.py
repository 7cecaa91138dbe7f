"""What the log leaves out: the same trouble said at every request."""

import logging
import time


class OnceAMinute(logging.Filter):
    """Lets one record of a logger through each minute, and drops the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.quiet_until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if time.monotonic() < self.quiet_until:
            return False
        self.quiet_until = time.monotonic() + 60
        return True
