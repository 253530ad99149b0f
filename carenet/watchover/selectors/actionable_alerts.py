"""The open alerts that somebody may answer, and in whose hands they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.models import ApiClient, Membership
from carenet.agencies.roles import ABILITIES
from carenet.agencies.selectors import Roster
from carenet.core import clock
from carenet.watchover import policy
from carenet.watchover.models import Alert, Pause, WatchAssignment
from carenet.watchover.states import AlertKind, AlertState, WatchStatus


@dataclass(frozen=True, slots=True)
class ActionableAlert:
    """An alert as it stands now, and what the actor may do about it.

    `by_visit`: the actor looks in there, and a visit ends it, for nobody has looked in; during a pause
    of the person nobody is to.
    """

    alert: Alert
    state: AlertState
    mine: bool
    may_take_on: bool
    may_resolve: bool
    by_visit: bool


def answerable(actor: Actor) -> QuerySet[Alert]:
    """Return the open alerts that the actor may take on or resolve, the worst first, then the oldest.

    Kept ones, and the silence of whoever looks in, for the watcher and the backup.
    """
    found = Alert.objects.filter(resolved_at=None)
    if not actor.may("watch.respond"):
        return found.none()
    kept = WatchAssignment.objects.filter(policy.watches_of(actor))
    own = WatchAssignment.objects.filter(policy.watched_by(actor))
    theirs = Q(assignment__in=kept) | Q(kind=AlertKind.WATCHER_SILENT, assignment__in=own)
    return found.filter(theirs).order_by("-level", "opened_at", "pk")


def answers(actor: Actor, most: int) -> list[ActionableAlert]:
    """Return as many of them as that, with whom each is about; two queries."""
    return [_answer(actor, each) for each in _with_person(actor, answerable(actor))[:most]]


def answer_to(actor: Actor, alert_id: UUID) -> ActionableAlert | None:
    """Return one visible alert, open or resolved; None for any other."""
    found = _with_person(actor, policy.alerts_visible_to(actor)).filter(pk=alert_id).first()
    return _answer(actor, found) if found else None


def _with_person(actor: Actor, alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    now = clock.now()
    paused = Pause.objects.touching(now, now).filter(resident=OuterRef("resident"))
    watches = WatchAssignment.objects.select_related("resident", "responsible_agency").annotate(
        shows_address=policy.shows_address(actor), paused=Exists(paused)
    )
    return alerts.select_related("acknowledged_by", "resolved_by").prefetch_related(
        Prefetch("assignment", queryset=watches)
    )


def _answer(actor: Actor, alert: Alert) -> ActionableAlert:
    still_open = alert.resolved_at is None
    looks_in = policy.is_watcher(actor, alert.assignment)
    return ActionableAlert(
        alert=alert,
        state=alert.state_at(clock.now()),
        mine=actor.user_id is not None and alert.acknowledged_by_id == actor.user_id,
        may_take_on=still_open and bool(policy.can_acknowledge(actor, alert)),
        may_resolve=still_open and bool(policy.can_resolve(actor, alert)),
        by_visit=still_open
        and looks_in
        and alert.kind == AlertKind.WATCHER_SILENT
        and alert.assignment.status == WatchStatus.ACTIVE
        and not alert.assignment.paused,  # type: ignore[attr-defined]
    )


_RESPOND = "watch.respond"


def taken_on(now: datetime) -> QuerySet[Alert]:
    """Return the open alerts that somebody has taken on, and whose time has not run out."""
    return Alert.objects.filter(resolved_at=None, acknowledged_until__gt=now).select_related(
        "assignment__responsible_agency", "acknowledged_by", "acknowledged_agency"
    )


def left_alone(alerts: Iterable[Alert]) -> list[Alert]:
    """Return those of these that are in nobody's hands any more.

    Who took it on works there no longer, may not answer it any more, or is away. Each agency is
    read once.
    """
    roster = Roster()
    return [alert for alert in alerts if not _in_hand(alert, roster)]


def _in_hand(alert: Alert, roster: Roster) -> bool:
    agency, user = alert.acknowledged_agency, alert.acknowledged_by
    if alert.acknowledged_client:
        return _is_let_in(alert)
    if user is None:
        return agency is None  # the release before did not write down which system it was
    if agency is None:  # nor for which agency somebody acts
        return Membership.objects.current().filter(user=user, agency__active=True).exists()
    actor, staff = roster.actor(user, agency), roster.staff(agency)
    if actor is None or user.pk in staff.away:
        return False
    return bool(policy.can_acknowledge(actor, alert))


def _is_let_in(alert: Alert) -> bool:
    found = ApiClient.objects.filter(
        client_id=alert.acknowledged_client,
        agency=alert.acknowledged_agency,
        agency__active=True,
        scopes__contains=[ABILITIES[_RESPOND].scope],
    )
    return bool(found.exists())
