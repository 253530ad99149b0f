"""The steps that are due by a time, as data: from when each counts, and by which default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class RuleBasis(models.TextChoices):
    """What a deadline rests on: most are not law."""

    LAW = "law", gettext_lazy("law")
    GUIDELINE = "guideline", gettext_lazy("guideline")
    LOCAL_RULE = "local_rule", gettext_lazy("local rule")


class DeadlineOver(models.TextChoices):
    """Why nobody waits for it any more."""

    MET = "met", gettext_lazy("step taken")
    LAPSED = "lapsed", gettext_lazy("no longer needed")


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """What counts where a municipality has no rule: hours by the clock, or working days.

    `unchecked`: nobody has compared it with its source, and wherever it is shown it says so.
    """

    basis: RuleBasis
    text: StrOrPromise
    hours: int | None = None
    working_days: int | None = None
    unchecked: bool = False

    @property
    def basis_text(self) -> str:
        """What it rests on, in words."""
        return (
            _("%(basis)s (unchecked)") % {"basis": self.text} if self.unchecked else str(self.text)
        )


@dataclass(frozen=True, slots=True)
class DeadlineStep:
    """A step that can have a deadline: from which event it counts, and by which default."""

    counted_from: str
    default: DefaultRule | None = None


def steps_after(steps: Mapping[str, DeadlineStep], event: str) -> Iterable[str]:
    """Return the steps whose deadlines count from an event."""
    return [name for name, step in steps.items() if step.counted_from == event]
