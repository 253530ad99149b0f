"""Housekeeping of sign-ins."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command

from carenet.agencies.actions.sign_in import forget_old_addresses, forget_old_tries


@shared_task
def forget_sign_ins() -> None:
    """Delete sessions, access tokens, counted tries and unproved addresses that have run out."""
    call_command("clearsessions")
    call_command("cleartokens")
    forget_old_tries()
    forget_old_addresses()
