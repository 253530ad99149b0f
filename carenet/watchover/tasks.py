"""The wake-up. What is due stands in the database: a wake-up that is lost costs seconds."""

from __future__ import annotations

from time import monotonic

from celery import shared_task
from django.conf import settings

from carenet.core import clock
from carenet.watchover.actions.worker import note_heartbeat, run_once


@shared_task
def sweep() -> None:
    """Do what is due, for as long as one sweep may take; the rest is the next one's."""
    until = monotonic() + settings.REMINDER_SWEEP_SECONDS
    note_heartbeat(now=clock.now())
    while run_once(now=clock.now()) and monotonic() < until:
        pass
