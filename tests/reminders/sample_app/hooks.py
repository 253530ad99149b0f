"""A kind of reminder that real workers can know: it tells all staff of its agency, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.reminders import registry
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient


class Chore:
    name = "test.chore"
    subject_kind = "chore"

    def still_applies(self, occurrence: Occurrence) -> bool:
        return True

    def recipients(self, occurrence: Occurrence) -> Sequence[Recipient]:
        agency = occurrence.agency
        return [Recipient(user, agency) for user in members_in_roles(agency, {Role.STAFF})]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return True

    def text(self, occurrence: Occurrence) -> str:
        return f"{occurrence.subject_code} is waiting"

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return None


def register() -> None:
    """Make real workers know it."""
    registry.register(Chore(), once=True)
