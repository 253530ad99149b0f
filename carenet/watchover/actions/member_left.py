"""Somebody who looks in leaves: the backup takes over, or the responsible agency is told."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.agencies.selectors import actor_of
from carenet.watchover.actions.assignments import notify_without_watcher
from carenet.watchover.actions.locks import locked, log_event, save_version
from carenet.watchover.models import WatchAssignment
from carenet.watchover.states import OPEN


@transaction.atomic
def release_watches(*, actor: Actor | None, membership: Membership) -> None:
    """Take watches out of a leaver's hands: registered with `agencies`.

    Who may still look in keeps them. A backup becomes the watcher, unless they have a watch over the
    same person already.
    """
    user, agency = membership.user, membership.agency
    still = actor_of(user, agency)
    if still and still.may("watch.check_in"):
        return
    for assignment in locked(watches_held(membership) | backups_held(membership)):
        if assignment.watcher_id == user.pk and assignment.watcher_agency_id == agency.pk:
            pass_to_backup(assignment)
        else:
            assignment.backup = assignment.backup_agency = None
        save_version(assignment)
        notify_without_watcher(assignment)
        log_event(actor, "lose_person", assignment, person=str(user.pk))


def watches_held(membership: Membership) -> QuerySet[WatchAssignment]:
    """Return the open watches in which a member looks in for the agency."""
    theirs = Q(watcher=membership.user_id, watcher_agency=membership.agency_id)
    return WatchAssignment.objects.filter(theirs, status__in=sorted(OPEN))


def backups_held(membership: Membership) -> QuerySet[WatchAssignment]:
    """Return the open watches in which a member stands by for the agency."""
    theirs = Q(backup=membership.user_id, backup_agency=membership.agency_id)
    return WatchAssignment.objects.filter(theirs, status__in=sorted(OPEN))


def pass_to_backup(assignment: WatchAssignment) -> None:
    """Let the backup of a locked assignment be its watcher; without one nobody is."""
    taken = WatchAssignment.objects.filter(
        resident=assignment.resident_id, watcher=assignment.backup_id, status__in=sorted(OPEN)
    )
    successor, agency = assignment.backup, assignment.backup_agency
    assignment.backup = assignment.backup_agency = None
    if successor is None or taken.exists():
        successor = agency = None
    assignment.watcher, assignment.watcher_agency = successor, agency
