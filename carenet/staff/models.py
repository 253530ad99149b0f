"""What the pages keep for themselves: forms that have acted, what is half written, weekly mails."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from carenet.core import clock


class SentForm(models.Model):
    """A form that has acted, by the key that was made with its page."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    fingerprint = models.CharField(max_length=64)  # HMAC of what was sent, hexadecimal
    # Where the first answer led: ids at most. Empty for one that changed a part of its page.
    address = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="a_form_acts_once"),
        ]
        indexes = [models.Index(fields=["sent_at"], name="sent_form_age")]

    def __str__(self) -> str:
        return str(self.key)


class Draft(models.Model):
    """What an account has typed into a form that has not been sent, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="+")
    form = models.UUIDField()  # made with the page; the key under which the form acts once
    sealed = models.TextField()
    version = models.PositiveSmallIntegerField()  # how it was sealed
    stroke_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="one_draft_per_form")]
        indexes = [models.Index(fields=["stroke_at"], name="draft_age")]

    def __str__(self) -> str:
        return str(self.form)


class WeeklyMail(models.Model):
    """Somebody wants the numbers of the review by mail once a week, for an agency for which they act."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="+")
    send_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "agency"], name="one_weekly_mail_each")
        ]
        indexes = [models.Index(fields=["send_at"], name="weekly_mail_due")]

    def __str__(self) -> str:
        return str(self.pk)
