"""The worker says no more than the settings let it: two lines a task are for those who ask."""

import logging
from collections.abc import Iterator

import pytest

from home.management.commands.run_worker import Command


@pytest.fixture
def tasks() -> Iterator[logging.Logger]:
    """The logger of tasks, as the settings leave it."""
    loggers = [logging.getLogger(name) for name in ("django.tasks", "django_tasks_db")]
    levels = [logger.level for logger in loggers]
    yield loggers[0]
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize(("verbosity", "says_each"), [(1, False), (2, True)])
def test_tasks_that_go_well_are_said_to_those_who_ask(tasks: logging.Logger, verbosity: int, says_each: bool) -> None:
    Command().configure_logging(verbosity)

    assert tasks.isEnabledFor(logging.INFO) is says_each
