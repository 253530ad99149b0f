"""Somebody on whom to look in today, whatever day it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import time_machine
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.worker import run_once
from carenet.watchover.models import Alert, WatchAssignment
from tests.factories import a_member, a_resident, an_agency
from tests.watchover.watches import Neighbourhood, a_watch, daily


def a_street() -> Neighbourhood:
    """Return who looks in and who answers for it; they have been there for a month."""
    with time_machine.travel(timezone.now() - timedelta(days=30), tick=False):
        plaza, council = an_agency(), an_agency(AgencyKind.COMMISSIONERS_COUNCIL)
        return Neighbourhood(
            desk=a_member(plaza),
            watcher=a_member(council, Role.WATCHER),
            backup=a_member(council, Role.WATCHER),
            ward=a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR),
        )


def visits_of(actor: Actor) -> dict[str, UUID]:
    """Let somebody have one of each to look in on: late, due now, done, missed.

    Return ids of addresses.
    """
    with time_machine.travel(timezone.now() - timedelta(days=30), tick=False):
        desk = a_member(an_agency())
    who = Neighbourhood(desk=desk, watcher=actor, backup=desk, ward=desk)
    late_now(who, resident=a_person(who), safety_note="犬に注意。呼び鈴は二度鳴らす")
    _, due = due_now(who, resident=a_resident(who.desk, family_name="𠮷田", phone="090-1111-2222"))
    _, watch = due_now(
        who, resident=a_resident(who.desk, family_name="田中", address_protected=True)
    )
    check_in(actor=actor, assignment_id=watch.pk, outcome="met")
    gone = missed(who, resident=a_person(who, family_name="中川", family_kana="ナカガワ", phone=""))
    return {"visit": due.pk, "missed": Alert.objects.get(assignment=gone).pk}


def due_now(
    who: Neighbourhood | None = None, **fields: Any
) -> tuple[Neighbourhood, WatchAssignment]:
    """Return a watch whose window opened a minute ago, for two hours."""
    who = who or a_street()
    return who, _begun(who, timedelta(minutes=1), window_minutes=120, **fields)


def late_now(who: Neighbourhood, **fields: Any) -> WatchAssignment:
    """Return a watch whose window has closed, and whose grace lasts."""
    return _begun(who, timedelta(minutes=30), window_minutes=10, grace_minutes=600, **fields)


def missed(who: Neighbourhood, **fields: Any) -> WatchAssignment:
    """Return a watch whose grace is over, after a sweep."""
    watch = _begun(who, timedelta(hours=3), window_minutes=10, grace_minutes=10, **fields)
    while run_once(now=timezone.now()):
        pass
    return watch


def a_person(who: Neighbourhood, **fields: Any) -> Any:
    """Return a resident with all that somebody who looks in is told.

    And a birthday that they are not.
    """
    given = {
        "family_name": "佐藤", "given_name": "ハナ", "family_kana": "サトウ", "given_kana": "ハナ",
        "address": "青葉台1-2-3", "phone": "011-123-4567", "birth_date": date(1941, 2, 3),
    }  # fmt: skip
    return a_resident(who.desk, **(given | fields))


def _begun(who: Neighbourhood, ago: timedelta, **fields: Any) -> WatchAssignment:
    now = timezone.now()
    begins = (now - ago).replace(second=0, microsecond=0)
    rhythm = {key: fields.pop(key) for key in ("window_minutes", "grace_minutes") if key in fields}
    watch = a_watch(
        who, daily(begins_at=begins, **rhythm), now=begins - timedelta(minutes=5), **fields
    )
    # The sweep lays out what is expected.
    with time_machine.travel(begins - timedelta(minutes=4), tick=False):
        while run_once(now=begins - timedelta(minutes=4)):
            pass
    return watch
