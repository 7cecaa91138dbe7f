"""Background tasks. Each holds an id; the row says what is to be done, and run_due finds what was missed."""

from django.tasks import task
from django.utils import timezone


@task()
def send_mail(mail_id: int) -> None:
    from purchases.mail import outbox

    outbox.send(mail_id, now=timezone.now())


@task()
def send_gift_mail(mail_id: int) -> None:
    from purchases.mail import outbox

    outbox.send_gift(mail_id, now=timezone.now())
