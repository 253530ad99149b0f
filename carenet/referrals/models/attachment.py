"""The files of a referral, and what the scanner has said of each."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models.attribution import AttributedModel
from carenet.core import clock
from carenet.core.models import UUIDModel
from carenet.referrals.models.referral import Referral
from carenet.rest.uploads import FileKind


class Attachment(UUIDModel, AttributedModel):
    """A file of a referral. Its content lies in the storage `attachments`, under a name of chance.

    What is added after `send` is a row of its own, like an event; it is never changed.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=150)  # as its author named it: it may hold a person's name
    media_type = models.CharField(max_length=20, choices=FileKind)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100, unique=True)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["referral", "id"], name="attachment_of_referral")]
        triggers = [pgtrigger.Protect(name="attachments_do_not_change", operation=pgtrigger.Update)]


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
