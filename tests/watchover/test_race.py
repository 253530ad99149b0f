"""Several sweepers and people at the door at once: every miss is flipped once, nobody waits for long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction

from carenet.audit.models import AuditEntry
from carenet.core.errors import Conflict
from carenet.reminders.models import Reminder
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.concerns import UNTRIAGED, report
from carenet.watchover.actions.handover_execution import carry_out, carry_out_due
from carenet.watchover.actions.handover_plan import plan, schedule
from carenet.watchover.actions.locks import locked
from carenet.watchover.actions.missed_visits import mark_missed
from carenet.watchover.actions.worker import note_heartbeat
from carenet.watchover.models import (
    Alert,
    Concern,
    Expectation,
    HandoverLine,
    Outage,
    WatchAssignment,
)
from tests.watchover.watches import a_neighbourhood, a_watch, at, states

pytestmark = pytest.mark.django_db(transaction=True)
NOW = at(24, "13:00")
WATCHES, SWEEPERS = 12, 4


def together(works: Sequence[Callable[[], object]]) -> list[object]:
    """Do all of this at once, each on a connection of its own, at one o'clock."""
    start = Barrier(len(works))

    def one(work: Callable[[], object]) -> object:
        start.wait()
        try:
            return work()
        finally:
            connection.close()

    with time_machine.travel(NOW, tick=False), ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def flip_all() -> int:
    """Sweep until nothing is due; what somebody holds is left."""
    flipped = 0
    while done := mark_missed(now=NOW):
        flipped += done
    return flipped


def test_each_miss_is_flipped_once_and_told_once_whoever_looks_in_meanwhile() -> None:
    who = a_neighbourhood()
    watches = [a_watch(who) for _ in range(WATCHES)]

    def at_the_door(watch: WatchAssignment) -> object:
        return check_in(actor=who.watcher, assignment_id=watch.pk, outcome="met")

    visits = [lambda watch=watch: at_the_door(watch) for watch in watches[::2]]
    together([*visits, *[flip_all] * SWEEPERS])
    with time_machine.travel(NOW, tick=False):
        flip_all()

    found = Counter(fate for watch in watches for fate in states(watch))
    assert found["missed"] >= WATCHES // 2
    assert found["met"] == len(visits)
    assert found.total() == WATCHES
    ours = list(Expectation.objects.filter(alert__isnull=False).values_list("pk", flat=True))
    flipped = AuditEntry.objects.filter(action="watch.miss", object_ids__overlap=ours)
    ids = [pk for entry in flipped for pk in entry.object_ids]
    assert len(ids) == len(set(ids))
    opened = Alert.objects.filter(resolved_at=None)
    assert opened.count() == found["missed"]
    chased = Reminder.objects.filter(kind="watch.watcher_silent", settled_at=None)
    assert set(chased.values_list("subject_id", flat=True)) == {each.pk for each in opened}


def test_a_sweep_passes_over_a_watch_that_somebody_holds() -> None:
    who = a_neighbourhood()
    held, free = a_watch(who), a_watch(who)
    with transaction.atomic():
        locked(WatchAssignment.objects.filter(pk=held.pk)).get()
        together([flip_all])
    assert (states(held), states(free)) == ([], ["missed"])
    with time_machine.travel(NOW, tick=False):
        assert flip_all() == 1


def test_two_sweepers_that_come_back_at_once_find_one_outage() -> None:
    a_watch(a_neighbourhood())
    with time_machine.travel(at(24, "12:00"), tick=False):
        note_heartbeat(now=at(24, "12:00"))
    together([lambda: note_heartbeat(now=NOW)] * SWEEPERS)
    assert Outage.objects.count() == 1
    assert Expectation.objects.filter(outage__isnull=False).count() == 1


def test_a_handover_that_several_carry_out_at_once_is_carried_out_once() -> None:
    who = a_neighbourhood()
    watches = [a_watch(who, sharing_basis="WITHIN_PURPOSE") for _ in range(WATCHES)]
    pairs = [
        {
            "outgoing": who.watcher.user, "outgoing_agency": who.watcher.agency,
            "successor": who.backup.user, "successor_agency": who.backup.agency,
        }
    ]  # fmt: skip
    with time_machine.travel(at(23, "12:00"), tick=False):
        made = plan(actor=who.desk, pairs=pairs, effective_on=NOW.date())
        schedule(actor=who.desk, handover_id=made.pk)

    def by_hand() -> str:
        try:
            return carry_out(actor=who.desk, handover_id=made.pk).status
        except Conflict as error:
            return error.reason_code

    told = together([by_hand, by_hand, lambda: carry_out_due(now=NOW)])
    assert len([each for each in told if each in {"done", True}]) == 1
    assert set(told) <= {"done", "handover_over", True, False}
    assert HandoverLine.objects.count() == len(watches)
    assert {each.watcher for each in WatchAssignment.objects.all()} == {who.backup.user}


def test_a_concern_that_is_told_twice_at_once_is_taken_in_once() -> None:
    who, key = a_neighbourhood(), uuid4()

    def tell() -> object:
        concern, _receipt = report(
            actor=who.watcher,
            client_key=key,
            danger_to_life=False,
            reporter_kind="commissioner",
            what="新聞がたまっている",
            where="青葉台1-2",
        )
        return concern.pk

    assert set(together([tell] * SWEEPERS)) == {Concern.objects.get().pk}
    assert Reminder.objects.filter(kind=UNTRIAGED).count() == 1
