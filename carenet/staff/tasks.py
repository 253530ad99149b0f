"""Housekeeping of what the pages keep, and the weekly mail."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from carenet.core import clock
from carenet.staff.models import Draft, SentForm
from carenet.staff.pages.review.weekly_mail import send_due


@shared_task
def forget_sent_forms() -> None:
    """Delete the keys of forms that nobody has open any more."""
    SentForm.objects.filter(sent_at__lt=clock.now() - settings.SENT_FORM_KEEP).delete()


@shared_task
def forget_drafts() -> None:
    """Delete what nobody has typed on for a day."""
    Draft.objects.filter(stroke_at__lte=clock.now() - settings.DRAFT_KEEP).delete()


@shared_task
def send_weekly_mails() -> None:
    """Send the numbers of the week to whoever wants them."""
    send_due()
