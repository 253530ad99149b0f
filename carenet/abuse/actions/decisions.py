"""The finding of an abuse report, decided by two: one proposes, another confirms, signed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.abuse.actions.transitions import set_finding, transition
from carenet.abuse.models import AbuseReport
from carenet.abuse.states import FINDINGS, AbuseVerb, Finding
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.agencies.selectors import actor_of
from carenet.cases.actions.locks import demand_person
from carenet.cases.policy import live_members
from carenet.core import clock
from carenet.core.errors import Invalid
from carenet.reminders.actions import cancel_reminder, schedule_reminder

FEWEST_DECIDERS = 2
#: The reminder that a proposed decision waits for another one (`carenet.cases.hooks`).
ABUSE_DECISION = "abuse.decision"


@transaction.atomic
def propose_decision(
    *,
    actor: Actor,
    report_id: UUID,
    finding: Finding,
    deciders: Sequence[User],
    happened_at: datetime,
    text: str,
    version: int | None = None,
) -> AbuseReport:
    """Propose what the core-member meeting decided, with its grounds in `text`; nothing is decided yet.

    Raises `Forbidden` for anybody but a manager or coordinator of the ward office, `Invalid` for fewer
    than two deciders, others than its people, none besides the actor who is named to the report, and
    a finding that the fact check rules out.
    """
    with transition(
        actor, report_id, AbuseVerb.PROPOSE_DECISION,
        happened_at=happened_at, text=text, version=version,
    ) as step:  # fmt: skip
        report = step.report
        _check_deciders(actor, report, deciders)
        if finding not in FINDINGS[step.source]:
            possible = _(", ").join(
                str(each.label) for each in Finding if each in FINDINGS[step.source]
            )
            raise Invalid(
                {"finding": _("As the facts stand, choose: %(possible)s.") % {"possible": possible}}
            )
        report.proposed_finding, report.proposed_grounds = finding, text
        report.proposed_deciders = [each.pk for each in deciders]
        report.proposed_by, report.proposed_at = demand_person(actor), happened_at
        report.proposed_from = step.source
        step.data = {"finding": finding.value, "deciders": [str(each.pk) for each in deciders]}
    schedule_reminder(
        kind=ABUSE_DECISION,
        subject_id=report.pk,
        subject_code=report.code,
        agency=report.ward_office,
        due_at=clock.now(),
    )
    return report


def confirm_decision(
    *, actor: Actor, report_id: UUID, text: str = "", version: int | None = None
) -> AbuseReport:
    """Confirm a proposed decision: from now on it is the municipality's finding.

    The deciders are whoever proposed and whoever confirms, each in their own sign-in. Raises
    `Forbidden` (`decided_by_two`) for whoever proposed it and whoever was not named as a decider.
    """
    with transition(
        actor, report_id, AbuseVerb.DECIDE, happened_at=clock.now(), text=text, version=version
    ) as step:
        report = step.report
        deciders = [each for each in (report.proposed_by_id, demand_person(actor).pk) if each]
        finding = report.proposed_finding
        set_finding(report, finding, report.proposed_grounds, deciders, clock.now())
        step.data = {"finding": finding, "deciders": [str(each) for each in deciders]}
        clear_proposal(report)
    return report


def reject_decision(
    *, actor: Actor, report_id: UUID, text: str, version: int | None = None
) -> AbuseReport:
    """Reject a proposed decision, with the reason in `text`: the report is where it was before."""
    return _drop_proposal(actor, report_id, AbuseVerb.REJECT_DECISION, text, version)


def withdraw_decision(
    *, actor: Actor, report_id: UUID, text: str, version: int | None = None
) -> AbuseReport:
    """Take back what one has proposed, with the reason in `text`: the report is where it was before."""
    return _drop_proposal(actor, report_id, AbuseVerb.WITHDRAW_DECISION, text, version)


def _drop_proposal(
    actor: Actor, report_id: UUID, verb: AbuseVerb, text: str, version: int | None
) -> AbuseReport:
    with transition(
        actor, report_id, verb, happened_at=clock.now(), text=text, version=version
    ) as step:
        step.data = {"finding": step.report.proposed_finding}
        clear_proposal(step.report)
    return step.report


def clear_proposal(report: AbuseReport) -> None:
    """Take the proposal off the report: the story has it."""
    report.proposed_finding = report.proposed_grounds = report.proposed_from = ""
    report.proposed_deciders = report.proposed_by = report.proposed_at = None
    cancel_reminder(kind=ABUSE_DECISION, subject_id=report.pk, because="answered")


def _check_deciders(actor: Actor, report: AbuseReport, deciders: Sequence[User]) -> None:
    if len(set(deciders)) < FEWEST_DECIDERS:
        raise Invalid({"deciders": _("Name at least two people: nobody decides this alone.")})
    for user in deciders:
        theirs = actor_of(user, report.ward_office)
        if not (theirs and theirs.may("abuse.confirm")):
            raise Invalid({"deciders": _("Those who decide are people of the ward office.")})
    others = {user for user in deciders if user.pk != actor.user_id}
    if not live_members(report.case).filter(user__in=others).exists():
        told = _("One of them, who is not you, confirms it: name them to the report first.")
        raise Invalid({"deciders": told})
