"""One transition of an abuse report: what each of its steps has in common.

1. Lock case and report, 2. look whether the actor may, 3. ask the table, 4. do the step's own part,
5. write status, one event, deadlines and audit, all in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.abuse import policy
from carenet.abuse.actions.locks import lock_report
from carenet.abuse.actions.procedure import for_another_desk
from carenet.abuse.actions.reporter import refuse_to_name_the_reporter
from carenet.abuse.models import AbuseDeadline, AbuseEvent, AbuseReport
from carenet.abuse.states import (
    DEADLINE_STEPS,
    NEEDS_RESPONSE,
    AbuseRefusal,
    AbuseStatus,
    AbuseVerb,
    abuse_target,
)
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import demand_person
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.deadlines.actions import end_deadlines, set_deadlines
from carenet.deadlines.states import DeadlineOver, steps_after


@dataclass(slots=True)
class AbuseTransition:
    """A transition under way: its own part changes `report` and says `data`."""

    report: AbuseReport
    source: AbuseStatus
    data: dict[str, Any] = field(default_factory=dict)


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
    with transaction.atomic():
        report = lock_report(actor, report_id, version)
        demand(policy.can_take(actor, report, verb))
        if report.elsewhere and verb is not AbuseVerb.CLOSE_ELSEWHERE:
            raise for_another_desk(report.taken_by, report.elsewhere)
        source = AbuseStatus(report.status)
        target = abuse_target(verb, report.situation)
        if isinstance(target, AbuseRefusal):
            _refuse(verb, source, target)
        _check_time(report, happened_at)
        refuse_to_name_the_reporter(report, text=text, **texts)
        under_way = AbuseTransition(report, source)
        yield under_way
        report.status = target
        report.save_version()
        _write_event(actor, verb, under_way, happened_at, text)
        end_deadlines(AbuseDeadline, report, DeadlineOver.MET, at=happened_at, step=verb)
        set_deadlines(AbuseDeadline, report, _next_steps(verb, report), happened_at)
        log_write(
            actor.who, f"abuse_report.{verb.value}", "abuse_report", report.pk, to=target.value
        )


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


def _write_event(
    actor: Actor, verb: AbuseVerb, step: AbuseTransition, happened_at: datetime, text: str
) -> None:
    AbuseEvent.objects.create(
        report=step.report,
        verb=verb,
        from_status=step.source,
        to_status=step.report.status,
        happened_at=happened_at,
        by_agency=actor.agency,
        by_user=demand_person(actor),
        text=text,
        data=step.data,
    )


def _refuse(verb: AbuseVerb, status: AbuseStatus, refusal: AbuseRefusal) -> NoReturn:
    told = {
        AbuseRefusal.STATUS: _(
            "“%(verb)s” is not possible while the report is “%(status)s”. Read it again."
        )
        % {"verb": verb.label, "status": status.label},
        AbuseRefusal.NOT_TO_BE_CHECKED: _(
            "The reception meeting decided not to check. Record another one that decides to."
        ),
        AbuseRefusal.TO_BE_CHECKED: _("The facts are to be checked first. Record the fact check."),
        AbuseRefusal.NEEDS_RESPONSE: _(
            "This finding calls for a response. Record the plan and its evaluation first."
        ),
        AbuseRefusal.GOES_ON: _("The response goes on. Record the next plan."),
    }
    raise Conflict(told[refusal], code="wrong_status")


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
