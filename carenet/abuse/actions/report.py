"""The steps of an abuse report, from the reception meeting to its end; its finding stands elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.abuse import policy
from carenet.abuse.actions.decisions import clear_proposal
from carenet.abuse.actions.intake import ABUSE_CAUSE
from carenet.abuse.actions.locks import lock_report
from carenet.abuse.actions.transitions import set_finding, transition
from carenet.abuse.models import AbuseDeadline, AbuseReport
from carenet.abuse.states import AbuseVerb, Evaluation
from carenet.access.actions import GrantCause, end_cause
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.agencies.selectors import actor_of
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import index, name_members
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.deadlines.actions import end_deadlines, set_deadlines
from carenet.deadlines.states import DeadlineOver


def record_reception_meeting(
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
    with transition(actor, report_id, AbuseVerb.HOLD_RECEPTION, attendees=names, **common) as step:
        report = step.report
        report.urgency, report.to_check = urgency, to_check
        step.data = {"urgency": urgency, "to_check": to_check, "attendees": list(attendees)}
        if to_check:  # set again when an earlier meeting had decided not to
            set_deadlines(AbuseDeadline, report, [AbuseVerb.CHECK_FACTS], report.received_at)
        else:
            at = clock.now()
            end_deadlines(
                AbuseDeadline, report, DeadlineOver.LAPSED, at=at, step=AbuseVerb.CHECK_FACTS
            )
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
    with transition(
        actor, report_id, AbuseVerb.CHECK_FACTS, not_seen_because=not_seen_because, **common
    ) as step:
        step.data = {
            "method": method,
            "seen_in_person": seen_in_person,
            "not_seen_because": not_seen_because,
        }
        set_finding(step.report)
        end_deadlines(
            AbuseDeadline, step.report, DeadlineOver.LAPSED, at=clock.now(), step=AbuseVerb.PLAN
        )
    return step.report


def investigate_entry(
    *, actor: Actor, report_id: UUID, attendees: Sequence[str], with_police: bool, **common: Any
) -> AbuseReport:
    """Record an entry investigation (立入調査); the ward office's alone."""
    names = "\n".join(attendees)
    with transition(
        actor, report_id, AbuseVerb.INVESTIGATE_ENTRY, attendees=names, **common
    ) as step:
        step.data = {"attendees": list(attendees), "with_police": with_police}
    return step.report


def plan_response(*, actor: Actor, report_id: UUID, **common: Any) -> AbuseReport:
    """Record the response plan; after an evaluation, the next one."""
    with transition(actor, report_id, AbuseVerb.PLAN, **common) as step:
        step.report.evaluation = ""
    return step.report


def evaluate(
    *, actor: Actor, report_id: UUID, evaluation: Evaluation, **common: Any
) -> AbuseReport:
    """Record what the response has come to: ended, or to go on with another plan."""
    with transition(actor, report_id, AbuseVerb.EVALUATE, **common) as step:
        step.report.evaluation = evaluation
        step.data = {"evaluation": evaluation.value}
    return step.report


def close(*, actor: Actor, report_id: UUID, **common: Any) -> AbuseReport:
    """Close a report: its deadlines lapse, and the ward office's share of the case ends."""
    with transition(actor, report_id, AbuseVerb.CLOSE, **common) as step:
        _close(actor, step.report)
    return step.report


def close_elsewhere(*, actor: Actor, report_id: UUID, desk: str, **common: Any) -> AbuseReport:
    """Close a report for which another desk is competent: which one, and in `text` why.

    Whatever it has come to, no finding is asked for; one that was set stays. Raises `Conflict` for a
    report that the procedure is for.
    """
    with transition(actor, report_id, AbuseVerb.CLOSE_ELSEWHERE, desk=desk, **common) as step:
        report = step.report
        if not report.elsewhere:
            raise Conflict(
                _("This report takes the procedure here: close it at its end."),
                code="procedure_here",
            )
        report.closed_for_desk = desk
        step.data = {"desk": desk}
        clear_proposal(report)
        _close(actor, report)
    return report


def _close(actor: Actor, report: AbuseReport) -> None:
    report.closed_at = clock.now()
    end_deadlines(AbuseDeadline, report, DeadlineOver.LAPSED, at=report.closed_at)
    end_cause(actor=actor, cause=GrantCause(ABUSE_CAUSE, report.pk))


@transaction.atomic
def name_person(*, actor: Actor, report_id: UUID, user: User) -> AbuseReport:
    """Name a person of the actor's own agency to the report, and so to its case.

    Raises `Forbidden` for people of other agencies, `Conflict` for whoever is named already.
    """
    report = lock_report(actor, report_id)
    theirs = actor_of(user, actor.agency)
    demand(policy.can_name(actor, report, theirs))
    if theirs and policy.can_view_report(theirs, report):
        raise Conflict(_("This person is named already."))
    name_members(report.case, actor.user, user)
    index(report.case)
    log_write(actor.who, "abuse_report.name", "abuse_report", report.pk, person=str(user.pk))
    return report
