"""Histories that nobody would think of, each held against a plain model of the pages."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from carenet.agencies.actions import end_absence, record_absence
from carenet.agencies.actors import Actor
from carenet.agencies.models import Absence, CalendarException, Membership
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.reminders.actions import work_once as send_once
from carenet.reminders.models import InboxEntry, Pulse, Reminder
from carenet.watchover.actions.alerts import acknowledge, resolve
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.pauses import end_pause, pause
from carenet.watchover.actions.schedule import VisitSchedule, set_schedule
from carenet.watchover.actions.worker import note_heartbeat, run_once
from carenet.watchover.models import Alert, Expectation
from carenet.watchover.models import Pause as PauseRow
from tests.factories import a_member, a_resident
from tests.watchover.model import DAY, MINUTE, Model, Pause, Watch
from tests.watchover.model import Alert as AlertModel
from tests.watchover.watches import START, TOKYO, Neighbourhood, a_neighbourhood, a_watch, at

pytestmark = pytest.mark.django_db
END = START + timedelta(days=24)
#: The same few each time; `HISTORIES=300 python3 run.py test tests/watchover/test_histories.py`
#: draws as many new ones.
HISTORIES = int(os.environ.get("HISTORIES", "0"))
EXAMPLES, STEPS = HISTORIES or 8, 15
RULES = {
    "FREQ=HOURLY;INTERVAL=6": timedelta(hours=6),
    "FREQ=DAILY": DAY,
    "FREQ=DAILY;INTERVAL=2": 2 * DAY,
    "FREQ=DAILY;INTERVAL=3": 3 * DAY,
}
LENGTHS = st.sampled_from([30, 60, 180, 300])
steps = st.sampled_from([1, 5, 30, 61, 125, 300, 24 * 60, 2 * 24 * 60])
rhythms = st.tuples(
    st.sampled_from(sorted(RULES)), LENGTHS, LENGTHS, st.sampled_from(["keep", "skip", "move"])
)
numbers = st.integers(0, 1)


class Neighbours(RuleBasedStateMachine):
    """Two commissioners look in on one resident, each the other's backup."""

    who: Neighbourhood
    manager: Actor

    def __init__(self) -> None:
        super().__init__()
        self.now = self.minute = START
        self.steps = 0
        self.block: Any = transaction.atomic()
        # What is durable elsewhere may stand inside of it.
        self.block._from_testcase = True  # type: ignore[attr-defined]
        self.block.__enter__()

    def teardown(self) -> None:
        try:
            self.every_miss_was_flipped_once()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @initialize(
        closed=st.frozensets(
            st.dates(date(2026, 11, 25), date(2026, 12, 9)), min_size=1, max_size=5
        ),
        given=st.tuples(rhythms, rhythms),
    )
    def begin(self, closed: frozenset[date], given: tuple[Any, Any]) -> None:
        plaza = self.who.desk.agency
        CalendarException.objects.bulk_create(
            CalendarException(agency=plaza, on=day) for day in closed
        )
        names = [("watcher", "backup"), ("backup", "watcher")]
        self.model = Model(closed, [Watch(*pair) for pair in names], END + 14 * DAY)
        self.watches = []
        with time_machine.travel(START, tick=False):
            resident = a_resident(self.who.desk)
        for (watcher, backup), watch, rhythm in zip(names, self.model.watches, given, strict=True):
            first, second = self.actor(watcher), self.actor(backup)
            made = a_watch(
                self.who, self.rhythm(rhythm, at(24)), resident=resident,
                watcher=first.user, watcher_agency=first.agency,
                backup=second.user, backup_agency=second.agency,
            )  # fmt: skip
            self.watches.append(made)
            self.set_model(watch, START, at(24), rhythm)
        self.passes(1)

    # Time

    @rule(minutes=steps)
    def time_passes(self, minutes: int) -> None:
        self.passes(minutes)

    @rule(minutes=steps)
    def workers_are_away(self, minutes: int) -> None:
        self.step(minutes)
        self.sweep()

    @rule(minutes=st.sampled_from([1, 7, 45, 90]))
    def the_clock_is_put_back(self, minutes: int) -> None:
        self.step(-minutes)
        self.sweep()

    def passes(self, minutes: int) -> None:
        """Beats have come all the while; what fell due meanwhile is done at its end."""
        self.step(minutes)
        last = self.now - timedelta(seconds=5)
        Pulse.objects.update_or_create(name="watchover", defaults={"at": last})
        self.model.pulse = last
        self.sweep()

    def step(self, minutes: int) -> None:
        """No two steps are at the very same moment, wherever the clock has gone meanwhile."""
        self.steps += 1
        self.minute = min(max(self.minute + minutes * MINUTE, START), END)
        self.now = self.minute + timedelta(microseconds=self.steps)

    def sweep(self) -> None:
        with time_machine.travel(self.now, tick=False):
            note_heartbeat(now=self.now)
            while run_once(now=self.now):
                pass
            while send_once(now=self.now):
                pass
        self.model.sweep(self.now)

    # What people do

    @rule(
        number=numbers,
        ago=st.sampled_from([0, 0, 10, 100, 400, 26 * 60]),
        outcome=st.sampled_from(["met", "heard", "indirect", "no_answer", "concern", "emergency"]),
    )
    def somebody_looks_in(self, number: int, ago: int, outcome: str) -> None:
        watch, moment = self.model.watches[number], self.now - ago * MINUTE
        with time_machine.travel(self.now, tick=False):
            check_in(
                actor=self.actor(watch.watcher), assignment_id=self.watches[number].pk,
                outcome=outcome, observed_at=moment,
            )  # fmt: skip
        self.model.check_in(watch, moment, outcome, self.now)

    @rule(
        since=st.sampled_from([-300, 0, 0, 60]),
        length=st.sampled_from([None, 30, 240, 26 * 60]),
    )
    def a_pause(self, since: int, length: int | None) -> None:
        begin = self.now + since * MINUTE
        until = begin + length * MINUTE if length else None
        if not self.model.may_pause(begin, until):
            return
        with time_machine.travel(self.now, tick=False):
            pause(
                actor=self.who.desk, assignment_id=self.watches[0].pk, reason="hospital",
                since=begin, until=until,
            )  # fmt: skip
        self.model.pauses.append(Pause(begin, until))

    @precondition(lambda self: self.running() is not None)
    @rule()
    def a_pause_ends(self) -> None:
        planned = self.running()
        assert planned is not None
        row = PauseRow.objects.get(since=planned.since, until=planned.until)
        with time_machine.travel(self.now, tick=False):
            end_pause(actor=self.who.desk, pause_id=row.pk)
        planned.until = max(self.now, planned.since)

    def running(self) -> Any:
        return next(
            (
                each
                for each in self.model.pauses
                if each.until is None or each.until > max(self.now, each.since)
            ),
            None,
        )

    @rule(name=st.sampled_from(["watcher", "backup"]))
    def somebody_goes_or_comes_back(self, name: str) -> None:
        member = Membership.objects.get(user=self.actor(name).user)
        with time_machine.travel(self.now, tick=False):
            if name in self.model.away:
                absence = Absence.objects.filter(membership=member).latest("id")
                end_absence(actor=self.manager, absence=absence)
            else:
                Absence.objects.filter(membership=member).delete()  # the clock may have gone back
                record_absence(actor=self.manager, membership=member, since=START)
        self.model.away ^= {name}

    @rule(number=numbers, given=rhythms, ahead=st.sampled_from([None, None, 90, 24 * 60]))
    def another_rhythm(self, number: int, given: Any, ahead: int | None) -> None:
        since = self.now + ahead * MINUTE if ahead else self.now
        begins = since.replace(hour=9, minute=0, microsecond=0)
        with time_machine.travel(self.now, tick=False):
            set_schedule(
                actor=self.who.desk, assignment_id=self.watches[number].pk,
                rhythm=self.rhythm(given, begins), effective_from=since if ahead else None,
            )  # fmt: skip
        self.set_model(self.model.watches[number], since, begins, given)

    @precondition(lambda self: any(self.open_alerts()))
    @rule(data=st.data(), minutes=st.sampled_from([20, 90, 200]))
    def somebody_acknowledges(self, data: st.DataObject, minutes: int) -> None:
        row, alert = data.draw(st.sampled_from(list(self.open_alerts())))
        until = self.now + minutes * MINUTE
        with time_machine.travel(self.now, tick=False):
            acknowledge(actor=self.who.desk, alert_id=row.pk, until=until)
        alert.acknowledged_until = until
        if alert.due is not None:
            alert.due = until

    @precondition(lambda self: any(self.open_alerts()))
    @rule(data=st.data())
    def somebody_resolves(self, data: st.DataObject) -> None:
        row, alert = data.draw(st.sampled_from(list(self.open_alerts())))
        with time_machine.travel(self.now, tick=False):
            resolve(actor=self.who.desk, alert_id=row.pk, outcome="safe")
        alert.ended_by = "person"

    # What must be true after each of them

    @invariant()
    def each_time_has_become_what_it_must(self) -> None:
        for row, watch in zip(self.watches, self.model.watches, strict=True):
            rows = row.expectations.exclude(state="void").filter(window_start__lte=self.now)
            found = list(rows.order_by("window_start"))
            meant = [each for each in watch.windows if each.start <= self.now]
            assert [self.clock(each.window_start) for each in found] == [
                self.clock(each.start) for each in meant
            ]
            assert [(each.state, each.grace_until) for each in found] == [
                (each.fate, each.grace) for each in meant
            ]

    @invariant()
    def each_step_of_each_alert_went_out_once(self) -> None:
        for row, watch in zip(self.watches, self.model.watches, strict=True):
            found = [(each.kind, each.level, each.joined, each.ended_by, self.told(each))
                     for each in row.alerts.order_by("id")]  # fmt: skip
            assert found == [each.seen for each in watch.alerts]

    @invariant()
    def nobody_is_forgotten(self) -> None:
        """Whatever is open is chased, unless it waits for the end of a pause; nothing else is."""
        for row, alert in self.alerts():
            chased = Reminder.objects.filter(subject_id=row.pk, settled_at=None)
            meant = [alert.due] if alert.open and alert.due is not None else []
            assert list(chased.values_list("due_at", flat=True)) == meant

    def every_miss_was_flipped_once(self) -> None:
        ours = list(Expectation.objects.filter(assignment__in=self.watches).values_list("pk", flat=True))  # fmt: skip
        entries = AuditEntry.objects.filter(action="watch.miss", object_ids__overlap=ours)
        told = Counter(pk for entry in entries for pk in entry.object_ids)
        assert set(told.values()) <= {1}
        assert told.total() == sum(each.flips for each in self.model.watches)

    # Helpers

    def actor(self, name: str) -> Any:
        return getattr(self.who, name)

    def rhythm(self, given: Any, begins: datetime) -> VisitSchedule:
        text, window, grace, policy = given
        policy = "keep" if "HOURLY" in text and policy == "move" else policy
        return VisitSchedule(text, begins, window, grace, policy)

    def set_model(self, watch: Watch, since: datetime, begins: datetime, given: Any) -> None:
        rhythm = self.rhythm(given, begins)
        self.model.set_rhythm(
            watch, since, begins, RULES[rhythm.rule],
            rhythm.window_minutes, rhythm.grace_minutes, str(rhythm.holiday_policy),
        )  # fmt: skip

    def alerts(self) -> Iterator[tuple[Alert, AlertModel]]:
        for row, watch in zip(self.watches, self.model.watches, strict=True):
            yield from zip(row.alerts.order_by("id"), watch.alerts, strict=True)

    def open_alerts(self) -> Iterator[tuple[Alert, AlertModel]]:
        return ((row, alert) for row, alert in self.alerts() if alert.open)

    def told(self, alert: Alert) -> Counter[str]:
        names = {self.actor(name).user_id: name for name in ("watcher", "backup", "desk", "ward")}
        entries = InboxEntry.objects.filter(reminder__subject_id=alert.pk, user__isnull=False)
        return Counter(names[user] for user in entries.values_list("user", flat=True))

    @staticmethod
    def clock(moment: datetime) -> str:
        return moment.astimezone(TOKYO).strftime("%m-%d %H:%M")


def test_no_history_loses_a_miss_or_a_step_or_doubles_one() -> None:
    who = a_neighbourhood()
    who.desk.agency.closed_weekdays = [6]
    who.desk.agency.save()
    with time_machine.travel(START - timedelta(days=20), tick=False):
        manager = a_member(who.watcher.agency, Role.MANAGER)
    machine = type("Here", (Neighbours,), {"who": who, "manager": manager})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, database=None,
            derandomize=not HISTORIES,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # making a history shorter may take minutes
        ),
    )  # fmt: skip
