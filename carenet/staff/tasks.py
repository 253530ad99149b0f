"""Housekeeping of what the pages keep, and the weekly mail."""

from __future__ import annotations

from celery import shared_task

from carenet.staff.actions import housekeeping
from carenet.staff.actions.weekly_mail import send_due
from carenet.staff.pages.review.weekly_mail import text


@shared_task
def forget_sent_forms() -> None:
    """Delete the keys of forms that nobody has open any more."""
    housekeeping.forget_sent_forms()


@shared_task
def forget_drafts() -> None:
    """Delete what nobody has typed on for a day."""
    housekeeping.forget_drafts()


@shared_task
def send_weekly_mails() -> None:
    """Send the numbers of the week to whoever wants them."""
    send_due(text)
