"""The handover of a term is carried out: every watch into its new hands, all at once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from carenet.agencies.actions import lock_membership
from carenet.agencies.actors import Actor, system_actor
from carenet.core import clock
from carenet.reminders.actions import cancel_reminder
from carenet.watchover.actions.alerts import schedule_escalation
from carenet.watchover.actions.assignments import WITHOUT_WATCHER, notify_without_watcher
from carenet.watchover.actions.handover_plan import close, lock_plan, save_plan_version
from carenet.watchover.actions.locks import locked, log_event, save_version
from carenet.watchover.actions.schedule import generate_expectations, void
from carenet.watchover.models import HandoverLine, WatchAssignment, WatchHandover
from carenet.watchover.selectors.handover import (
    due_handovers,
    touched,
    weigh,
)
from carenet.watchover.states import (
    OVER_BEFORE,
    AlertKind,
    HandoverStatus,
    WatchStatus,
    WatchVerb,
)

logger = logging.getLogger(__name__)
_INSTANT = timedelta(microseconds=1)


@transaction.atomic
def carry_out(*, actor: Actor, handover_id: UUID, version: int | None = None) -> WatchHandover:
    """Hand everything over now, all or nothing; raises `Conflict` when it is done already."""
    handover = lock_plan(actor, handover_id, version)
    now = clock.now()
    late = handover.status == HandoverStatus.SCHEDULED and handover.effective_at
    _hand_over(handover, actor, min(now, late) if late else now)
    return save_plan_version(actor, handover, "carry_out")


def carry_out_due(*, now: datetime) -> bool:
    """Carry out one handover whose day has begun, as of its midnight; False when none is due.

    One that cannot be is logged, keeps the others from nothing, and is tried again by the next sweep:
    no watch of it ends meanwhile.
    """
    waiting = list(due_handovers(now).values_list("pk", flat=True))
    return any(_carry_out_one(pk, now) for pk in waiting)


def _carry_out_one(pk: UUID, now: datetime) -> bool:
    try:
        with transaction.atomic(durable=True):
            found = due_handovers(now).select_related("agency").filter(pk=pk)
            handover = found.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
            if handover is None:
                return False
            actor = system_actor(handover.agency)
            _hand_over(handover, actor, handover.effective_at or now)
            save_plan_version(actor, handover, "carry_out")
    except Exception:
        logger.exception("handover %s: could not be carried out", pk)
        return False
    return True


def _hand_over(handover: WatchHandover, actor: Actor, since: datetime) -> None:
    """Give every watch into its new hands, all at once, as of a moment."""
    _lock_members(handover)
    watches = list(locked(touched(handover)))
    lines = weigh(handover, watches, since)
    # Two commissioners may change places over one resident: nobody looks in twice on the way.
    leaving = [line.assignment.pk for line in lines if _moves(line)]
    WatchAssignment.objects.filter(pk__in=leaving).update(watcher=None, watcher_agency=None)
    for line in lines:
        if line.obstacle not in OVER_BEFORE:
            _give(line, actor, since)
    HandoverLine.objects.bulk_create(lines)
    close(handover, HandoverStatus.DONE, actor)


def _give(line: HandoverLine, actor: Actor, since: datetime) -> None:
    watch, handover = line.assignment, line.handover
    watch.watcher, watch.watcher_agency = line.watcher, line.watcher_agency
    watch.backup, watch.backup_agency = line.backup, line.backup_agency
    if line.outgoing_id:
        watch.term_from, watch.term_until = timezone.localdate(since), handover.term_until
        _go_on(watch, since)
    save_version(watch)
    log_event(
        actor, WatchVerb.HAND_OVER, watch,
        handover=str(handover.pk), watcher=str(watch.watcher_id), backup=str(watch.backup_id),
        obstacle=str(line.obstacle),
    )  # fmt: skip
    if line.outgoing_id and line.outgoing_id != line.watcher_id:
        _reschedule_reminders(watch, line)
    notify_without_watcher(watch)
    if watch.watcher_id and line.outgoing_id:
        cancel_reminder(kind=WITHOUT_WATCHER, subject_id=watch.pk, because="handed_over")


def _go_on(watch: WatchAssignment, since: datetime) -> None:
    """What is expected goes on: what stands ahead stays, what the old term ended is laid out."""
    if watch.status != WatchStatus.ACTIVE:
        return
    now, over_at = clock.now(), watch.over_at
    if over_at is not None:
        void(watch, now, since=over_at)
    watch.laid_until = min(watch.laid_until or since, since - _INSTANT)
    generate_expectations(watch, now)


def _reschedule_reminders(watch: WatchAssignment, line: HandoverLine) -> None:
    """Whoever looks in now is told of an open silence, from the first step on."""
    alert = watch.alerts.filter(kind=AlertKind.WATCHER_SILENT, resolved_at=None).first()
    if alert is None:
        return
    alert.assignment = watch
    taken_on = alert.acknowledged_until and alert.acknowledged_until > clock.now()
    if taken_on and alert.acknowledged_by_id != line.outgoing_id:
        return  # somebody who stays has it in hand
    alert.release()
    alert.save()
    schedule_escalation(alert, clock.now())


def _moves(line: HandoverLine) -> bool:
    return line.outgoing_id is not None and line.obstacle not in OVER_BEFORE


def _lock_members(handover: WatchHandover) -> None:
    """Lock the places of all who are to look in, before any watch."""
    pairs = handover.pairs.select_related("successor", "successor_agency")
    for pair in pairs.order_by("successor", "successor_agency"):
        if pair.successor and pair.successor_agency:
            lock_membership(pair.successor, pair.successor_agency)
