"""Missed visits: an expectation that nobody met in time becomes a miss, with its alert and reminder."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from carenet.agencies.actors import Actor, system_actor
from carenet.audit.actions import Entry, Who, log_writes
from carenet.watchover.actions.alerts import join_alerts, open_alerts
from carenet.watchover.models import Alert, Expectation, WatchAssignment
from carenet.watchover.states import AlertKind, AlertLevel, ExpectationState

Due = Mapping[WatchAssignment, list[Expectation]]


logger = logging.getLogger(__name__)
AT_ONCE = 100
_SILENT = AlertKind.WATCHER_SILENT


def mark_missed(*, now: datetime) -> int:
    """Mark as missed the expectations that have been due longest, each once; return how many.

    One whose assignment somebody holds is left to the next sweep. Where something fails, each
    assignment is flipped by itself: an error with one is logged and keeps the others from nothing.
    """
    with transaction.atomic(durable=True):
        due = _claim(now)
        try:
            with transaction.atomic():
                _mark(due, now)
        except Exception:
            logger.exception("watches: one of %s failed, now one by one", len(due))
            return sum(_mark_one(assignment, rows, now) for assignment, rows in due.items())
    return sum(len(rows) for rows in due.values())


def _claim(now: datetime) -> Due:
    claimed = (
        Expectation.objects.overdue(now)
        .select_related("assignment__responsible_agency")
        .select_for_update(skip_locked=True, of=("self", "assignment"), no_key=True)
        .order_by("grace_until")[:AT_ONCE]
    )
    due: dict[WatchAssignment, list[Expectation]] = defaultdict(list)
    for each in claimed:
        due[each.assignment].append(each)
    return due


def _mark_one(assignment: WatchAssignment, rows: list[Expectation], now: datetime) -> int:
    try:
        with transaction.atomic():
            _mark({assignment: rows}, now)
    except Exception:
        logger.exception("watch %s: could not be flipped", assignment.pk)
        return 0
    return len(rows)


def _mark(due: Due, now: datetime) -> None:
    """Settle what is due of locked assignments: one alert each for all that was missed."""
    states = _states(due)
    missed = {
        assignment: found
        for assignment, rows in due.items()
        if (found := [each.pk for each in rows if states[each.pk] is ExpectationState.MISSED])
    }
    _raise_alerts(missed, now)
    for state in ExpectationState:
        pks = [pk for pk, its_fate in states.items() if its_fate is state]
        if pks:
            _settle(pks, state, now)
    _record(missed)


def _settle(pks: list[UUID], state: ExpectationState, now: datetime) -> None:
    """Write down what became of them; a miss names the alert that it opened or joined."""
    changes: dict[str, object] = {"state": state, "settled_at": now}
    if state is ExpectationState.MISSED:
        theirs = Alert.objects.filter(
            kind=_SILENT, resolved_at=None, assignment=OuterRef("assignment")
        )
        changes["alert"] = Subquery(theirs.values("pk"))
    Expectation.objects.filter(pk__in=pks).update(**changes)


def _record(missed: Mapping[WatchAssignment, list[UUID]]) -> None:
    by_agency: dict[Who, list[UUID]] = defaultdict(list)
    for assignment, pks in missed.items():
        by_agency[_system_actor_of(assignment).who] += pks
    log_writes(Entry(who, "watch.miss", "expectation", pks) for who, pks in by_agency.items())


def _states(due: Due) -> dict[UUID, ExpectationState]:
    rows = [each for rows in due.values() for each in rows]
    found = Expectation.objects.filter(pk__in=[each.pk for each in rows])
    paused = set(found.paused().values_list("pk", flat=True))
    return {each.pk: _state(each, paused) for each in rows}


def _state(expectation: Expectation, paused: set[UUID]) -> ExpectationState:
    over_at = expectation.assignment.over_at
    if over_at is not None and expectation.window_start >= over_at:
        return ExpectationState.VOID
    return ExpectationState.EXCUSED if expectation.pk in paused else ExpectationState.MISSED


def _raise_alerts(missed: Mapping[WatchAssignment, list[UUID]], now: datetime) -> None:
    """Open an alert for each; what is missed besides an open one joins it."""
    open_ones = {each.assignment_id: each for each in _open_alerts(missed)}
    joining: list[tuple[Alert, int]] = []
    for assignment, pks in missed.items():
        if alert := open_ones.get(assignment.pk):
            alert.assignment = assignment
            joining.append((alert, len(pks)))
    join_alerts(joining, _system_actor_of)
    open_alerts(
        [
            Alert(
                assignment=each,
                kind=_SILENT,
                level=AlertLevel.NOTICE,
                opened_at=now,
                joined=len(pks),
            )
            for each, pks in missed.items()
            if each.pk not in open_ones
        ],
        _system_actor_of,
    )


def _system_actor_of(assignment: WatchAssignment) -> Actor:
    return system_actor(assignment.responsible_agency)


def _open_alerts(assignments: Iterable[WatchAssignment]) -> QuerySet[Alert]:
    return Alert.objects.filter(
        kind=_SILENT, resolved_at=None, assignment__in=[each.pk for each in assignments]
    )
