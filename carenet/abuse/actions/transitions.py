"""Transitions of abuse reports: what they hang into the order of `carenet.core.transitions`.

The case is locked before the report; a step has a time of its own; deadlines follow from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from carenet.abuse import policy
from carenet.abuse.actions.locks import lock_report
from carenet.abuse.actions.procedure import for_another_desk
from carenet.abuse.actions.reporter import refuse_to_name_the_reporter
from carenet.abuse.models import AbuseDeadline, AbuseEvent, AbuseReport
from carenet.abuse.states import (
    ABUSE_MOVES,
    DEADLINE_STEPS,
    NEEDS_RESPONSE,
    AbuseStatus,
    AbuseVerb,
)
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import demand_person
from carenet.core import clock
from carenet.core import transitions as core
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.core.states import Refusal
from carenet.deadlines.actions import end_deadlines, set_deadlines
from carenet.deadlines.states import DeadlineOver, steps_after


@dataclass(slots=True, kw_only=True)
class AbuseTransition(core.Transition[Actor, AbuseReport, AbuseVerb, AbuseStatus]):
    """A step of an abuse report."""

    table = ABUSE_MOVES
    happened_at: datetime
    text: str

    @property
    def report(self) -> AbuseReport:
        """The row, by its own name."""
        return self.row

    def authorize(self) -> None:
        demand(policy.can_take(self.actor, self.report, self.verb))

    def resolve(self) -> AbuseStatus | Refusal:
        elsewhere = self.report.elsewhere
        if elsewhere and self.verb is not AbuseVerb.CLOSE_ELSEWHERE:
            raise for_another_desk(self.report.taken_by, elsewhere)
        return self.table.resolve(self.verb, self.source, self.report.situation)

    def log_event(self) -> None:
        AbuseEvent.objects.create(
            report=self.report,
            verb=self.verb,
            from_status=self.source,
            to_status=self.target,
            happened_at=self.happened_at,
            by_agency=self.actor.agency,
            by_user=demand_person(self.actor),
            text=self.text,
            data=self.data,
        )

    def follow_up(self) -> None:
        end_deadlines(
            AbuseDeadline, self.report, DeadlineOver.MET, at=self.happened_at, step=self.verb
        )
        set_deadlines(
            AbuseDeadline, self.report, _next_steps(self.verb, self.report), self.happened_at
        )

    def log_write(self) -> None:
        log_write(
            self.actor.who,
            f"abuse_report.{self.verb.value}",
            "abuse_report",
            self.report.pk,
            to=self.target.value,
        )


@contextmanager
def transition(
    actor: Actor,
    report_id: UUID,
    verb: AbuseVerb,
    *,
    happened_at: datetime,
    text: str = "",
    version: int | None = None,
    **texts: str,
) -> Iterator[AbuseTransition]:
    """Take one step; the body of the `with` is the verb's own part.

    Raises `NotFound` out of reach, `Forbidden` in the wrong role or agency, `PreconditionFailed` for a
    stale version, `Conflict` where the table leads nowhere, `ForAnotherDesk` for what the procedure is
    not for, `Invalid` for an impossible time or a text that tells who reported.
    """

    def lock() -> AbuseTransition:
        report = lock_report(actor, report_id)
        return AbuseTransition(
            actor=actor, row=report, verb=verb, happened_at=happened_at, text=text
        )

    with core.transition(lock, version) as change:
        _check_time(change.report, happened_at)
        refuse_to_name_the_reporter(change.report, text=text, **texts)
        yield change


def _next_steps(verb: AbuseVerb, report: AbuseReport) -> Iterable[str]:
    if verb is AbuseVerb.DECIDE and report.finding not in NEEDS_RESPONSE:
        return []
    return steps_after(DEADLINE_STEPS, verb)


def _check_time(report: AbuseReport, happened_at: datetime) -> None:
    if happened_at > clock.now():
        raise Invalid(
            {"happened_at": _("Record a step when it has been taken: a time in the past.")}
        )
    if happened_at < report.received_at:
        raise Invalid({"happened_at": _("No step is taken before the report was received.")})


def set_finding(
    report: AbuseReport,
    finding: str = "",
    grounds: str = "",
    deciders: Sequence[UUID] = (),
    at: datetime | None = None,
) -> None:
    """Set what was found, by whom and when; nothing without a finding."""
    report.finding, report.grounds = finding, grounds
    report.deciders, report.decided_at = list(deciders), at
