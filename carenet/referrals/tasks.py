"""Housekeeping of referrals."""

from __future__ import annotations

from celery import shared_task

from carenet.core import clock
from carenet.referrals.actions import attachments, virus_scan


@shared_task
def scan_files() -> None:
    """Ask the scanner about the files in quarantine; without one there are none."""
    virus_scan.scan_due()


@shared_task
def forget_orphans() -> None:
    """Delete files that an upload left behind without a row."""
    attachments.delete_orphans(now=clock.now())
