"""An alert whose taker cannot see to it any more is open again, as if their time had run out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.core import clock
from carenet.reminders.actions import postpone_reminder
from carenet.watchover.actions.locks import locked, log_event
from carenet.watchover.models import Alert, WatchAssignment
from carenet.watchover.selectors.actionable_alerts import left_alone, taken_on
from carenet.watchover.selectors.escalation import reminder_kind
from carenet.watchover.states import AlertVerb

#: As many as one transaction of a sweep opens again.
AT_ONCE = 50


@transaction.atomic
def release_alerts(*, actor: Actor | None, membership: Membership) -> None:
    """Open again what somebody has taken on and cannot see to any more: registered with `agencies`."""
    theirs = taken_on(clock.now()).filter(acknowledged_by=membership.user)
    for assignment in locked(WatchAssignment.objects.filter(pk__in=theirs.values("assignment"))):
        release_left(actor, assignment)


def release_left(actor: Actor | None, assignment: WatchAssignment) -> int:
    """Open again the alerts of a locked assignment that are in nobody's hands; return how many."""
    left = left_alone(taken_on(clock.now()).filter(assignment=assignment))
    for alert in left:
        release_alert(actor, alert, assignment)
    return len(left)


def release_all_left(*, now: datetime) -> bool:
    """Open again what a sweep finds in nobody's hands; False when there is nothing.

    Somebody's absence begins, a system is shut out, an agency closes: nobody writes to an alert then.
    """
    left = left_alone(taken_on(now))[:AT_ONCE]
    if not left:
        return False
    with transaction.atomic(durable=True):
        wanted = WatchAssignment.objects.filter(pk__in=[each.assignment_id for each in left])
        held = wanted.select_for_update(skip_locked=True, of=("self",), no_key=True)
        found = held.select_related("responsible_agency").order_by("pk")
        return sum(release_left(None, assignment) for assignment in found) > 0


def release_alert(actor: Actor | None, alert: Alert, assignment: WatchAssignment) -> None:
    person = alert.acknowledged_by_id
    alert.assignment = assignment
    alert.release()
    alert.save()
    # The step that was put off is due now; where the last one has gone out, it comes again.
    postpone_reminder(kind=reminder_kind(alert.kind), subject_id=alert.pk, until=clock.now())
    log_event(
        actor, AlertVerb.PUT_DOWN, assignment, alert=alert, person=str(person) if person else ""
    )
