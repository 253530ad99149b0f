"""The wake-up. What is due stands in the database: a wake-up that is lost costs seconds."""

from __future__ import annotations

from time import monotonic

from celery import shared_task
from django.conf import settings

from carenet.core import clock
from carenet.reminders.actions import (
    may_send,
    record_heartbeat,
    schedule_unattended,
    take_over,
    work_once,
    write_digests,
)


@shared_task
def sweep() -> None:
    """Do what is due, for as long as one sweep may take; the rest is the next one's."""
    until = monotonic() + settings.REMINDER_SWEEP_SECONDS
    record_heartbeat(name="sweep", at=clock.now())
    if not may_send(now=clock.now()):
        return
    take_over(now=clock.now())
    write_digests(now=clock.now())
    while work_once(now=clock.now()) and monotonic() < until:
        pass


@shared_task
def find_silent() -> None:
    """See to it that nothing is open of which nobody would be told."""
    schedule_unattended(now=clock.now())
