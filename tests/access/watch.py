"""Watches for the table of addresses: one in each state in which somebody may act on it.

`own` answers for them; its watcher looks in, and somebody of `helper` stands by.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.reminders.escalation import Hours, PolicyStep
from carenet.residents.models import Resident
from carenet.watchlists.actions.entries import send, visit, wants
from carenet.watchlists.actions.list_import import Line, import_list
from carenet.watchlists.models import ListEntry
from carenet.watchover.actions.alerts import raise_alert
from carenet.watchover.actions.assignments import propose
from carenet.watchover.actions.concerns import report
from carenet.watchover.actions.escalation_policies import set_policy
from carenet.watchover.actions.handover_plan import plan
from carenet.watchover.actions.links import make_link
from carenet.watchover.actions.pauses import pause
from carenet.watchover.actions.schedule import VisitSchedule, set_schedule
from carenet.watchover.actions.transitions import move
from carenet.watchover.escalation import Policy, Tier
from carenet.watchover.models import Concern, WatchAssignment
from carenet.watchover.selectors.concerns import hash_of
from carenet.watchover.states import AlertKind, AlertLevel, WatchVerb
from tests.access.names import WATCHED, WATCHED_KANA
from tests.access.scene import Scene
from tests.factories import a_resident
from tests.residents.samples import a_consent

#: Who has one.
PARTS = {
    "own staff", "own manager", "own coordinator", "own watcher", "own client", "helper staff",
    "ward coordinator",
}  # fmt: skip
RHYTHM: dict[str, Any] = {
    "rule": "FREQ=DAILY", "begins_at": "2026-01-05T09:00:00+09:00",
    "window_minutes": 180, "grace_minutes": 60,
}  # fmt: skip
CONCERN: dict[str, Any] = {
    "danger_to_life": True, "reporter_kind": "shop", "what": "店に来ない", "where": "大豆戸町",
    "whom": WATCHED,
}  # fmt: skip
RECEIPT = "receipt-of-the-table"


def watch_targets(actors: dict[str, Actor]) -> dict[str, tuple[dict[str, Any], int]]:
    """Return the ids and version of each object by its name in the table."""
    person = a_resident(actors["own staff"], family_name=WATCHED, family_kana=WATCHED_KANA)
    found: dict[str, tuple[dict[str, Any], int]] = {"watched": ({"id": person.pk}, 1)}
    steps = [WatchVerb.CONSENT, WatchVerb.ACTIVATE, WatchVerb.SUSPEND]
    for name, number in {"proposed": 0, "agreed": 1, "watch": 2, "suspended": 3}.items():
        other = a_resident(actors["own staff"], family_name=WATCHED, family_kana=WATCHED_KANA)
        watch = _watch(actors, person if name == "watch" else other, steps[:number])
        ids = {"id": watch.pk, "assignment_id": watch.pk}
        found[name if name == "watch" else f"{name}_watch"] = (ids, watch.version)
    watch = WatchAssignment.objects.get(pk=found["watch"][0]["id"])
    alert = raise_alert(
        watch, AlertKind.WATCHER_SILENT, AlertLevel.NOTICE, timezone.now(), actors["own staff"]
    )
    ahead = pause(
        actor=actors["own staff"], assignment_id=watch.pk, reason="travel",
        since=timezone.now() + timedelta(days=150),
    )  # fmt: skip
    own = actors["own manager"]
    ladder = Policy((PolicyStep(Tier.PLAZA, timedelta(0), Hours.ALWAYS),))
    set_policy(actor=own, agency=own.agency, kind=AlertKind.CONCERN, escalation=ladder)
    found["ladder"] = ({"agency_id": own.agency_id, "kind": "concern"}, 1)
    found["link"] = _link(actors)
    found["concern"] = _concern(actors["own staff"])
    assert watch.watcher_id
    found["reported"] = ({"id": watch.watcher_id}, 1)
    found["handover"], found["handover_ahead"] = (
        _handover(actors, day=None),
        _handover(actors, day=300),
    )
    found |= _list(actors)
    return found | {"alert": ({"id": alert.pk}, alert.version), "pause": ({"id": ahead.pk}, 1)}


def watch_bodies() -> dict[str, Callable[[Scene], dict[str, Any]]]:
    """Return what the writes send."""
    how = {"method": "phone", "sharing_basis": "CONSENT"}
    return {
        "POST watch-assignments/": lambda scene: {"resident": scene.id_of("watched"), **how},
        "POST watch-assignments/assign/": lambda scene: {
            "residents": [scene.id_of("watched")], **how
        },
        "POST watch-assignments/reassign/": lambda scene: {
            "assignments": [scene.id_of("watch")],
            "watcher": str(scene.user("own watcher").pk), "backup": None,
        },
        "POST watch-handovers/": lambda scene: {
            "pairs": [{"outgoing": str(scene.user("own manager").pk)}]
        },
        "PATCH watch-handovers/<uuid:id>/": lambda _: {"term_until": "2031-11-30"},
        "PATCH watch-assignments/<uuid:id>/": lambda _: {"safety_note": "犬がいる"},
        "POST watch-assignments/<uuid:id>/reassign/": lambda _: {"backup": None},
        "POST watch-assignments/<uuid:id>/end/": lambda _: {"reason": "wish"},
        "POST watch-assignments/<uuid:assignment_id>/schedule/": lambda _: RHYTHM,
        "PUT agencies/<uuid:agency_id>/escalation/<str:kind>/": lambda _: {
            "steps": [{"after_minutes": 0, "tier": "plaza"}]
        },
        "POST watch-assignments/<uuid:assignment_id>/rehearsal/": lambda _: {
            "began_at": timezone.now().isoformat()
        },
        "POST check-ins/": lambda scene: {"assignment": scene.id_of("watch"), "outcome": "met"},
        "POST pauses/": lambda scene: {
            "assignment": scene.id_of("watch"), "reason": "hospital",
            "until": (timezone.now() + timedelta(days=1)).isoformat(),
        },
        "POST alerts/<uuid:id>/resolve/": lambda _: {"outcome": "safe"},
        "POST signals/": lambda scene: {"signals": [{
            "assignment": scene.id_of("watch"), "key": "m-1",
            "observed_at": timezone.now().isoformat(),
        }]},
        "POST concerns/": lambda _: CONCERN,
        "POST concerns/<uuid:id>/triage/": lambda _: {"outcome": "nothing", "reason": "旅行中"},
        "POST watch-lists/import/": lambda _: {
            "name": "名簿", "delivered_on": "2026-01-05", "sharing_basis": "CLEAR_BENEFIT",
            "lines": [{"key": "1", "family_name": "阿久津", "birth": "1941-12-08"}],
        },
        "POST list-entries/screen/": lambda scene: {
            "entries": [scene.id_of("entry")], "because": "in_care",
        },
        "POST list-entries/send/": lambda scene: {
            "entries": [scene.id_of("entry")], "visitor": str(scene.user("own watcher").pk),
        },
        "POST list-entries/<uuid:id>/match/": lambda _: {"new_because": "別人"},
        "POST list-entries/<uuid:id>/screen/": lambda _: {"because": "in_care"},
        "POST list-entries/<uuid:id>/assign/": lambda _: how,
        "POST public/concerns/": lambda _: CONCERN,
        "POST public/concerns/receipt/": lambda _: {"receipt": RECEIPT},
    }  # fmt: skip


def _link(actors: dict[str, Actor]) -> tuple[dict[str, Any], int]:
    """A link of a watch of its own, whose window is open now."""
    person = a_resident(actors["own staff"], family_name=WATCHED, family_kana=WATCHED_KANA)
    watch = _watch(actors, person, [WatchVerb.CONSENT, WatchVerb.ACTIVATE])
    link, secret = make_link(actor=actors["own watcher"], assignment_id=watch.pk)
    begun = timezone.now() - timedelta(minutes=1)
    watch.expectations.filter(pk=link.expectation_id).update(window_start=begun)
    return {"secret": secret}, 1


def _handover(actors: dict[str, Actor], day: int | None) -> tuple[dict[str, UUID], int]:
    """A plan that somebody who looks in hands theirs on; one with a day may be scheduled."""
    leaving = actors["own watcher" if day is None else "own coordinator"]
    made = plan(
        actor=actors["own staff"],
        pairs=[{"outgoing": leaving.user}],
        effective_on=timezone.localdate() + timedelta(days=day) if day else None,
    )
    return {"id": made.pk}, made.version


def _list(actors: dict[str, Actor]) -> dict[str, tuple[dict[str, UUID], int]]:
    """A list of `own` with an entry in each state in which something is to be done."""
    own, watcher = actors["own staff"], actors["own watcher"]
    alike = date(1937, 7, 7)
    a_resident(own, family_name=WATCHED, family_kana=WATCHED_KANA, birth_date=alike)
    names = ("entry", "visited_entry", "wanting_entry", "unclear_entry")
    lines = [
        Line(
            key=name, family_name=WATCHED, family_kana=WATCHED_KANA,
            birth=f"1937-07-{number:02}", address=f"綱島東{number}丁目",
        )
        for number, name in enumerate(names, start=4)
    ]  # fmt: skip
    watch_list, fates = import_list(
        actor=own, name="ひとり暮らし", delivered_on=date(2026, 1, 5), lines=lines,
        sharing_basis="CLEAR_BENEFIT",
    )  # fmt: skip
    ids = {fate.key: fate.entry_id for fate in fates if fate.entry_id}
    send(actor=own, entry_ids=[ids[name] for name in names[:3]], visitor=watcher.user)
    for name in names[1:3]:
        visit(actor=own, entry_id=ids[name])
    wants(actor=own, entry_id=ids["wanting_entry"])
    rows = ListEntry.objects.in_bulk(ids.values())
    return {"watch_list": ({"id": watch_list.pk}, 1)} | {
        name: ({"id": pk, "entry_id": pk}, rows[pk].version) for name, pk in ids.items()
    }


def _concern(desk: Actor) -> tuple[dict[str, UUID], int]:
    concern, _ = report(actor=None, **CONCERN)
    found = Concern.objects.filter(pk=concern.pk)
    found.update(agency=desk.agency, receipt=hash_of(RECEIPT))
    return {"id": concern.pk}, concern.version


def _watch(actors: dict[str, Actor], person: Resident, verbs: list[WatchVerb]) -> WatchAssignment:
    own, watcher, backup = (
        actors[name] for name in ("own staff", "own watcher", "helper staff")
    )  # fmt: skip
    a_consent(own, person, backup.agency, categories=["identity"])
    watch = propose(
        actor=own, resident=person, watcher=watcher.user, backup=backup.user,
        backup_agency=backup.agency, method="visit", sharing_basis="CONSENT",
    )  # fmt: skip
    rhythm = VisitSchedule(**RHYTHM | {"begins_at": timezone.now()})
    set_schedule(actor=own, assignment_id=watch.pk, rhythm=rhythm)
    for verb in verbs:
        move(actor=own, assignment_id=watch.pk, verb=verb)
    return WatchAssignment.objects.get(pk=watch.pk)
