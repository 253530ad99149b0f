"""Housekeeping of referrals."""

from __future__ import annotations

from celery import shared_task

from carenet import clock
from carenet.referrals.actions import attaching


@shared_task
def forget_orphans() -> None:
    """Delete files that an upload left behind without a row."""
    attaching.forget_orphans(now=clock.now())
