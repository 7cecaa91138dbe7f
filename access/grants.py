"""Grant a course to an address, and revoke it. A grant is never deleted: its end is written down."""

from datetime import datetime
from uuid import UUID

from access.models import Email, Grant


class AlreadyGiven(Exception):
    """The address has this course from this source. `grant` is the row."""

    def __init__(self, grant: Grant) -> None:
        super().__init__(type(self).__name__)
        self.grant = grant


def give(email: Email, *, course_key: UUID, source: Grant.Source, now: datetime) -> Grant:
    """Let the address read the course from now on. Raises AlreadyGiven, also when two give it at once."""
    # The database allows one active grant a source; the second of two at once gets the first one's row.
    grant, is_new = Grant.objects.get_or_create(
        email=email, course_key=course_key, source=source, revoked_at=None, defaults={"granted_at": now}
    )
    if not is_new:
        raise AlreadyGiven(grant)
    return grant


def take(grant: Grant, *, now: datetime) -> bool:
    """End the grant, from the next request on; False when it had ended before."""
    return bool(Grant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=now))
