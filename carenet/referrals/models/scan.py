"""What the scanner has said of a file."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from carenet.core import clock
from carenet.core.models import UUIDModel
from carenet.referrals.models.attachment import Attachment


class ScanState(models.TextChoices):
    """Whether a file may be handed out."""

    PENDING = "pending", _("not yet scanned")
    CLEAN = "clean", _("clean")
    INFECTED = "infected", _("infected")


class AttachmentScan(UUIDModel):
    """A file that a scanner is asked about: in quarantine until it is clean. Others have no row."""

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="scan")
    state = models.CharField(max_length=10, choices=ScanState, default=ScanState.PENDING)
    next_try_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(state="pending"), name="scan_is_due"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="pending", answered_at=None)
                | (~models.Q(state="pending") & models.Q(answered_at__isnull=False)),
                name="answered_scans_say_when",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.state}"
