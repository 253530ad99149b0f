"""Kinds of reminder that exist in tests only: the engine knows none of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from carenet.agencies.actors import Actor
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient

SUBJECT_KIND = "errand"


@dataclass
class Errand:
    """A kind that answers what the test has laid down."""

    name: str = "test.errand"
    subject_kind: str = SUBJECT_KIND
    holds: bool = True
    told: dict[int, list[Recipient]] = field(default_factory=dict)
    out_of_sight_of: set[UUID | None] = field(default_factory=set)
    last_step: int = 1
    interval: timedelta = timedelta(days=1)
    broken: bool = False

    def still_applies(self, occurrence: Occurrence) -> bool:
        if self.broken:
            raise RuntimeError(occurrence.subject_code)
        return self.holds

    def recipients(self, occurrence: Occurrence) -> Sequence[Recipient]:
        return self.told.get(occurrence.step, [])

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return actor.user_id not in self.out_of_sight_of

    def text(self, occurrence: Occurrence) -> str:
        return f"{occurrence.subject_code} is waiting"

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return now + self.interval if occurrence.step < self.last_step else None
