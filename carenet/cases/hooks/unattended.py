"""What is open in a case while nobody is told of it by itself: its next action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.cases.models import Case
from carenet.reminders.registry import OpenMatter
from carenet.reminders.selectors import never_notified

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def undated(now: datetime) -> QuerySet[Case]:
    """Return the open cases whose next action nobody will be told of."""
    return Case.objects.filter(never_notified(now), next_action_on__isnull=False, ended_at=None)


MATTERS = (OpenMatter("next_action", undated),)
