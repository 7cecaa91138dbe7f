"""What was moved from one storage to another, and what is to be deleted still: both go on where they were cut short."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MovedFile(models.Model):
    """One file of one storage alias on its way to one side. Rows can be deleted: the next move looks again."""

    class Destination(models.TextChoices):
        LOCAL = "local", _("this machine")
        CLOUDINARY = "cloudinary", _("Cloudinary")

    class State(models.TextChoices):
        COPYING = "copying", _("being copied")
        VERIFIED = "verified", _("read back and found equal")
        MOVED = "moved", _("equal, and the source deleted")

    alias = models.CharField(_("storage"), max_length=100)
    name = models.CharField(_("name"), max_length=255)
    destination = models.CharField(_("destination"), max_length=10, choices=Destination)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.COPYING)
    # Empty until writing begins: whatever is at the destination before that is not ours to replace.
    sha256 = models.CharField(max_length=64, blank=True, default="")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("moved file")
        verbose_name_plural = _("moved files")
        constraints = [
            models.UniqueConstraint(name="moved_once", fields=["alias", "name", "destination"]),
            models.CheckConstraint(
                name="moved_file_destination_is_known", condition=models.Q(destination__in=["local", "cloudinary"])
            ),
            models.CheckConstraint(
                name="moved_file_state_is_known", condition=models.Q(state__in=["copying", "verified", "moved"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_state_display()})"


class DroppedFile(models.Model):
    """A file that nothing names any more, or that was uploaded for a row not saved yet; see `dropping`."""

    name = models.CharField(_("name"), max_length=255)
    delivery = models.CharField(_("delivery"), max_length=20)
    resource_type = models.CharField(_("resource type"), max_length=10)
    public_id = models.CharField(max_length=255)
    since = models.DateTimeField(_("since"), auto_now_add=True)
    due_at = models.DateTimeField(_("due"), db_index=True)

    class Meta:
        verbose_name = _("dropped file")
        verbose_name_plural = _("dropped files")
        constraints = [
            models.UniqueConstraint(name="dropped_once", fields=["delivery", "resource_type", "public_id"]),
        ]

    def __str__(self) -> str:
        return self.name
