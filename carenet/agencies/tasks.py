"""Housekeeping of sign-ins."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command


@shared_task
def forget_sign_ins() -> None:
    """Delete sessions and access tokens that have run out."""
    call_command("clearsessions")
    call_command("cleartokens")
