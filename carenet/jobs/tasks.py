"""The wake-up. What is to be done stands in the database: a wake-up that is lost costs seconds."""

from __future__ import annotations

from time import monotonic

from celery import shared_task
from django.conf import settings

from carenet.core import clock
from carenet.jobs.actions import delete_ended, one_at_a_time, run_one_batch


@shared_task
def go_on() -> None:
    """Go on with long work for half of a sweep, one process at a time: reminders come first."""
    until = monotonic() + settings.REMINDER_SWEEP_SECONDS / 2
    with one_at_a_time() as ours:
        while ours and run_one_batch(now=clock.now()) and monotonic() < until:
            pass


@shared_task
def forget_ended() -> None:
    """Delete work that has ended some days ago, with its file."""
    delete_ended(now=clock.now())
