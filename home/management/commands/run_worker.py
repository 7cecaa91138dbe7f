"""The worker: runs tasks as they come, and goes on when the database has been away. `run_due` finds what it missed."""

import logging
import time
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections
from django_tasks_db.management.commands import db_worker

logger = logging.getLogger(__name__)

PAUSE = 2.0  # seconds, before the database is tried again


class Command(db_worker.Command):
    help = "Run tasks as they come, until told to stop."

    def configure_logging(self, verbosity: int) -> None:
        """Two lines a task are said to those who ask for them; else what the settings say holds."""
        if verbosity != 1:
            super().configure_logging(verbosity)

    def handle(self, **options: Any) -> None:
        while True:
            try:
                return super().handle(**options)
            except (OperationalError, InterfaceError) as error:
                # The task in hand is a row that run_due finds again.
                logger.error("The worker has no database (%s); it tries again.", type(error).__name__)
                close_old_connections()
                time.sleep(PAUSE)
