"""What worries begins, is joined, taken on and resolved; whoever is told follows from that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.selectors import Roster
from carenet.core import clock
from carenet.core.decisions import Decision, demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible
from carenet.reminders.actions import (
    ReminderRequest,
    cancel_reminder,
    postpone_reminder,
    schedule_reminder,
    schedule_reminders,
)
from carenet.reminders.states import EngineReason
from carenet.watchover import policy
from carenet.watchover.actions.locks import LoggedEvent, locked, log_event, log_events
from carenet.watchover.models import Alert, WatchAssignment
from carenet.watchover.selectors.escalation import AlertEscalation, policy_of, reminder_kind
from carenet.watchover.states import AlertEnd, AlertKind, AlertLevel, AlertOutcome, AlertVerb


def raise_alert(
    assignment: WatchAssignment,
    kind: AlertKind,
    level: AlertLevel,
    at: datetime,
    actor: Actor | None,
    *,
    count: int = 1,
) -> Alert:
    """Open an alert on a locked assignment, or let this join the one that is open, and chase.

    A worse level is chased from the first step on, whoever has acknowledged what was before.
    """
    alert = assignment.alerts.filter(kind=kind, resolved_at=None).first()
    if alert is None:
        alert = Alert(assignment=assignment, kind=kind, level=level, opened_at=at, joined=count)
        open_alerts([alert], lambda _assignment: actor)
        return alert
    alert.assignment = assignment
    if level <= alert.level:
        join_alerts([(alert, count)], lambda _assignment: actor)
        return alert
    alert.joined += count
    alert.level = level
    alert.release()
    alert.save()
    log_event(
        actor, AlertVerb.RAISE, assignment, alert=alert, what=str(kind), level=int(alert.level)
    )  # fmt: skip
    schedule_escalation(alert, at)
    return alert


def join_alerts(
    joining: Sequence[tuple[Alert, int]], actor_for: Callable[[WatchAssignment], Actor | None]
) -> None:
    """Let so much more of the same join each of these open alerts of locked assignments."""
    alike: dict[int, list[UUID]] = defaultdict(list)
    for alert, count in joining:
        alert.joined += count
        alert.version += 1
        alike[count].append(alert.pk)
    for count, pks in alike.items():
        Alert.objects.filter(pk__in=pks).update(
            joined=F("joined") + count, version=F("version") + 1
        )
    log_events(_logged_event(AlertVerb.JOIN, alert, actor_for) for alert, _count in joining)


def open_alerts(
    alerts: Sequence[Alert], actor_for: Callable[[WatchAssignment], Actor | None]
) -> None:
    """Open new alerts on locked assignments that have none of the kind, and chase."""
    if not alerts:
        return
    Alert.objects.bulk_create(alerts)
    log_events(_logged_event(AlertVerb.OPEN, each, actor_for) for each in alerts)
    first_steps = _first_steps(alerts)
    for kind in {each.kind for each in alerts}:
        schedule_reminders(
            reminder_kind(kind),
            [cause for each, cause in first_steps if each.kind == kind],
        )


def _logged_event(
    verb: AlertVerb, alert: Alert, actor_for: Callable[[WatchAssignment], Actor | None]
) -> LoggedEvent:
    data = {"what": str(alert.kind), "level": int(alert.level)}
    return LoggedEvent(actor_for(alert.assignment), verb, alert.assignment, alert, data=data)


def _first_steps(alerts: Sequence[Alert]) -> list[tuple[Alert, ReminderRequest]]:
    """Say from when on each is escalated, and for which agency."""
    roster, found = Roster(), []
    kinds = {each.kind for each in alerts}
    escalations = {kind: AlertEscalation(kind).with_roster(roster) for kind in kinds}
    for each in alerts:
        watch, escalation = each.assignment, escalations[each.kind]
        due = escalation.due_at(watch, escalation.policy_of(watch), 0, each.opened_at)
        agency = watch.responsible_agency
        found.append((each, ReminderRequest(each.pk, watch.code, agency, due)))
    return found


def schedule_escalation(alert: Alert, at: datetime) -> None:
    """Begin at the first step of the escalation policy that counts for the responsible agency.

    What is open is ended first: were its first step due at the same time, it would stay put off.
    """
    assignment, kind = alert.assignment, reminder_kind(alert.kind)
    escalation = AlertEscalation(alert.kind).with_roster(Roster())
    cancel_reminder(kind=kind, subject_id=alert.pk, because=EngineReason.REPLACED)
    schedule_reminder(
        kind=kind,
        subject_id=alert.pk,
        subject_code=assignment.code,
        agency=assignment.responsible_agency,
        due_at=escalation.due_at(assignment, escalation.policy_of(assignment), 0, at),
    )


@transaction.atomic
def acknowledge(
    *,
    actor: Actor,
    alert_id: UUID,
    until: datetime | None = None,
    note: str = "",
    version: int | None = None,
) -> Alert:
    """Take an alert on: nobody is told any more until then; after that the next step is.

    Without `until` for as long as the escalation policy says. Raises `Invalid` for a time that is
    not ahead or
    too far away, `Conflict` when it is resolved.
    """
    alert = _lock(actor, alert_id, policy.can_acknowledge, version)
    now = clock.now()
    escalation = policy_of(alert.assignment.responsible_agency, alert.kind)
    until = until or now + escalation.acknowledged_for
    most: int = settings.WATCH_ACKNOWLEDGED_MOST_HOURS
    if not now < until <= now + timedelta(hours=most):
        told = _("Give a time ahead, within %(most)s hours: WATCH_ACKNOWLEDGED_MOST_HOURS.")
        raise Invalid({"until": told % {"most": most}})
    alert.acknowledged_by, alert.acknowledged_until = actor.user, until
    alert.acknowledged_agency = actor.agency
    alert.acknowledged_client = actor.client_id
    alert.save_version()
    postpone_reminder(kind=reminder_kind(alert.kind), subject_id=alert.pk, until=until)
    log_event(
        actor, AlertVerb.ACKNOWLEDGE, alert.assignment,
        alert=alert, note=note, until=until.isoformat(),
    )  # fmt: skip
    return alert


@transaction.atomic
def resolve(
    *,
    actor: Actor,
    alert_id: UUID,
    outcome: AlertOutcome | str,
    note: str = "",
    version: int | None = None,
) -> Alert:
    """Say what an alert has come to; raises `Conflict` when it is resolved already."""
    alert = _lock(actor, alert_id, policy.can_resolve, version)
    end_alert(alert, AlertEnd.PERSON, actor, outcome=outcome, note=note)
    return alert


def end_alert(
    alert: Alert,
    because: AlertEnd,
    actor: Actor | None,
    *,
    outcome: AlertOutcome | str = "",
    note: str = "",
) -> None:
    """End an open alert of a locked assignment, and everything that is still said about it."""
    alert.resolved_at = clock.now()
    alert.resolved_by = actor.user if actor else None
    alert.ended_by, alert.outcome = because, outcome
    alert.save_version()
    cancel_reminder(kind=reminder_kind(alert.kind), subject_id=alert.pk, because=because)
    log_event(
        actor, AlertVerb.RESOLVE, alert.assignment,
        alert=alert, note=note, because=str(because), outcome=str(outcome),
    )  # fmt: skip


def end_alerts(
    assignment: WatchAssignment, because: AlertEnd, actor: Actor | None, *kinds: AlertKind
) -> None:
    """End the open alerts of these kinds, all without any, of a locked assignment."""
    found = assignment.alerts.filter(resolved_at=None, kind__in=kinds or AlertKind.values)
    for alert in found.order_by("pk"):
        alert.assignment = assignment
        end_alert(alert, because, actor)


def _lock(
    actor: Actor, alert_id: UUID, rule: Callable[[Actor, Alert], Decision], version: int | None
) -> Alert:
    """Lock the assignment of a visible alert, then look again."""
    of = policy.alerts_visible_to(actor).filter(pk=alert_id).values("assignment")
    assignment = get_visible(locked(WatchAssignment.objects.filter(pk__in=of)))
    alert = assignment.alerts.get(pk=alert_id)
    alert.assignment = assignment
    demand(rule(actor, alert))
    check_version(alert, version)
    if alert.resolved_at:
        raise Conflict(_("This alert is resolved. Look at what has become of it."))
    return alert
