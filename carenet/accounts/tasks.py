"""Housekeeping of sign-ins."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command

from carenet.accounts.actions.sign_in import forget_old_addresses, forget_old_tries


# Under its first name: beat and workers of the release before are there while this one starts.
@shared_task(name="carenet.agencies.tasks.forget_sign_ins")
def forget_sign_ins() -> None:
    """Delete sessions, access tokens, counted tries and unproved addresses that have run out."""
    call_command("clearsessions")
    call_command("cleartokens")
    forget_old_tries()
    forget_old_addresses()
