"""Housekeeping of the API's plumbing."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from carenet.rest.models import IdempotencyKey


@shared_task
def forget_idempotency_keys() -> None:
    """Delete the answers that nobody may ask for again."""
    IdempotencyKey.objects.filter(
        created_at__lt=timezone.now() - settings.IDEMPOTENCY_KEEP
    ).delete()
