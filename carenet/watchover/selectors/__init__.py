"""Reads of the watch: always from what may be seen, in a fixed number of queries."""

from __future__ import annotations

from uuid import UUID

from django.db.models import BooleanField as Boolean
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from carenet.access.actor_queries import ActorQuery
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.watchover import policy
from carenet.watchover.models import (
    Alert,
    CheckIn,
    Expectation,
    Pause,
    WatchAssignment,
    WatchEvent,
    WatchSchedule,
)

_PEOPLE = ("resident", "responsible_agency", "watcher", "watcher_agency", "backup", "backup_agency")


def assignments(actor: Actor) -> QuerySet[WatchAssignment]:
    """Return the visible assignments with what their representation shows.

    Each says whether the actor keeps it (`kept`), whether the address may be shown, whether a pause
    is running and whether somebody is late.
    """
    now = clock.now()
    late = Expectation.objects.late(now).filter(assignment=OuterRef("pk"))
    paused = Pause.objects.touching(now, now).filter(resident=OuterRef("resident"))
    return (
        policy.visible_to(actor)
        .select_related(*_PEOPLE)
        .annotate(
            kept=_when(policy.watches_of(actor)),
            shows_address=policy.shows_address(actor),
            paused=Exists(paused),
            late=Exists(late),
        )
    )


def _lines_of_resident(actor: Actor, *, resident: UUID) -> QuerySet[WatchAssignment]:
    return assignments(actor).filter(resident=resident).order_by("-id")


#: The visible watches over a person as `assignments` has them, the latest first.
of_resident = ActorQuery(_lines_of_resident, "resident")


def schedules(actor: Actor, assignment: WatchAssignment) -> QuerySet[WatchSchedule]:
    """Return the rhythms of a visible assignment, the current one and those before it."""
    return policy.schedules_visible_to(actor).filter(assignment=assignment)


def expectations(actor: Actor) -> QuerySet[Expectation]:
    """Return the visible expectations; each says whether it is `late`, as everybody else does."""
    now = clock.now()
    late = Expectation.objects.late(now).filter(pk=OuterRef("pk"))
    return policy.expectations_visible_to(actor).annotate(late=Exists(late))


def check_ins(actor: Actor) -> QuerySet[CheckIn]:
    """Return the visible check-ins; `kept` says whether all words may be shown."""
    kept = WatchAssignment.objects.filter(policy.watches_of(actor), pk=OuterRef("assignment"))
    return (
        policy.check_ins_visible_to(actor)
        .select_related("by_user", "by_agency")
        .annotate(kept=Exists(kept))
    )


def alerts(actor: Actor) -> QuerySet[Alert]:
    """Return the visible alerts with what their representation shows."""
    return policy.alerts_visible_to(actor).select_related(
        "assignment__resident", "assignment__responsible_agency", "acknowledged_by", "resolved_by"
    )


def pauses(actor: Actor) -> QuerySet[Pause]:
    """Return the pauses of everybody over whom the actor sees a watch."""
    return policy.pauses_visible_to(actor).select_related("by_agency", "by_user")


def events(assignment: WatchAssignment) -> QuerySet[WatchEvent]:
    """Return the story of an assignment that the actor keeps, its alerts included."""
    return assignment.events.select_related("by_agency", "by_user")


def _when(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(value=True)),
        default=Value(value=False),
        output_field=Boolean(),
    )
