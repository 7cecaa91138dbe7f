"""Throttle slots: tries already used up, one row each, so a limit is exact on every database and in every process."""

from django.db import models


class ThrottleSlot(models.Model):
    """The `number`th of the tries a key has under a rule, and when it was last used.

    A key with a limit of three owns at most three rows; a try takes over one that was used long enough ago.
    """

    rule = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(name="throttle_slot_free", fields=["rule", "key", "used_at"])]
        constraints = [models.UniqueConstraint(name="throttle_slot_once", fields=["rule", "key", "number"])]

    def __str__(self) -> str:
        return f"{self.rule} {self.number}"
