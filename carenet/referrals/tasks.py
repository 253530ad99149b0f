"""Housekeeping of referrals."""

from __future__ import annotations

from celery import shared_task

from carenet import clock
from carenet.referrals.actions import attaching, scanning


@shared_task
def scan_files() -> None:
    """Ask the scanner about the files in quarantine; without one there are none."""
    scanning.scan_due()


@shared_task
def forget_orphans() -> None:
    """Delete files that an upload left behind without a row."""
    attaching.forget_orphans(now=clock.now())
