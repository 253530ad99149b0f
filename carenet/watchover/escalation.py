"""Who is told of an alert, step by step, as data: the policy of an agency that has set none.

Times count from the beginning of the alert. The last step comes again until somebody acknowledges.
`docs/watchover.md` shows the same tables to people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from carenet.watchover.states import AlertKind


class Tier(models.TextChoices):
    """Whom a step reaches."""

    WATCHER = "watcher", _("the watcher")
    BACKUP = "backup", _("the backup watcher")
    PLAZA = "plaza", _("the responsible agency")
    WARD = "ward", _("the coordinators of the ward office")


class Hours(models.TextChoices):
    """Whether a step waits for whoever is told."""

    ALWAYS = "always", _("at any hour")
    OFFICE = "office", _("on open days, outside quiet hours")


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """Whom to tell, how long after the beginning, through which channel, and at which hours.

    Without a channel through all that reach the person; the inbox always has it.
    """

    tier: Tier
    after: timedelta
    hours: Hours
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The steps of one kind of alert, each later than the one before."""

    steps: tuple[PolicyStep, ...]
    repeat_every: timedelta = timedelta(hours=1)
    acknowledged_for: timedelta = timedelta(hours=2)

    def step(self, number: int) -> PolicyStep:
        """Return a step by its number; beyond the last one that one comes again."""
        return self.steps[min(number, len(self.steps) - 1)]

    def pause_before(self, number: int) -> timedelta:
        """Return the time between the step before and this one; before the first, its own delay."""
        if number == 0:
            return self.steps[0].after
        if number >= len(self.steps):
            return self.repeat_every
        return self.steps[number].after - self.steps[number - 1].after

    def repeats(self, number: int) -> bool:
        """Whether from this step on the same one comes again and again."""
        return number >= len(self.steps) - 1


def _after(minutes: int, tier: Tier, hours: Hours) -> PolicyStep:
    return PolicyStep(tier, timedelta(minutes=minutes), hours)


_RESIDENT = Policy((_after(0, Tier.PLAZA, Hours.ALWAYS), _after(60, Tier.WARD, Hours.ALWAYS)))
#: Where an agency has set nothing of its own.
LADDERS: dict[AlertKind, Policy] = {
    AlertKind.WATCHER_SILENT: Policy(
        (
            _after(0, Tier.WATCHER, Hours.ALWAYS),
            _after(60, Tier.BACKUP, Hours.ALWAYS),
            _after(120, Tier.PLAZA, Hours.OFFICE),
            _after(240, Tier.WARD, Hours.OFFICE),
        )
    ),
    AlertKind.RESIDENT_SILENT: _RESIDENT,
    AlertKind.CONCERN: _RESIDENT,
}
