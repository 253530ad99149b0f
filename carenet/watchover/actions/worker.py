"""One run of the worker: expectations ahead, missed visits, ends of pauses.

Each is one short transaction; due rows are found through partial indexes and claimed with
`FOR UPDATE SKIP LOCKED`. What is flipped and whoever is to be told of it are written together.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from carenet.agencies.actors import system_actor
from carenet.reminders.actions import record_heartbeat
from carenet.reminders.models import Pulse
from carenet.watchover.actions.case_end import BASIS_ENDED, TERM_ENDED, notify_of_end
from carenet.watchover.actions.handover_execution import carry_out_due
from carenet.watchover.actions.locks import locked
from carenet.watchover.actions.missed_visits import mark_missed
from carenet.watchover.actions.pauses import resume_after_pause
from carenet.watchover.actions.released_alerts import release_all_left
from carenet.watchover.actions.schedule import generate_expectations
from carenet.watchover.actions.transitions import apply
from carenet.watchover.models import Expectation, Outage, WatchAssignment
from carenet.watchover.selectors.handover import awaits_handover
from carenet.watchover.states import (
    ExpectationState,
    WatchEndReason,
    WatchStatus,
    WatchVerb,
)

PULSE = "watchover"
#: A sweep that comes later than this after the last one was kept from it by ourselves.
OUTAGE_FROM = timedelta(minutes=2)
#: A watch waits so long for a handover that another sweep is at.
HANDED_OVER_WITHIN = timedelta(seconds=10)


def run_once(*, now: datetime) -> bool:
    """Do a little of all that is due; False when nothing was."""
    handed_over = carry_out_due(now=now)
    laid = generate_due_expectations(now=now)
    flipped = mark_missed(now=now)
    went_on = resume_after_pause(now=now)
    put_down = release_all_left(now=now)
    return handed_over or laid or bool(flipped) or went_on or put_down


def note_heartbeat(*, now: datetime) -> Outage | None:
    """Note that a sweep runs; where none has for a while, write that down and blame no watcher.

    What was still expected then has until the recovery and the smaller of the outage and two hours
    more; a clock that was put back only begins anew.
    """
    with transaction.atomic(durable=True):
        pulse = Pulse.objects.select_for_update(no_key=True).filter(pk=PULSE).first()
        outage = None
        if pulse is not None and now - pulse.at > OUTAGE_FROM:
            outage = Outage.objects.create(began_at=pulse.at, recovered_at=now)
            _shift(outage)
        record_heartbeat(name=PULSE, at=now)
    return outage


def generate_due_expectations(*, now: datetime) -> bool:
    """Read the rhythm of one assignment on, or end it with its term; False when none is due."""
    with transaction.atomic(durable=True):
        assignment = (
            WatchAssignment.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .select_related("responsible_agency")
            .filter(lay_out_at__lte=now)
            .order_by("lay_out_at")
            .first()
        )
        if assignment is None:
            return False
        over_at = assignment.over_at
        if over_at is not None and over_at <= now:
            _end_with_term(assignment, now)
        else:
            generate_expectations(assignment, now)
            assignment.save(update_fields=["laid_until", "lay_out_at"])
    return True


def _end_with_term(assignment: WatchAssignment, now: datetime) -> None:
    """Term or basis is over: nobody is to look in any more, nobody may.

    What a handover that is due gives a new term does not end while that is on its way.
    """
    if awaits_handover(assignment, now):
        assignment.lay_out_at = now + HANDED_OVER_WITHIN
        assignment.save(update_fields=["lay_out_at"])
        return
    held = locked(WatchAssignment.objects.filter(pk=assignment.pk)).get()
    last = held.basis_until
    by_basis = last is not None and (held.term_until is None or last < held.term_until)
    reason = WatchEndReason.BASIS_ENDED if by_basis else WatchEndReason.TERM_OVER
    if held.status == WatchStatus.ACTIVE:
        apply(held, WatchVerb.END, system_actor(held.responsible_agency), reason=reason)
        notify_of_end(held, BASIS_ENDED if by_basis else TERM_ENDED)


def _shift(outage: Outage) -> None:
    """Lengthen the grace of what was expected meanwhile; alerts that are open stay as they are."""
    until = outage.grace_until
    touched = Expectation.objects.filter(
        state=ExpectationState.EXPECTED,
        grace_until__gte=outage.began_at,
        grace_until__lt=until,
        window_start__lt=outage.recovered_at,
    )
    found = list(touched.order_by("pk").select_for_update().values_list("pk", flat=True))
    Expectation.objects.filter(pk__in=found).update(grace_until=until, outage=outage)
    outage.shifted = len(found)
    outage.save(update_fields=["shifted"])
