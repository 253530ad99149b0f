"""Abuse reports in each state, and what their steps would say if somebody meant it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from carenet.abuse.actions import report as steps
from carenet.abuse.actions.deadlines import set_rule
from carenet.abuse.actions.decisions import confirm_decision, propose_decision
from carenet.abuse.actions.intake import report_abuse
from carenet.abuse.actions.other_desks import set_desk
from carenet.abuse.models import AbuseReport, ReporterReader
from carenet.abuse.states import AbuseVerb, Finding
from carenet.agencies.actors import Actor
from carenet.cases.actions.consultation_readers import set_apart
from carenet.cases.actions.consultations import record
from carenet.cases.models import Case, Consultation
from tests.factories import a_case, a_member

BASE = "/api/v1"
RECEIVED = datetime(2026, 1, 4, 1, tzinfo=UTC)
THEN = datetime(2026, 1, 5, 1, tzinfo=UTC)


#: The addresses whose bodies are meant by `meant_of_abuse`.
OF_ABUSE = tuple(
    f"{BASE}/{each}/"
    for each in (
        "abuse-reports",
        "deadline-rules",
        "other-desks",
        "consultations/{consultation_id}",
    )
)


def set_apart_by(actor: Actor) -> Consultation:
    """Return a consultation that is for another desk."""
    call = record(
        actor=actor, channel="phone", relationship="neighbour", topics=["abuse"],
        main_topic="abuse", content="泣き声がする",
    )  # fmt: skip
    return set_apart(actor=actor, consultation_id=call.pk)


def abuse_by_address(actor: Actor, colleague: Actor, decider: Actor) -> dict[str, Model]:
    """Return a report for each address of the contract: `actor` is all of the ward office."""
    new, checking = _report(actor), _report(actor)
    checked = _report(actor, members=[decider.user])
    shared = _report(actor, members=[colleague.user])
    for report in (checking, checked):
        _reception(actor, report)
    _check(actor, checked)
    findings = (Finding.FOUND, Finding.NOT_FOUND, Finding.FOUND)
    found, ending, responding = (_decided(actor, finding) for finding in findings)
    confirming, rejecting = (_proposed(decider, actor) for _ in range(2))
    withdrawing, elsewhere = _proposed(actor, decider), _report(actor)
    # From before the procedure was for older persons and disability alone.
    type(elsewhere).objects.filter(pk=elsewhere.pk).update(victim="child")
    desk = set_desk(
        actor=actor, kind="child", name="こども家庭支援課", phone="045", hours="平日", source="区"
    )
    steps.plan_response(actor=actor, report_id=responding.pk, happened_at=THEN, text="計画")
    rule = set_rule(
        actor=actor, step=AbuseVerb.DECIDE, hours=72, basis="local_rule", basis_text="要綱"
    )
    one, of_one = f"{BASE}/abuse-reports/{{id}}", f"{BASE}/abuse-reports/{{report_id}}"
    return {
        one: new,
        of_one: shared,
        f"{one}/check-facts/": checking,
        f"{one}/investigate-entry/": checking,
        f"{one}/decide/": checked,
        f"{one}/confirm-decision/": confirming,
        f"{one}/reject-decision/": rejecting,
        f"{one}/withdraw-decision/": withdrawing,
        f"{one}/close-elsewhere/": elsewhere,
        f"{BASE}/other-desks/{{id}}": desk,
        f"{one}/plan/": found,
        f"{one}/close/": ending,
        f"{one}/evaluate/": responding,
        f"{of_one}/reporter-readers/{{id}}": ReporterReader.objects.get(report=shared),
        f"{BASE}/deadline-rules/{{id}}": rule,
    }


def meant_of_abuse(case: Case, actor: Actor, colleague: Actor, decider: Actor) -> dict[str, Any]:
    """Return what a body would say in these fields if somebody meant it."""
    soon = (timezone.now() + timedelta(days=1)).isoformat()
    return {
        "case": str(case.pk),
        "consultation": None,
        "received_at": RECEIVED.isoformat(),
        "suspected": ["physical", "neglect"],
        "reporter": {"name": "通報 太郎"},
        "members": [str(colleague.user_id)],
        "happened_at": THEN.isoformat(),
        "seen_in_person": True,
        "finding": "found",
        "deciders": [str(actor.user_id), str(decider.user_id)],
        "user": str(colleague.user_id),
        "until": soon,
        "step": "plan",
        "hours": None,
        "working_days": 5,
        "valid_from": soon,
        "also": "",
        "victim": "older_person",
        "alleged": "caregiver",
        "desk": "児童相談所",
        "kind": "child",
        "checked_on": THEN.date().isoformat(),
        "called_at": THEN.isoformat(),
    }


def _proposed(actor: Actor, other: Actor, finding: Finding = Finding.FOUND) -> AbuseReport:
    report = _report(actor, members=[other.user])
    _reception(actor, report)
    _check(actor, report)
    people = [person.user for person in (actor, other) if person.user]
    return propose_decision(
        actor=actor, report_id=report.pk, finding=finding, deciders=people,
        happened_at=THEN, text="根拠",
    )  # fmt: skip


def _report(actor: Actor, **more: Any) -> AbuseReport:
    return report_abuse(
        actor=actor,
        case_id=a_case(actor).pk,
        received_at=RECEIVED,
        channel="phone",
        victim="older_person",
        suspected=["neglect"],
        alleged="caregiver",
        content="食事を与えられていない",
        reporter={"name": "通報 花子"},
        **more,
    )


def _reception(actor: Actor, report: AbuseReport) -> None:
    steps.record_reception_meeting(
        actor=actor,
        report_id=report.pk,
        urgency="today",
        to_check=True,
        attendees=["担当"],
        happened_at=THEN,
    )


def _check(actor: Actor, report: AbuseReport) -> None:
    steps.check_facts(
        actor=actor, report_id=report.pk, method="visit", seen_in_person=True, happened_at=THEN
    )


def _decided(actor: Actor, finding: Finding) -> AbuseReport:
    colleague = a_member(actor.agency)
    report = _proposed(actor, colleague, finding)
    return confirm_decision(actor=colleague, report_id=report.pk)
