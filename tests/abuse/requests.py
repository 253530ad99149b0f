"""Abuse reports and their steps, for tests."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from carenet.abuse.actions.intake import report_abuse
from carenet.abuse.models import AbuseReport
from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from tests.factories import api

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

REPORTS = "/api/v1/abuse-reports/"
NAME, PHONE = "通報 太郎", "045-111-2222"
WORDS: dict[str, Any] = {
    "channel": "phone",
    "victim": "older_person",
    "suspected": ["physical", "neglect"],
    "alleged": "caregiver",
    "content": "腕にあざがある",
}


def a_report(actor: Actor, case: Case, **more: Any) -> AbuseReport:
    given: dict[str, Any] = {
        "received_at": timezone.now(),
        "reporter": {"name": NAME, "phone": PHONE},
    } | WORDS
    return report_abuse(actor=actor, case_id=case.pk, **(given | more))


def report_over_api(actor: Actor, **more: Any) -> Answer:
    """Take a report of what has just come in."""
    body = WORDS | {"received_at": timezone.now().isoformat()} | more
    return api(actor).post(REPORTS, body)


def at(report: AbuseReport, *parts: object) -> str:
    """Return the address of a report, or of something below it."""
    return "/".join([f"{REPORTS}{report.pk}", *(str(part) for part in parts), ""])


def take(actor: Actor, report: AbuseReport, verb: str, **more: Any) -> Answer:
    """Take a step now."""
    body = {"happened_at": timezone.now().isoformat(), "text": "記録"} | more
    return api(actor).post(at(report, verb), body)


def record_reception_meeting(actor: Actor, report: AbuseReport, **more: Any) -> Answer:
    words = {"urgency": "today", "to_check": True, "attendees": ["区 高齢者支援担当"]}
    return take(actor, report, "hold-reception", **(words | more))


def check_facts(actor: Actor, report: AbuseReport, **more: Any) -> Answer:
    return take(
        actor, report, "check-facts", **({"method": "visit", "seen_in_person": True} | more)
    )


def decide(
    actor: Actor, report: AbuseReport, *deciders: Actor, finding: str = "found", **more: Any
) -> Answer:
    """Propose a finding, and let another decider confirm it where it could be proposed."""
    answer = propose(actor, report, *deciders, finding=finding, **more)
    other = next((each for each in deciders if each.user_id != actor.user_id), None)
    if answer.status_code != HTTPStatus.OK or other is None:
        return answer
    return answer_proposal(other, report, "confirm-decision")


def answer_proposal(actor: Actor, report: AbuseReport, verb: str, **more: Any) -> Answer:
    """Confirm, reject or take back what is proposed."""
    return api(actor).post(at(report, verb), more)


def propose(
    actor: Actor, report: AbuseReport, *deciders: Actor, finding: str = "found", **more: Any
) -> Answer:
    people = [str(each.user_id) for each in deciders]
    return take(actor, report, "decide", finding=finding, deciders=people, **more)


def checked(worker: Actor, report: AbuseReport) -> AbuseReport:
    """Bring a report to where it is decided on."""
    assert record_reception_meeting(worker, report).status_code == 200
    assert check_facts(worker, report).status_code == 200
    return report
