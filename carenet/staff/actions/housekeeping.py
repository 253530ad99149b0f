"""What the pages kept is deleted when nobody can use it any more."""

from __future__ import annotations

from django.conf import settings

from carenet.core import clock
from carenet.staff.models import Draft, SentForm


def forget_sent_forms() -> None:
    """Delete the keys of forms that nobody has open any more."""
    SentForm.objects.filter(sent_at__lt=clock.now() - settings.SENT_FORM_KEEP).delete()


def forget_drafts() -> None:
    """Delete what nobody has typed on for a day."""
    Draft.objects.filter(stroke_at__lte=clock.now() - settings.DRAFT_KEEP).delete()
