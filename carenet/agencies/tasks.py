"""Mails to the invited, and the closures that are under way."""

from __future__ import annotations

from time import monotonic

from celery import shared_task
from django.conf import settings

from carenet.agencies.actions.closure_batches import close_some
from carenet.agencies.actions.invitations import mail_invited
from carenet.agencies.actions.operator_changes import change_some
from carenet.core import clock


@shared_task
def tell_invited() -> None:
    """Tell by mail whom an invitation waits for."""
    mail_invited()


@shared_task
def carry_closures_out() -> None:
    """Go on with closures and changes of the operator, for half of a sweep at a time."""
    until = monotonic() + settings.REMINDER_SWEEP_SECONDS / 2
    for some in (close_some, change_some):
        while some(now=clock.now()) and monotonic() < until:
            pass
