"""Abuse reports for the table of addresses: one in each state in which somebody may act on it.

`own` took them; named are the recorder, and of the ward office its staff and its coordinator.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from carenet.abuse.actions import report as steps
from carenet.abuse.actions.deadlines import set_rule
from carenet.abuse.actions.decisions import confirm_decision, propose_decision
from carenet.abuse.actions.intake import report_abuse
from carenet.abuse.actions.other_desks import set_desk
from carenet.abuse.actions.reporter import name_reader
from carenet.abuse.models import AbuseReport
from carenet.abuse.states import AbuseVerb, Finding
from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.cases.actions.consultations import record
from tests.access.names import REPORTER, REPORTER_PHONE
from tests.access.scene import Scene
from tests.factories import a_member, a_resident

COMPARTMENT = "abuse-reports/<uuid:report_id>/reporter/"
RECEIVED = datetime(2026, 1, 4, 1, tzinfo=UTC)
THEN: dict[str, Any] = {"happened_at": datetime(2026, 1, 4, 2, tzinfo=UTC)}
STEP = {"happened_at": "2026-01-05T10:00:00+09:00", "text": "記録"}
REPORT: dict[str, Any] = {
    "received_at": RECEIVED, "channel": "phone", "victim": "older_person",
    "suspected": ["physical"], "alleged": "caregiver", "content": "怒鳴り声がする",
}  # fmt: skip


def abuse_targets(actors: dict[str, Actor]) -> dict[str, tuple[dict[str, UUID], int]]:
    """Return the ids and version of each object by its name in the table."""
    reports = {"abuse": _report(actors)}
    for name, finding, verbs in (
        ("checking", None, []),
        ("checked", None, ["check"]),
        ("proposed", Finding.FOUND, ["check", "propose"]),
        ("found", Finding.FOUND, ["check"]),
        ("not_found", Finding.NOT_FOUND, ["check"]),
        ("responding", Finding.FOUND, ["check", "plan"]),
    ):
        reports[name] = _move(actors, _report(actors), finding, verbs)
    office = a_member(actors["ward staff"].agency, Role.MANAGER)
    rule = set_rule(
        actor=office, step=AbuseVerb.DECIDE, hours=72, basis="local_rule", basis_text="区の要綱"
    )
    reader = name_reader(
        actor=actors["ward coordinator"], report_id=reports["abuse"].pk, user=_user(actors, "ward coordinator"),
    )  # fmt: skip
    elsewhere = _report(actors)
    # From before the procedure was for older persons and disability alone.
    AbuseReport.objects.filter(pk=elsewhere.pk).update(victim="child")
    reports["elsewhere"] = elsewhere
    desk = set_desk(
        actor=office,
        kind="child",
        name="こども家庭支援課",
        phone="045-000-0000",
        hours="平日",
        source="区",
    )
    found = {
        name: ({"id": each.pk, "report_id": each.pk}, each.version)
        for name, each in reports.items()
    }
    found["reader"] = ({"report_id": reports["abuse"].pk, "id": reader.pk}, 1)
    return found | {"deadline": ({"id": rule.pk}, 1), "desk": ({"id": desk.pk}, 1)}


def abuse_bodies() -> dict[str, Callable[[Scene], dict[str, Any]]]:
    """Return what the writes send."""
    report, one = REPORT | {"received_at": RECEIVED.isoformat()}, "POST abuse-reports/<uuid:id>"
    return {
        "POST abuse-reports/": lambda scene: report | {"case": scene.id_of("case")},
        f"{one}/hold-reception/": lambda _: STEP | {
            "urgency": "today", "to_check": True, "attendees": ["区 高齢者支援担当"]
        },
        f"{one}/check-facts/": lambda _: STEP | {"method": "visit", "seen_in_person": True},
        f"{one}/investigate-entry/": lambda _: STEP | {
            "attendees": ["区 高齢者支援担当"], "with_police": False
        },
        f"{one}/decide/": lambda scene: STEP | {
            "finding": "found", "deciders": [
                str(scene.user("ward staff").pk), str(scene.user("ward coordinator").pk)
            ],
        },
        f"{one}/reject-decision/": lambda _: {"text": "根拠が足りない"},
        f"{one}/withdraw-decision/": lambda _: {"text": "書き直す"},
        f"{one}/close-elsewhere/": lambda _: STEP | {"desk": "中央児童相談所"},
        f"{one}/plan/": lambda _: STEP,
        f"{one}/evaluate/": lambda _: STEP | {"evaluation": "resolved"},
        f"{one}/close/": lambda _: STEP,
        f"{one}/name/": lambda scene: {"user": str(scene.user("own colleague").pk)},
        f"PATCH {COMPARTMENT}": lambda _: {"callback": "夕方"},
        "POST abuse-reports/<uuid:report_id>/reporter-readers/": lambda scene: {
            "user": str(scene.user("ward staff").pk)
        },
        "POST deadline-rules/": lambda _: {
            "step": "plan", "working_days": 5, "basis": "local_rule", "basis_text": "区の要綱"
        },
        "POST other-desks/": lambda _: {
            "kind": "child", "name": "こども家庭支援課", "phone": "045-000-0000", "hours": "平日",
            "source": "区のホームページ",
        },
        "POST consultations/<uuid:consultation_id>/desk-calls/": lambda _: {
            "victim": "child", "alleged": "caregiver", "desk": "児童相談所", "phone": "189",
            "called_at": "2026-01-05T10:00:00+09:00", "answered_by": "当番",
        },
        "POST consultations/<uuid:consultation_id>/readers/": lambda scene: {
            "user": str(scene.user("own colleague").pk)
        },
    }  # fmt: skip


def _report(actors: dict[str, Actor]) -> AbuseReport:
    """From a consultation, in which the reporter's name stands everywhere."""
    own = actors["own staff"]
    call = record(
        actor=own, channel="phone", relationship="neighbour", subject=a_resident(own),
        topics=["abuse"], main_topic="abuse", caller_name=REPORTER, caller_phone=REPORTER_PHONE,
        content=f"{REPORTER}さんによると怒鳴り声がする", response=f"折返しは{REPORTER_PHONE}",
    )  # fmt: skip
    members = [_user(actors, "ward staff"), _user(actors, "ward coordinator")]
    return report_abuse(actor=own, consultation_id=call.pk, members=members, **REPORT)


def _move(
    actors: dict[str, Actor], report: AbuseReport, finding: Finding | None, verbs: list[str]
) -> AbuseReport:
    own: dict[str, Any] = {"actor": actors["own staff"], "report_id": report.pk, **THEN}
    report = steps.record_reception_meeting(**own, urgency="today", to_check=True, attendees=["区"])
    if "check" in verbs:
        report = steps.check_facts(**own, method="visit", seen_in_person=True)
    if finding:
        people = [_user(actors, "ward staff"), _user(actors, "ward coordinator")]
        decided = own | {"actor": actors["ward coordinator"]}
        report = propose_decision(**decided, finding=finding, text="根拠", deciders=people)
        if "propose" in verbs:
            return report
        report = confirm_decision(actor=actors["ward staff"], report_id=report.pk)
    return steps.plan_response(**own, text="計画") if "plan" in verbs else report


def _user(actors: dict[str, Actor], name: str) -> Any:
    return actors[name].user
