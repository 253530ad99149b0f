"""Watches in each state, and what their verbs would say if somebody meant it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Model
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.reminders.escalation import Hours, PolicyStep
from carenet.watchlists.actions.entries import visit, wants
from carenet.watchlists.actions.list_import import Line, import_list
from carenet.watchlists.models import ListEntry
from carenet.watchover.actions.alerts import raise_alert
from carenet.watchover.actions.assignments import propose
from carenet.watchover.actions.concerns import report
from carenet.watchover.actions.escalation_policies import set_policy
from carenet.watchover.actions.handover_plan import plan
from carenet.watchover.actions.pauses import pause
from carenet.watchover.actions.schedule import VisitSchedule, set_schedule
from carenet.watchover.actions.transitions import move
from carenet.watchover.escalation import Policy, Tier
from carenet.watchover.models import Concern, EscalationPolicy, WatchAssignment
from carenet.watchover.selectors.concerns import hash_of
from carenet.watchover.states import AlertKind, AlertLevel, WatchVerb
from tests.factories import a_resident
from tests.residents.samples import a_consent

BASE = "/api/v1"
RECEIPT = "receipt-of-the-contract"
LADDER = f"{BASE}/agencies/{{agency_id}}/escalation/{{kind}}/"
STEPS: list[dict[str, Any]] = [{"after_minutes": 0, "tier": "plaza"}]
MEANT_OF_LIST: dict[str, Any] = {
    "agency": None, "area": None, "basis_until": None, "delivered_on": "2026-01-05",
    "sharing_basis": "CLEAR_BENEFIT",
    "lines": [{"key": "1", "family_name": "土井", "birth": "1939-10-10"}],
}  # fmt: skip


def watch_by_address(actor: Actor, colleague: Actor) -> dict[str, Model]:
    """Return a watch for each address of the contract."""
    one = f"{BASE}/watch-assignments/{{id}}"
    verbs = [WatchVerb.CONSENT, WatchVerb.ACTIVATE, WatchVerb.SUSPEND]
    proposed, agreed, active, suspended = (
        _watch(actor, colleague, verbs[:number]) for number in range(4)
    )
    alert = raise_alert(active, AlertKind.CONCERN, AlertLevel.WARNING, timezone.now(), actor)
    ahead = pause(
        actor=actor, assignment_id=suspended.pk, reason="travel",
        since=timezone.now() + timedelta(days=170),
    )  # fmt: skip
    ladder = _ladders(actor)
    return {
        f"{LADDER}": ladder,
        f"{LADDER}remove/": ladder,
        one: active,
        f"{BASE}/watch-assignments/{{assignment_id}}": active,
        f"{one}/consent/": proposed,
        f"{one}/activate/": agreed,
        f"{one}/resume/": suspended,
        f"{BASE}/alerts/{{id}}": alert,
        f"{BASE}/pauses/{{id}}": ahead,
        f"{BASE}/concerns/{{id}}": _concern(),
        f"{BASE}/watch-report/{{id}}": _person(colleague),
        f"{BASE}/watch-handovers/{{id}}": plan(
            actor=actor,
            pairs=[{"outgoing": colleague.user}],
            effective_on=timezone.localdate() + timedelta(days=100),
        ),
        **_entries(actor),
    }


def _person(actor: Actor) -> Model:
    assert actor.user
    return actor.user


def is_of_watch(address: str) -> bool:
    """Whether a body of this address is one of the watch's."""
    rooms = (
        "watch-assignments", "check-ins", "pauses", "alerts", "concerns", "public", "signals",
        "watch-handovers", "watch-lists", "list-entries",
    )  # fmt: skip
    of_room = address.startswith(tuple(f"{BASE}/{room}/" for room in rooms))
    return of_room or address.startswith(LADDER)


def meant_of_watch(
    address: str, watch: WatchAssignment, actor: Actor, colleague: Actor
) -> dict[str, Any]:
    """Return what a body would say in these fields if somebody meant it."""
    now = timezone.now()
    if address.endswith("/signals/"):
        sign = {"assignment": str(watch.pk), "key": "m-1", "observed_at": now.isoformat()}
        return {"signals": [sign]}
    if "/concerns/" in address:
        return _meant_of_concern(address)
    if "/watch-handovers/" in address:
        return _meant_of_handover(actor, colleague)
    if "/watch-lists/" in address:
        return dict(MEANT_OF_LIST)
    if address.endswith("/match/"):
        return {"resident": None, "new_because": "別人"}
    soon = (now + timedelta(hours=1)).isoformat()
    at_check_in = address.endswith("/check-ins/")
    return {
        "resident": str(watch.resident_id),
        "residents": [str(watch.resident_id)],
        "assignments": [str(watch.pk)],
        "assignment": str(watch.pk),
        "responsible_agency": str(actor.agency_id),
        "entries": [str(pk) for pk in _to_visit()] if "/list-entries/" in address else [],
        "visitor": str(colleague.user_id),
        "visitor_agency": str(actor.agency_id),
        "because": "moved",
        "at": now.isoformat(),
        "watcher": str(colleague.user_id) if "reassign" in address else None,
        "watcher_agency": str(actor.agency_id),
        "backup": None,
        "backup_agency": None,
        "method": "visit",
        "sharing_basis": "CONSENT",
        "basis_until": None,
        "term_from": None,
        "term_until": None,
        "rule": "FREQ=WEEKLY;BYDAY=TU",
        "begins_at": now.isoformat(),
        "window_minutes": 180,
        "grace_minutes": 60,
        "holiday_policy": "move",
        "effective_from": soon,
        "outcome": "met" if at_check_in else "safe",
        "observed_at": now.isoformat(),
        "client_key": str(uuid4()),
        "reason": "wish" if address.endswith("/end/") else "hospital",
        "since": now.isoformat(),
        "until": soon,
        "note": "留守",
        "steps": STEPS,
        "repeat_minutes": 60,
        "acknowledged_minutes": 120,
        "missed_on": (timezone.localdate(now) + timedelta(days=2)).isoformat(),
        "kind": "watcher_silent",
        "ladder": {"steps": STEPS},
    }


def _meant_of_handover(actor: Actor, colleague: Actor) -> dict[str, Any]:
    """Whoever is in no other plan leaves."""
    pair = {"outgoing": str(actor.user_id), "successor": str(colleague.user_id)}
    day = timezone.localdate() + timedelta(days=100)
    return {
        "pairs": [pair],
        "effective_on": day.isoformat(),
        "term_until": (day + timedelta(days=900)).isoformat(),
        "consented": [],
    }


def _meant_of_concern(address: str) -> dict[str, Any]:
    if address.endswith("/triage/"):
        return {
            "outcome": "consultation",
            "reason": "旅行中",
            "resident": None,
            "assignment": None,
            "topics": ["health"],
            "main_topic": "health",
            "urgency": "normal",
        }
    return {"observed_at": None, "municipality_code": "141097", "receipt": RECEIPT}


def _ladders(actor: Actor) -> EscalationPolicy:
    """One for each kind: the contract may ask for any."""
    ladder = Policy((PolicyStep(Tier.PLAZA, timedelta(0), Hours.ALWAYS),))
    for kind in AlertKind:
        found = set_policy(actor=actor, agency=actor.agency, kind=kind, escalation=ladder)
    return found


def _entries(actor: Actor) -> dict[str, Model]:
    """Return an entry of a list for each of its addresses."""
    a_resident(actor, family_name="江口", given_name="", birth_date=date(1942, 5, 5))
    lines = [
        Line(key=key, family_name=name, birth=birth)
        for key, name, birth in (
            ("listed", "阿久津", "1941"), ("visited", "馬場", "1938"), ("wants", "千葉", "1944"),
            ("unclear", "江口", "1942-05-05"),
        )
    ]  # fmt: skip
    watch_list, fates = import_list(
        actor=actor, name="名簿", delivered_on=date(2026, 1, 5), lines=lines,
        sharing_basis="CLEAR_BENEFIT",
    )  # fmt: skip
    for fate in fates[1:3]:
        visit(actor=actor, entry_id=fate.entry_id)  # type: ignore[arg-type]
    wants(actor=actor, entry_id=fates[2].entry_id)  # type: ignore[arg-type]
    found = {each.key: each for each in watch_list.entries.all()}
    one = f"{BASE}/list-entries/{{id}}"
    return {
        f"{BASE}/watch-lists/{{id}}": watch_list,
        one: found["listed"],
        f"{BASE}/list-entries/{{entry_id}}": found["listed"],
        f"{one}/match/": found["unclear"],
        f"{one}/wants/": found["visited"],
        f"{one}/refuse/": found["visited"],
        f"{one}/undo/": found["visited"],
        f"{one}/assign/": found["wants"],
    }


def _to_visit() -> Iterable[Any]:
    return ListEntry.objects.filter(key="listed").values_list("pk", flat=True)


def _concern() -> Concern:
    concern, _ = report(
        actor=None, danger_to_life=False, reporter_kind="shop", what="来ない", where="大豆戸町"
    )
    Concern.objects.filter(pk=concern.pk).update(receipt=hash_of(RECEIPT))
    return concern


def _watch(actor: Actor, colleague: Actor, verbs: list[WatchVerb]) -> WatchAssignment:
    person = a_resident(actor)
    a_consent(actor, person, actor.agency, categories=["identity"])
    watch = propose(
        actor=actor, resident=person, watcher=colleague.user,
        method="visit", sharing_basis="CONSENT",
    )  # fmt: skip
    rhythm = VisitSchedule("FREQ=DAILY", timezone.now(), window_minutes=60, grace_minutes=60)
    set_schedule(actor=actor, assignment_id=watch.pk, rhythm=rhythm)
    for verb in verbs:
        move(actor=actor, assignment_id=watch.pk, verb=verb)
    return WatchAssignment.objects.select_related("resident", "responsible_agency").get(pk=watch.pk)
