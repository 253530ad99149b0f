"""What was answered, kept for a while, so that a request sent twice has one effect."""

from __future__ import annotations

from django.db import models

from carenet.core.models import UUIDModel


class IdempotencyKey(UUIDModel):
    """What a POST under an `Idempotency-Key` was, and how it was answered."""

    # Who asked, for which agency: nobody else can replay the answer.
    scope = models.CharField(max_length=120)
    method = models.CharField(max_length=7)
    path = models.CharField(max_length=500)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the body, hexadecimal
    status = models.PositiveSmallIntegerField(null=True)  # null while the first one runs
    headers = models.JSONField(default=dict)
    # Kind and ids of what the answer showed (`carenet.rest.stored_response.ShownObjects`), if it
    # can be shown again.
    shown = models.JSONField(null=True)
    # The problem of a refusal; never what was shown of anybody.
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "method", "path", "key"], name="one_effect_per_key"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.key}"
