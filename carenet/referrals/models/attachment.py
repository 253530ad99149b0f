"""The files of a referral."""

from __future__ import annotations

import pgtrigger
from django.db import models

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
