"""A time in which nobody needs to look in: it silences every step, and leaves no backlog."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid, NotFound
from carenet.core.models import get_visible
from carenet.reminders.selectors import has_open_reminder
from carenet.residents.models import Resident
from carenet.rest.limits import demand_near
from carenet.watchover import policy
from carenet.watchover.actions.alerts import end_alerts, schedule_escalation
from carenet.watchover.actions.locks import lock_assignment, locked, log_event
from carenet.watchover.models import Alert, Pause, WatchAssignment
from carenet.watchover.selectors.escalation import reminder_kind
from carenet.watchover.states import (
    OPEN,
    AlertEnd,
    AlertKind,
    ExpectationState,
    PauseReason,
    WatchVerb,
)

#: What is said afterwards: longer ago is history.
LONGEST_AGO = timedelta(days=366)


@transaction.atomic
def pause(
    *,
    actor: Actor,
    assignment_id: UUID,
    reason: PauseReason | str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Pause:
    """Say that nobody needs to look in on the resident of an assignment, whoever does it.

    From now without `since`, until further notice without `until`. What was missed before stays
    missed. Raises `Invalid` for an impossible interval, `Conflict` when there is a pause then already.
    """
    assignment = lock_assignment(actor, assignment_id, policy.can_pause)
    now = clock.now()
    begin = since or now
    if begin < now - LONGEST_AGO:
        raise Invalid({"since": _("Give a time within the past year.")})
    if until is not None and until <= begin:
        raise Invalid({"until": _("Give a time after the beginning.")})
    demand_near("since", begin, "WATCH_PAUSE_MOST_DAYS")
    demand_near("until", until, "WATCH_PAUSE_MOST_DAYS")
    _demand_no_other(assignment.resident_id, begin, until)
    found = Pause.objects.create(
        resident=assignment.resident,
        since=begin,
        until=until,
        reason=reason,
        by_user=actor.user,
        by_agency=actor.agency,
    )
    log_event(actor, WatchVerb.PAUSE, assignment, pause=str(found.pk), reason=str(reason))
    return found


@transaction.atomic
def end_pause(*, actor: Actor, pause_id: UUID) -> Pause:
    """Say that somebody looks in again; a pause that had not begun does not take place.

    Raises `Conflict` when it is over already.
    """
    visible = policy.pauses_visible_to(actor).filter(pk=pause_id)
    found = get_visible(visible.select_for_update(of=("self",), no_key=True))
    watches = policy.visible_to(actor).filter(resident=found.resident_id)
    assignment = watches.select_related("responsible_agency").order_by("pk").last()
    if assignment is None:
        raise NotFound
    demand(policy.can_pause(actor, assignment))
    now = clock.now()
    if found.until is not None and found.until <= max(now, found.since):
        raise Conflict(_("This pause is over already."))
    found.until = max(now, found.since)
    found.save(update_fields=["until"])
    log_event(actor, WatchVerb.END_PAUSE, assignment, pause=str(found.pk))
    return found


def resume_after_pause(*, now: datetime) -> bool:
    """Deal with the end of one pause; False when none has ended.

    The watcher's silence from before it is over; a window that opened after it and was missed
    meanwhile keeps its alert. What worries about the resident is chased anew, once whoever has
    taken it on has had their time.
    """
    with transaction.atomic(durable=True):
        ended = (
            Pause.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(told_at=None, until__lte=now)
            .order_by("until")
            .first()
        )
        if ended is None:
            return False
        ended.told_at = now
        ended.save(update_fields=["told_at"])
        goes_on = Pause.objects.touching(now, now).filter(resident=ended.resident_id)
        if ended.until != ended.since and not goes_on.exists():
            _go_on(ended, now)
    return True


def _go_on(ended: Pause, now: datetime) -> None:
    found = WatchAssignment.objects.filter(resident=ended.resident_id, status__in=sorted(OPEN))
    for assignment in locked(found):
        if not _missed_since(assignment, ended.until):
            end_alerts(assignment, AlertEnd.PAUSE, None, AlertKind.WATCHER_SILENT)
        for alert in assignment.alerts.filter(resolved_at=None).order_by("pk"):
            alert.assignment = assignment
            if not _goes_on(alert):
                schedule_escalation(alert, max(now, alert.acknowledged_until or now))


def _missed_since(assignment: WatchAssignment, until: datetime | None) -> bool:
    return assignment.expectations.filter(
        state=ExpectationState.MISSED,
        window_start__gte=until,
        alert__kind=AlertKind.WATCHER_SILENT,
        alert__resolved_at=None,
    ).exists()


def _goes_on(alert: Alert) -> bool:
    """Whether it is about a miss from after the pause, and chased for that."""
    silent = alert.kind == AlertKind.WATCHER_SILENT
    return silent and has_open_reminder(
        reminder_kind(alert.kind), alert.pk, alert.assignment.responsible_agency
    )


def _demand_no_other(resident_id: UUID, since: datetime, until: datetime | None) -> None:
    """Two assignments of one resident can be paused at once: the resident's row stands for both."""
    Resident.objects.select_for_update(no_key=True).get(pk=resident_id)
    others = Pause.objects.filter(resident=resident_id).exclude(until=F("since"))
    overlapping = others.exclude(until__lte=since)
    if until is not None:
        overlapping = overlapping.filter(since__lt=until)
    if overlapping.exists():
        raise Conflict(
            _("There is a pause at that time already. End that one first."), code="pause_exists"
        )
