"""If nobody looks in then, who is told, when and how: by the very code that escalates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from carenet.core.errors import Invalid
from carenet.watchover.escalation import Policy
from carenet.watchover.models import Pause, WatchAssignment
from carenet.watchover.selectors.escalation import PlannedStep, planned_steps, policy_of
from carenet.watchover.selectors.occurrences import expected_on
from carenet.watchover.states import AlertKind

#: So many times the last step is shown, to see that it comes again.
AGAIN = 2
#: So many lines at most: pauses and days without anybody add some.
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would follow: when an alert would begin (None: none would), why, and each step."""

    kind: AlertKind
    began_at: datetime | None
    words: str
    steps: list[PlannedStep]


def rehearse(
    assignment: WatchAssignment,
    kind: AlertKind,
    *,
    missed_on: date | None = None,
    began_at: datetime | None = None,
    proposed: Policy | None = None,
) -> Rehearsal:
    """Say what follows a missed day, or an alert that begins at a moment, as things stand now.

    Without an escalation policy the agency's own counts. Raises `Invalid` for a day on which nobody
    looks in.
    """
    proposed = proposed or policy_of(assignment.responsible_agency, kind)
    begin, words = began_at, _("An alert begins.")
    if missed_on is not None:
        begin, words = _missed(assignment, missed_on)
    steps: list[PlannedStep] = []
    if begin is not None:
        for step in islice(planned_steps(assignment, kind, begin, proposed), MOST_LINES):
            steps.append(step)
            if step.number >= len(proposed.steps) - 1 + AGAIN - 1:
                break
    return Rehearsal(kind, begin, words, steps)


def step_text(planned: PlannedStep) -> str:
    """Say whom a step reaches, or why nobody."""
    if planned.silenced_by:
        until = planned.silenced_by.until
        if until is None:
            return _("A pause silences it until further notice.")
        ends = timezone.localtime(until).strftime("%Y-%m-%d %H:%M")
        return _("A pause silences it until %(until)s.") % {"until": ends}
    if not planned.recipients:
        return _("Nobody can be told: %(tier)s.") % {"tier": planned.step.tier.label}
    return _("Told: %(tier)s.") % {"tier": planned.step.tier.label}


def _missed(assignment: WatchAssignment, day: date) -> tuple[datetime | None, str]:
    """Return when the alert would begin, and why; None where a pause excuses the day."""
    expected = expected_on(assignment, day)
    if expected is None:
        raise Invalid({"missed_on": _("Nobody is to look in on that day. Choose another one.")})
    window = (expected.window_start, expected.grace_until)
    if Pause.objects.touching(*window).filter(resident=assignment.resident_id).exists():
        return None, _("A pause excuses that day: nobody is told.")
    return expected.grace_until, _("Nobody has looked in, and the grace is over.")
