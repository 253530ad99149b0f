"""What is late, and what escalates, whenever the demo starts: not only when it was filled."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, members_in_roles
from carenet.demo.facts import PLAZAS
from carenet.watchover.actions.alerts import resolve
from carenet.watchover.actions.rhythm import Rhythm, set_schedule
from carenet.watchover.actions.sweeping import note_pulse
from carenet.watchover.models import Pause, WatchAssignment
from carenet.watchover.states import WatchStatus

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor

#: So many of the first plaza are late a minute after the start, and so many are missed.
MISSED, LATE = 1, 6
#: Nobody can lay out a window of the past: the shortest one is over a minute after it opens.
WINDOW_MINUTES = 1
LATE_FOR = timedelta(hours=12)


def begin() -> list[WatchAssignment]:
    """Let a window open now that nobody will meet; return the watches, those to be missed first.

    The time since the demo ran last is noted as an outage first, or the sweep would lengthen the
    grace of these too. Without the demo's data nothing is done.
    """
    agency = Agency.objects.filter(name=PLAZAS[0].name).first()
    staff = _somebody(agency) if agency else None
    if staff is None:
        return []
    note_pulse(now=timezone.now())
    with transaction.atomic():
        shown = list(_shown(staff))
        for number, assignment in enumerate(shown):
            grace = timedelta(0) if number < MISSED else LATE_FOR
            _open_window(staff, assignment, grace)
    return shown


def _shown(staff: Actor) -> list[WatchAssignment]:
    found = WatchAssignment.objects.filter(
        responsible_agency=staff.agency, status=WatchStatus.ACTIVE, backup__isnull=False
    )
    away = Pause.objects.values("resident")
    return list(found.exclude(resident__in=away).order_by("number")[: MISSED + LATE])


def _open_window(staff: Actor, assignment: WatchAssignment, grace: timedelta) -> None:
    for alert in assignment.alerts.filter(resolved_at=None):
        resolve(actor=staff, alert_id=alert.pk, outcome="safe", note="電話で確認した。")
    set_schedule(
        actor=staff,
        assignment_id=assignment.pk,
        rhythm=Rhythm(
            rule="FREQ=DAILY",
            begins_at=timezone.now() + timedelta(seconds=1),
            window_minutes=WINDOW_MINUTES,
            grace_minutes=grace // timedelta(minutes=1),
        ),
    )


def _somebody(agency: Agency) -> Actor | None:
    person = next(iter(members_in_roles(agency, {Role.STAFF})), None)
    return actor_of(person, agency) if person else None
