"""The steps of an abuse report, from the reception meeting to its end.

Every step 1. locks case and report, 2. looks whether the actor may take it, 3. asks the table, 4. does
its own part, 5. writes status, one event, deadlines and audit, all in one transaction.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import transaction
from django.utils.translation import gettext as _

from carenet import clock
from carenet.access.actions import Cause, end_cause
from carenet.agencies.selectors import actor_of
from carenet.audit.actions import record
from carenet.cases.actions.abuse_holding import hold_report, person
from carenet.cases.actions.abuse_reporting import ABUSE_CAUSE
from carenet.cases.actions.deadlines import end_deadlines, set_deadlines, steps_after
from carenet.cases.actions.holding import index, name_all
from carenet.cases.actions.reporter import refuse_to_name_the_reporter
from carenet.cases.models import AbuseEvent, DeadlineOver
from carenet.cases.policy import abuse as policy
from carenet.cases.states.abuse import (
    FINDINGS,
    NEEDS_RESPONSE,
    AbuseRefusal,
    AbuseStatus,
    AbuseVerb,
    Evaluation,
    Finding,
    abuse_target,
)
from carenet.decisions import demand
from carenet.errors import Conflict, Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import User
    from carenet.cases.models import AbuseReport

FEWEST_DECIDERS = 2


@dataclass(slots=True)
class AbuseStep:
    """A step under way: its own part changes `report` and says `data`."""

    report: AbuseReport
    source: AbuseStatus
    data: dict[str, Any] = field(default_factory=dict)


def hold_reception(
    *,
    actor: Actor,
    report_id: UUID,
    urgency: str,
    to_check: bool,
    attendees: Sequence[str],
    **common: Any,
) -> AbuseReport:
    """Record the reception meeting: how urgent it is, and whether the facts are checked."""
    names = "\n".join(attendees)
    with _step(actor, report_id, AbuseVerb.HOLD_RECEPTION, attendees=names, **common) as step:
        report = step.report
        report.urgency, report.to_check = urgency, to_check
        step.data = {"urgency": urgency, "to_check": to_check, "attendees": list(attendees)}
        if to_check:  # set again when an earlier meeting had decided not to
            set_deadlines(report, [AbuseVerb.CHECK_FACTS], report.received_at)
        else:
            at = clock.now()
            end_deadlines(report, DeadlineOver.LAPSED, at=at, step=AbuseVerb.CHECK_FACTS)
    return report


def check_facts(
    *,
    actor: Actor,
    report_id: UUID,
    method: str,
    seen_in_person: bool,
    not_seen_because: str = "",
    **common: Any,
) -> AbuseReport:
    """Record a fact check (事実確認).

    A finding from before it no longer stands, nor what was due because of it; the story keeps both.
    """
    if not seen_in_person and not not_seen_because:
        raise Invalid({"not_seen_because": _("Say why nobody has seen the person.")})
    with _step(
        actor, report_id, AbuseVerb.CHECK_FACTS, not_seen_because=not_seen_because, **common
    ) as step:
        step.data = {
            "method": method,
            "seen_in_person": seen_in_person,
            "not_seen_because": not_seen_because,
        }
        _set_finding(step.report)
        end_deadlines(step.report, DeadlineOver.LAPSED, at=clock.now(), step=AbuseVerb.PLAN)
    return step.report


def investigate_entry(
    *, actor: Actor, report_id: UUID, attendees: Sequence[str], with_police: bool, **common: Any
) -> AbuseReport:
    """Record an entry investigation (立入調査); the ward office's alone."""
    names = "\n".join(attendees)
    with _step(actor, report_id, AbuseVerb.INVESTIGATE_ENTRY, attendees=names, **common) as step:
        step.data = {"attendees": list(attendees), "with_police": with_police}
    return step.report


def decide(
    *,
    actor: Actor,
    report_id: UUID,
    finding: Finding,
    deciders: Sequence[User],
    happened_at: datetime,
    text: str,
    version: int | None = None,
) -> AbuseReport:
    """Record what the municipality decided in the core-member meeting, with its grounds in `text`.

    Raises `Forbidden` for anybody but a manager or coordinator of the ward office, `Invalid` for
    fewer than two deciders, others than its people, and a finding that the fact check rules out.
    """
    with _step(
        actor, report_id, AbuseVerb.DECIDE, happened_at=happened_at, text=text, version=version
    ) as step:
        report = step.report
        _check_deciders(report, deciders)
        if finding not in FINDINGS[step.source]:
            possible = _(", ").join(
                str(each.label) for each in Finding if each in FINDINGS[step.source]
            )
            raise Invalid(
                {"finding": _("As the facts stand, choose: %(possible)s.") % {"possible": possible}}
            )
        _set_finding(report, finding, text, [each.pk for each in deciders], happened_at)
        step.data = {"finding": finding.value, "deciders": [str(each.pk) for each in deciders]}
    return report


def plan_response(*, actor: Actor, report_id: UUID, **common: Any) -> AbuseReport:
    """Record the response plan; after an evaluation, the next one."""
    with _step(actor, report_id, AbuseVerb.PLAN, **common) as step:
        step.report.evaluation = ""
    return step.report


def evaluate(
    *, actor: Actor, report_id: UUID, evaluation: Evaluation, **common: Any
) -> AbuseReport:
    """Record what the response has come to: ended, or to go on with another plan."""
    with _step(actor, report_id, AbuseVerb.EVALUATE, **common) as step:
        step.report.evaluation = evaluation
        step.data = {"evaluation": evaluation.value}
    return step.report


def close(*, actor: Actor, report_id: UUID, **common: Any) -> AbuseReport:
    """Close a report: its deadlines lapse, and the ward office's share of the case ends."""
    with _step(actor, report_id, AbuseVerb.CLOSE, **common) as step:
        report = step.report
        report.closed_at = clock.now()
        end_deadlines(report, DeadlineOver.LAPSED, at=report.closed_at)
        end_cause(actor=actor, cause=Cause(ABUSE_CAUSE, report.pk))
    return report


@transaction.atomic
def name_person(*, actor: Actor, report_id: UUID, user: User) -> AbuseReport:
    """Name a person of the actor's own agency to the report, and so to its case.

    Raises `Forbidden` for people of other agencies, `Conflict` for whoever is named already.
    """
    report = hold_report(actor, report_id)
    theirs = actor_of(user, actor.agency)
    demand(policy.can_name(actor, report, theirs))
    if theirs and policy.can_view_report(theirs, report):
        raise Conflict(_("This person is named already."))
    name_all(report.case, actor.user, user)
    index(report.case)
    record(actor.who, "abuse_report.name", "abuse_report", report.pk, person=str(user.pk))
    return report


@contextmanager
def _step(
    actor: Actor,
    report_id: UUID,
    verb: AbuseVerb,
    *,
    happened_at: datetime,
    text: str = "",
    version: int | None = None,
    **texts: str,
) -> Iterator[AbuseStep]:
    """Take one step; the body of the `with` is the verb's own part.

    Raises `NotFound` out of reach, `Forbidden` in the wrong role or agency, `PreconditionFailed` for a
    stale version, `Conflict` where the table leads nowhere, `Invalid` for an impossible time or a
    text that tells who reported.
    """
    with transaction.atomic():
        report = hold_report(actor, report_id, version)
        demand(policy.can_step(actor, report, verb))
        source = AbuseStatus(report.status)
        target = abuse_target(verb, report.situation)
        if isinstance(target, AbuseRefusal):
            _refuse(verb, source, target)
        _check_time(report, happened_at)
        refuse_to_name_the_reporter(report, text=text, **texts)
        under_way = AbuseStep(report, source)
        yield under_way
        report.status = target
        report.version += 1
        report.save()
        _write_event(actor, verb, under_way, happened_at, text)
        end_deadlines(report, DeadlineOver.MET, at=happened_at, step=verb)
        set_deadlines(report, _next_steps(verb, report), happened_at)
        record(actor.who, f"abuse_report.{verb.value}", "abuse_report", report.pk, to=target.value)


def _next_steps(verb: AbuseVerb, report: AbuseReport) -> list[AbuseVerb]:
    if verb is AbuseVerb.DECIDE and report.finding not in NEEDS_RESPONSE:
        return []
    return steps_after(verb)


def _check_time(report: AbuseReport, happened_at: datetime) -> None:
    if happened_at > clock.now():
        raise Invalid(
            {"happened_at": _("Record a step when it has been taken: a time in the past.")}
        )
    if happened_at < report.received_at:
        raise Invalid({"happened_at": _("No step is taken before the report was received.")})


def _check_deciders(report: AbuseReport, deciders: Sequence[User]) -> None:
    if len(set(deciders)) < FEWEST_DECIDERS:
        raise Invalid({"deciders": _("Name at least two people: nobody decides this alone.")})
    for user in deciders:
        theirs = actor_of(user, report.ward_office)
        if not (theirs and theirs.may("abuse.view")):
            raise Invalid({"deciders": _("Those who decide are people of the ward office.")})


def _set_finding(
    report: AbuseReport,
    finding: str = "",
    grounds: str = "",
    deciders: Sequence[UUID] = (),
    at: datetime | None = None,
) -> None:
    report.finding, report.grounds = finding, grounds
    report.deciders, report.decided_at = list(deciders), at


def _write_event(
    actor: Actor, verb: AbuseVerb, step: AbuseStep, happened_at: datetime, text: str
) -> None:
    AbuseEvent.objects.create(
        report=step.report,
        verb=verb,
        from_status=step.source,
        to_status=step.report.status,
        happened_at=happened_at,
        by_agency=actor.agency,
        by_user=person(actor),
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
