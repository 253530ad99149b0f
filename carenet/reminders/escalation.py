"""Escalation policies as data: who is told in which order, and how much later, until somebody acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

TierT = TypeVar("TierT")


class Hours(models.TextChoices):
    """Whether a step waits for whoever is told."""

    ALWAYS = "always", _("at any hour")
    OFFICE = "office", _("on open days, outside quiet hours")


@dataclass(frozen=True, slots=True)
class PolicyStep(Generic[TierT]):
    """Whom to tell, how long after the beginning, at which hours, and through which channel.

    Without a channel through all that reach the person; the inbox always has it.
    """

    tier: TierT
    after: timedelta = timedelta(0)
    hours: Hours = Hours.OFFICE
    channel: str = ""


@dataclass(frozen=True, slots=True)
class EscalationPolicy(Generic[TierT]):
    """The steps of an escalation, each later than the one before.

    They follow each other by the clock, or so many working days of those who were told. The last one
    comes again: after `repeat_every`, without it as that of any reminder.
    """

    steps: tuple[PolicyStep[TierT], ...]
    repeat_every: timedelta | None = None
    days_between: int = field(default=0, kw_only=True)

    def step(self, number: int) -> PolicyStep[TierT]:
        """Return a step by its number; beyond the last one that one comes again."""
        return self.steps[min(number, len(self.steps) - 1)]

    def pause_before(self, number: int) -> timedelta:
        """Return the time between the step before and this one; before the first, its own delay."""
        if number >= len(self.steps):
            return self.repeat_every or timedelta(0)
        return self.steps[number].after - (self.steps[number - 1].after if number else timedelta(0))

    def is_last(self, number: int) -> bool:
        """Whether from this step on the same one comes again and again."""
        return number >= len(self.steps) - 1
