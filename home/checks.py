"""Whether a site that the public can reach still has the demo's logins (default credentials)."""

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, hashers
from django.core import checks
from django.db import Error, connection

from home.demo.loading import PEOPLE

logger = logging.getLogger(__name__)

PROBLEM = "These logins of the demo still have its password, which is refused here: %s."
HINT = "Delete them, or set new passwords with manage.py changepassword; then look for other content of the demo."


def demo_logins() -> list[str]:
    """The demo's names whose password is still the demo's, which is at most four hashes' work."""
    users = get_user_model().objects.filter(username__in=PEOPLE).order_by("username")
    # Not by the user's own method, which stores an old hash anew: a check writes nothing.
    rows = users.values_list("username", "password")
    return [name for name, encoded in rows if hashers.check_password(settings.DEMO_PASSWORD, encoded)]


# Not tagged as one for databases: `check --deploy` would skip it unless --database were given as well, and nobody
# who deploys would see it.
@checks.register(checks.Tags.security, deploy=True)
def demo_logins_are_gone(**kwargs: Any) -> list[checks.CheckMessage]:
    if settings.IS_LOCAL:
        return []
    try:
        names = demo_logins()
    except Error:
        return [checks.Info("No demo logins were looked for: the database is away, or still empty.", id="home.I001")]
    return [checks.Warning(PROBLEM % ", ".join(names), hint=HINT, id="home.W001")] if names else []


def warn_of_demo_logins() -> None:
    """The same in the log, for when the site starts. /readyz reports a database that is away."""
    try:
        names = [] if settings.IS_LOCAL else demo_logins()
    except Error:
        return
    finally:
        connection.close()  # requests are answered in other threads, with connections of their own
    if names:
        logger.error(PROBLEM, ", ".join(names))
