"""The watches in which a member looks in or stands by go to a colleague."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from carenet.agencies.registry import HandsOn
from carenet.watchover import policy
from carenet.watchover.actions.assignments import reassign_many
from carenet.watchover.actions.member_left import backups_held, watches_held
from carenet.watchover.models import WatchAssignment
from carenet.watchover.states import OPEN


def pass_watches_on(change: HandsOn) -> None:
    """Let the colleague look in instead, unless they look in on the person already."""
    theirs = WatchAssignment.objects.filter(watcher=change.to.user_id, status__in=sorted(OPEN))
    found = _own(change, watches_held(change.membership)).filter(
        ~Exists(theirs.filter(resident=OuterRef("resident")))
    )
    _reassign(change, found, "watcher")


def pass_backups_on(change: HandsOn) -> None:
    """Let the colleague stand by instead, where it is not they who look in."""
    found = _own(change, backups_held(change.membership))
    others = Q(watcher=None) | ~Q(watcher=change.to.user_id)
    _reassign(change, found.filter(others), "backup")


def _own(change: HandsOn, held: QuerySet[WatchAssignment]) -> QuerySet[WatchAssignment]:
    """Return those that the manager's own agency answers for: only these are its to give."""
    seen = policy.visible_to(change.actor).values("pk")
    return held.filter(pk__in=seen, responsible_agency=change.actor.agency)


def _reassign(change: HandsOn, found: QuerySet[WatchAssignment], role: str) -> None:
    ids = list(found.values_list("pk", flat=True))
    reassign_many(
        actor=change.actor,
        assignment_ids=ids,
        **{role: change.successor, f"{role}_agency": change.actor.agency},
    )
