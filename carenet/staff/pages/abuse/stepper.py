"""Where a report is in its procedure: what was taken, what is next, what this one does without."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from carenet.abuse.models import AbuseReport
from carenet.abuse.states import (
    NEEDS_RESPONSE,
    AbuseStatus,
    AbuseVerb,
    Finding,
    expected_verb,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MILESTONES = (
    AbuseVerb.REPORT,
    AbuseVerb.HOLD_RECEPTION,
    AbuseVerb.CHECK_FACTS,
    AbuseVerb.DECIDE,
    AbuseVerb.PLAN,
    AbuseVerb.EVALUATE,
    AbuseVerb.CLOSE,
)
#: What comes only of a finding that calls for a response.
OF_RESPONSE = frozenset({AbuseVerb.PLAN, AbuseVerb.EVALUATE})


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step of the indicator; it is taken, the present one, left out, or still to come."""

    label: StrOrPromise
    done: bool = False
    now: bool = False
    left_out: bool = False
    due_at: datetime | None = None


def milestones(report: AbuseReport, taken: Collection[str]) -> list[Milestone]:
    """Return the steps of a report of which these verbs were taken, with what is due of them."""
    due = {each.step: each.due_at for each in report.deadlines.all() if each.over_at is None}
    present = _present(report)
    place = MILESTONES.index(present) if present else len(MILESTONES)
    found = []
    for number, verb in enumerate(MILESTONES):
        left_out = _left_out(report, verb) or (present is None and verb not in taken)
        closed = verb is AbuseVerb.CLOSE and present is None
        found.append(
            Milestone(
                label=verb.label,
                done=closed or (number < place and not left_out),
                now=number == place,
                left_out=left_out and not closed and number != place,
                due_at=due.get(verb),
            )
        )
    return found


def _present(report: AbuseReport) -> AbuseVerb | None:
    """Return the step at which a report is; None for a closed one."""
    expected = expected_verb(report.situation)
    return AbuseVerb.DECIDE if expected is AbuseVerb.PROPOSE_DECISION else expected


def _left_out(report: AbuseReport, verb: AbuseVerb) -> bool:
    """Whether this report does without a step, as it stands now."""
    if verb is AbuseVerb.CHECK_FACTS:
        unchecked = Finding.NOT_CHECKED in {report.finding, report.proposed_finding}
        return unchecked or (
            report.status == AbuseStatus.RECEPTION_HELD and report.to_check is False
        )
    return verb in OF_RESPONSE and bool(report.finding) and report.finding not in NEEDS_RESPONSE
