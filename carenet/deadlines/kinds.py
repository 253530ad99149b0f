"""The kind of reminder of a deadline: before it, at it, and while it stays unmet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from carenet.agencies.models import Agency, User
from carenet.core import clock
from carenet.deadlines.models import DeadlineModel
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient


class DeadlineKind(BaseKind):
    """A step is due: those at work on it, and once it is late those who answer for it."""

    deadlines: type[DeadlineModel]
    #: Whether ringing channels do not wait for an open day.
    by_the_clock = True
    #: What is read with a deadline.
    related: tuple[str, ...]
    #: Between two messages, however late the subject was recorded.
    SHORTEST_PAUSE = timedelta(hours=1)

    def at_work(self, subject: Any) -> Mapping[User, Agency]:
        """Return who has the subject in hand, each with the agency for which."""
        raise NotImplementedError

    def answerable(self, subject: Any) -> Mapping[User, Agency]:
        """Return who is told besides from the deadline on."""
        raise NotImplementedError

    def applicable(self) -> QuerySet[Any]:
        return self.deadlines.objects.filter(over_at=None)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        deadline = self._deadline(occurrence)
        subject = getattr(deadline, self.deadlines.subject_field)
        told = dict(self.at_work(subject))
        if clock.now() >= deadline.due_at:
            told |= self.answerable(subject)
        return [Recipient(user, agency, self.by_the_clock) for user, agency in told.items()]

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        later = self.deadlines.reminded_after[occurrence.step + 1 :]
        if not later:
            return None
        return max(self._deadline(occurrence).due_at + later[0], now + self.SHORTEST_PAUSE)

    def _deadline(self, occurrence: Occurrence) -> DeadlineModel:
        rows = self.deadlines.objects.select_related(*self.related)
        found: DeadlineModel = rows.get(pk=occurrence.subject_id)
        return found
