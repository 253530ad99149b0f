"""The watch-over of an agency that closes: its successor answers for it, nobody of it looks in."""

from __future__ import annotations

from django.db.models import F

from carenet.agencies.registry import ClosureBatch
from carenet.audit.actions import log_write
from carenet.watchover.actions.assignments import notify_without_watcher
from carenet.watchover.actions.handover_plan import close, save_plan_version
from carenet.watchover.actions.locks import locked, log_event, save_version
from carenet.watchover.actions.member_left import pass_to_backup
from carenet.watchover.actions.released_alerts import release_alert
from carenet.watchover.models import Alert, Concern, WatchAssignment, WatchHandover
from carenet.watchover.states import HandoverStatus


def pass_watches(batch: ClosureBatch) -> None:
    """Let the successor answer for these watches: registered with `agencies`."""
    for assignment in locked(WatchAssignment.objects.filter(pk__in=batch.ids)):
        assignment.responsible_agency = batch.successor
        save_version(assignment)
        log_event(batch.by, "pass_on", assignment, to=str(batch.successor.pk))


def release_watchers(batch: ClosureBatch) -> None:
    """Take these watches out of the hands of its people: a backup of another agency takes over."""
    for assignment in locked(WatchAssignment.objects.filter(pk__in=batch.ids)):
        if assignment.backup_agency_id == batch.agency.pk:
            assignment.backup = assignment.backup_agency = None
        if assignment.watcher_agency_id == batch.agency.pk:
            pass_to_backup(assignment)
        save_version(assignment)
        notify_without_watcher(assignment)
        log_event(batch.by, "lose_person", assignment, cause="agency_closed")


def release_alerts_for_closure(batch: ClosureBatch) -> None:
    """Open again what its people have taken on."""
    for alert in Alert.objects.filter(pk__in=batch.ids).order_by("assignment", "pk"):
        assignment = locked(WatchAssignment.objects.filter(pk=alert.assignment_id)).get()
        release_alert(batch.by, alert, assignment)


def call_handovers_off(batch: ClosureBatch) -> None:
    """Call off what it has planned; the successor plans anew."""
    found = WatchHandover.objects.select_for_update().filter(pk__in=batch.ids).order_by("pk")
    for handover in found:
        close(handover, HandoverStatus.CANCELLED, batch.by)
        save_plan_version(batch.by, handover, "cancel", cause="agency_closed")


def pass_concerns(batch: ClosureBatch) -> None:
    """Let the successor triage these concerns, and keep those that were."""
    ids = batch.ids
    list(Concern.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    Concern.objects.filter(pk__in=ids).update(agency=batch.successor, version=F("version") + 1)
    log_write(batch.by.who, "concern.pass_on", "concern", *ids, to=str(batch.successor.pk))
