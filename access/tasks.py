"""Background tasks. Each holds an id; the row says what is to be done, and run_due finds what was missed."""

from uuid import UUID

from django.tasks import task
from django.utils import timezone


@task()
def send_verification(token_id: str) -> None:
    from access.verification import outbox

    outbox.send(UUID(token_id), now=timezone.now())


@task()
def send_password_reset(mail_id: int) -> None:
    from access.staff_accounts import password_reset

    password_reset.send(mail_id, now=timezone.now())
