"""Housekeeping of the API's plumbing."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from carenet.core import clock
from carenet.rest.models import IdempotencyKey


@shared_task
def forget_idempotency_keys() -> None:
    """Delete the answers that nobody may ask for again."""
    IdempotencyKey.objects.filter(created_at__lt=clock.now() - settings.IDEMPOTENCY_KEEP).delete()
