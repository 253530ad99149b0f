"""A neighbourhood that is watched over, and time that passes in it with workers at work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.utils.timezone import localtime

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.reminders.actions import work_once as send_once
from carenet.reminders.models import Delivery, InboxEntry, Reminder
from carenet.residents.models import Consent, Resident
from carenet.watchover.actions.assignments import propose
from carenet.watchover.actions.schedule import VisitSchedule, set_schedule
from carenet.watchover.actions.transitions import move
from carenet.watchover.actions.worker import note_heartbeat, run_once
from carenet.watchover.models import Expectation, Pause, WatchAssignment
from carenet.watchover.states import WatchVerb
from tests.factories import a_case, a_member, a_resident, an_agency
from tests.residents.samples import a_consent

TOKYO = ZoneInfo("Asia/Tokyo")


def at(day: int, clock: str = "09:00", month: int = 11, year: int = 2026) -> datetime:
    """Return a time in Japan. The 24th of November 2026 is a Tuesday, the 23rd was a holiday."""
    hour, minute = clock.split(":")
    return datetime(year, month, day, int(hour), int(minute), tzinfo=TOKYO)


#: Before anything happens.
START = at(24, "08:00")


@dataclass
class Neighbourhood:
    """A plaza with its desk, a council with two commissioners, and the ward office."""

    desk: Actor
    watcher: Actor
    backup: Actor
    ward: Actor


def a_neighbourhood() -> Neighbourhood:
    """Everybody has been there for a while."""
    with time_machine.travel(START - timedelta(days=30), tick=False):
        return _settled_in()


def _settled_in() -> Neighbourhood:
    plaza, council = an_agency(), an_agency(AgencyKind.COMMISSIONERS_COUNCIL)
    office = an_agency(AgencyKind.WARD_OFFICE)
    return Neighbourhood(
        desk=a_member(plaza),
        watcher=a_member(council, Role.WATCHER),
        backup=a_member(council, Role.WATCHER),
        ward=a_member(office, Role.COORDINATOR),
    )


def daily(**changes: Any) -> VisitSchedule:
    """Every day from 9:00 for three hours, with an hour of grace."""
    given: dict[str, Any] = {
        "rule": "FREQ=DAILY",
        "begins_at": at(24),
        "window_minutes": 180,
        "grace_minutes": 60,
    }
    return VisitSchedule(**(given | changes))


def agreed_to(who: Neighbourhood, person: Resident, **fields: Any) -> Consent:
    """Write down that a person lets those look in who do."""
    agencies = [who.desk.agency, who.watcher.agency, who.backup.agency]
    given = {"agencies": agencies, "categories": ["identity"]} | fields
    return a_consent(who.desk, person, who.desk.agency, **given)


def a_proposal(who: Neighbourhood, **fields: Any) -> WatchAssignment:
    """Propose a watch whose basis holds: the person has consented, or their case is led here."""
    person = fields.pop("resident", None) or a_resident(who.desk)
    basis = fields.get("sharing_basis", "CONSENT")
    if basis == "CONSENT":
        agreed_to(who, person)
    elif basis == "WITHIN_PURPOSE":
        a_case(who.desk, person)
        fields.setdefault("basis_words", "見守り")
    given: dict[str, Any] = {
        "resident": person,
        "watcher": who.watcher.user,
        "watcher_agency": who.watcher.agency,
        "backup": who.backup.user,
        "backup_agency": who.backup.agency,
        "method": "visit",
        "sharing_basis": "CONSENT",
    }
    return propose(actor=who.desk, **(given | fields))


def a_watch(
    who: Neighbourhood, rhythm: VisitSchedule | None = None, now: datetime = START, **fields: Any
) -> WatchAssignment:
    """Return a watch that has begun at `now`."""
    with time_machine.travel(now, tick=False):
        watch = a_proposal(who, **fields)
        set_schedule(actor=who.desk, assignment_id=watch.pk, rhythm=rhythm or daily())
        for verb in (WatchVerb.CONSENT, WatchVerb.ACTIVATE):
            watch = move(actor=who.desk, assignment_id=watch.pk, verb=verb)
    return WatchAssignment.objects.get(pk=watch.pk)


def sweep(moment: datetime) -> None:
    """Let the workers do all that is due at a moment; the sweep is not late."""
    with time_machine.travel(moment, tick=False):
        while run_once(now=moment) | send_once(now=moment):
            pass


def next_due(*, after: datetime) -> datetime | None:
    """Return when a worker has something to do next; None: never."""
    found: list[datetime | None] = [
        *Reminder.objects.filter(settled_at=None).values_list("due_at", flat=True),
        *Delivery.objects.filter(finished_at=None).values_list("next_try_at", flat=True),
        *WatchAssignment.objects.values_list("lay_out_at", flat=True),
        *Expectation.objects.filter(settled_at=None).values_list("grace_until", flat=True),
        *Pause.objects.values_list("until", flat=True),
    ]
    return min((localtime(each) for each in found if each and each > after), default=None)


def sweep_late(moment: datetime) -> None:
    """Let the workers come back after however long they were away."""
    with time_machine.travel(moment, tick=False):
        note_heartbeat(now=moment)
    sweep(moment)


def notified(subject: Any) -> list[Any]:
    """Who has it in their inbox, in the order in which it arrived; an agency's systems apart."""
    entries = InboxEntry.objects.filter(reminder__subject_id=subject.pk, user__isnull=False)
    return list(entries.order_by("arrived_at", "id").values_list("user", flat=True))


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def windows(watch: WatchAssignment, *states: str) -> list[str]:
    """Return when the windows in these states open, in Japan, in order."""
    rows = watch.expectations.order_by("window_start")
    if states:
        rows = rows.filter(state__in=states)
    return [each.window_start.astimezone(TOKYO).strftime("%m-%d %H:%M") for each in rows]


def states(watch: WatchAssignment) -> list[str]:
    """Return what has become of each time so far, in order, what is still expected apart."""
    rows = watch.expectations.exclude(state="expected").order_by("window_start")
    return list(rows.values_list("state", flat=True))
