"""The scheduler's heartbeat: whether `run_due` runs. Without it nothing goes live and no missed email is sent."""

from datetime import datetime, timedelta

from release.models import ClockRound

PATIENCE = timedelta(minutes=5)


def begin(*, now: datetime) -> None:
    ClockRound.objects.update_or_create(name="run_due", defaults={"began_at": now})


def end(*, now: datetime) -> None:
    ClockRound.objects.update(ended_at=now)


def last_round() -> datetime | None:
    """When it last began to go round; None when it never has."""
    return ClockRound.objects.values_list("began_at", flat=True).first()


def stands_still(*, now: datetime) -> bool:
    last = last_round()
    return last is None or now - last > PATIENCE
