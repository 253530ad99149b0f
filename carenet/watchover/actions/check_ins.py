"""Somebody has looked in: what that meets, what it resolves, and what it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid, NotFound
from carenet.watchover import policy
from carenet.watchover.actions.alerts import end_alert, raise_alert
from carenet.watchover.actions.locks import lock_assignment, locked, log_event
from carenet.watchover.models import CheckIn, Expectation, WatchAssignment
from carenet.watchover.states import (
    OPENS,
    AlertEnd,
    AlertKind,
    CheckInOutcome,
    ExpectationState,
    WatchStatus,
    WatchVerb,
)

#: Clocks of telephones are not exact; and what is older than a season is no news.
SKEW, OLDEST = timedelta(minutes=5), timedelta(days=92)
_OPEN = [ExpectationState.EXPECTED, ExpectationState.MISSED]
_SETTLED = [ExpectationState.MET, ExpectationState.MISSED]


@transaction.atomic
def check_in(
    *,
    actor: Actor,
    assignment_id: UUID,
    outcome: CheckInOutcome | str,
    observed_at: datetime | None = None,
    by_proxy: bool = False,
    note: str = "",
    offline: bool = False,
    client_key: UUID | None = None,
) -> CheckIn:
    """Record that somebody has looked in, at `observed_at` (now without it).

    It meets the expectation whose window-to-grace holds that moment; else it answers the latest
    missed one, which stays missed. Either way it resolves what was said of the watcher's silence up
    to then. "No answer", "concern" and "emergency" open an alert at once, without grace. The same
    `client_key` again is the same check-in; raises `Conflict` where it says something else, and where
    nobody is watched over, `Invalid` for a moment that cannot be.
    """
    assignment = lock_assignment(actor, assignment_id, policy.can_check_in)
    return record_check_in(
        assignment,
        actor,
        outcome=outcome,
        observed_at=observed_at,
        by_proxy=by_proxy,
        note=note,
        offline=offline,
        client_key=client_key,
    )


@dataclass(frozen=True, slots=True)
class LookedIn:
    """What somebody found at one of the people on their round."""

    assignment_id: UUID
    outcome: CheckInOutcome | str
    observed_at: datetime


@transaction.atomic
def check_in_many(*, actor: Actor, round_: Sequence[LookedIn]) -> list[CheckIn]:
    """Record a whole round, all or none, in its order; each as `check_in` does."""
    wanted = {each.assignment_id for each in round_}
    held = {each.pk: each for each in locked(policy.visible_to(actor)).filter(pk__in=wanted)}
    if held.keys() != wanted:
        raise NotFound
    for assignment in held.values():
        demand(policy.can_check_in(actor, assignment))
    return [
        record_check_in(
            held[each.assignment_id], actor, outcome=each.outcome, observed_at=each.observed_at
        )
        for each in round_
    ]


def record_check_in(
    assignment: WatchAssignment,
    actor: Actor,
    *,
    outcome: CheckInOutcome | str,
    observed_at: datetime | None = None,
    by_proxy: bool = False,
    note: str = "",
    offline: bool = False,
    client_key: UUID | None = None,
) -> CheckIn:
    """Record it on a locked assignment, whose policy has been asked; raises as `check_in` does."""
    now = clock.now()
    moment = observed_at or now
    if client_key is not None:
        same = assignment.check_ins.filter(client_key=client_key).first()
        if same is not None:
            return _the_same(same, observed_at, outcome=outcome, by_proxy=by_proxy, note=note)
    _demand_watched(assignment, moment)
    _demand_possible(moment, now)
    met = _answered(assignment, moment, now)
    found = assignment.check_ins.create(
        expectation=met,
        outcome=outcome,
        observed_at=moment,
        recorded_at=now,
        **actor.attribution,
        by_proxy=by_proxy,
        note=note,
        offline=offline,
        client_key=client_key,
    )
    log_event(
        actor, WatchVerb.CHECK_IN, assignment,
        check_in=str(found.pk), outcome=str(outcome), offline=offline,
        expectation=str(met.pk) if met else None,
    )  # fmt: skip
    _end_silence(assignment, moment, actor)
    if outcome in OPENS:
        kind, level = OPENS[CheckInOutcome(outcome)]
        raise_alert(assignment, kind, level, now, actor)
    return found


def _the_same(found: CheckIn, observed_at: datetime | None, **said: object) -> CheckIn:
    """Other words under a known key are not dropped in silence: they are refused."""
    kept = {name: getattr(found, name) for name in said}
    if kept == said and observed_at in {None, found.observed_at}:
        return found
    raise Conflict(
        _("Another check-in was recorded under this key. Record yours under a key of its own."),
        code="check_in_differs",
    )


def _answered(assignment: WatchAssignment, moment: datetime, now: datetime) -> Expectation | None:
    """Return the expectation that a check-in meets, or the missed one that it comes too late for."""
    rows = assignment.expectations.order_by("window_start")
    holding = rows.filter(state__in=_OPEN, window_start__lte=moment, grace_until__gte=moment)
    met = holding.first()
    if met is not None:
        met.state, met.settled_at = ExpectationState.MET, now
        met.save(update_fields=["state", "settled_at"])
        return met
    last = rows.filter(state__in=_SETTLED, window_start__lte=moment).last()
    if last is None or last.state == ExpectationState.MET or last.check_ins.exists():
        return None
    return last


def _end_silence(assignment: WatchAssignment, moment: datetime, actor: Actor) -> None:
    """Resolve the watcher's silence, unless it has gone on after this."""
    alert = assignment.alerts.filter(kind=AlertKind.WATCHER_SILENT, resolved_at=None).first()
    if alert is None:
        return
    later = alert.expectations.filter(state=ExpectationState.MISSED, window_start__gt=moment)
    if not later.exists():
        alert.assignment = assignment
        end_alert(alert, AlertEnd.CHECK_IN, actor)


def _demand_watched(assignment: WatchAssignment, moment: datetime) -> None:
    """What was seen before a watch ended may still be told."""
    if assignment.status == WatchStatus.PROPOSED or (
        assignment.ended_at is not None and moment > assignment.ended_at
    ):
        raise Conflict(
            _("Nobody is watched over here at that time. Look at where the watch stands."),
            code="wrong_status",
        )


def _demand_possible(moment: datetime, now: datetime) -> None:
    if not now - OLDEST <= moment <= now + SKEW:
        raise Invalid({"observed_at": _("Give a time in the past three months.")})
