"""Logging: what is logged, and what is left out, such as the same trouble at every request."""

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


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "access.logs.MaskedFormatter", "format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "filters": {"once_a_minute": {"()": "config.logs.OnceAMinute"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Two lines a task, of which Wagtail makes several at every save; a task that fails is an error.
        "django.tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        "stripe": {"level": "WARNING"},  # below that it quotes what the provider answers
        "django_redis.cache": {"filters": ["once_a_minute"]},
        "config.views": {"filters": ["once_a_minute"]},  # /readyz, which is asked every few seconds
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # anybody can send a Host header; it is refused
    },
}
