"""Whom the measurements watch over: many residents, sixty commissioners, one plaza."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from django.db import connection
from uuid_utils.compat import uuid7

from benchmarks.database import as_owner
from carenet.accounts.actions.accounts import create_account
from carenet.agencies.actions import add_member, create_agency
from carenet.agencies.models import Agency, AgencyKind, User
from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.residents.models import Resident
from carenet.watchover.models import Expectation, WatchAssignment, WatchSchedule

COMMISSIONERS = 60
AT_ONCE = 1000
#: Nobody signs in with it: the servers end with the measurement.
PASSWORD = "とても長い合言葉です-1"  # noqa: S105
_number = count(1)
#: Beyond what any measurement waits for; ahead of every sweep.
FAR = timedelta(days=1)
_FILL = """
    INSERT INTO watchover_expectation
        (id, assignment_id, schedule_id, window_start, due_at, grace_until, state)
    SELECT gen_random_uuid(), schedule.assignment_id, schedule.id,
           times.at, times.at + interval '1 hour', times.at + interval '2 hours', 'expected'
    FROM watchover_watchschedule AS schedule,
         (SELECT %s + n * interval '1 day' AS at FROM generate_series(1, %s) AS n) AS times
"""
_LOOKED_IN = """
    INSERT INTO watchover_checkin
        (id, assignment_id, outcome, observed_at, recorded_at, by_agency_id, by_user_id,
         by_client, claimed_person, by_proxy, note, offline)
    SELECT gen_random_uuid(), watch.id,
           CASE WHEN (row_number() OVER ()) %% 13 = 0 THEN 'no_answer' ELSE 'met' END,
           times.at, times.at, watch.watcher_agency_id, watch.watcher_id, '', '', false, '', false
    FROM watchover_watchassignment AS watch,
         (SELECT %s - n * interval '1 week' AS at FROM generate_series(1, %s) AS n) AS times
"""


@dataclass
class Neighbourhood:
    """The watches that have not been missed yet; each measurement takes its own of them."""

    plaza: Agency
    council: Agency
    commissioners: Sequence[User]
    free: list[WatchSchedule] = field(default_factory=list)

    def watch_over(self, residents: int) -> None:
        """Let so many more residents be watched, with nothing expected yet."""
        now = clock.now()
        people = [
            Resident(registered_by=self.plaza, family_name="測定", given_name=str(n))
            for n in range(residents)
        ]
        Resident.objects.bulk_create(people, batch_size=AT_ONCE)
        watches = [self._watch(each, n) for n, each in enumerate(people)]
        WatchAssignment.objects.bulk_create(watches, batch_size=AT_ONCE)
        schedules = [
            WatchSchedule(
                assignment=each,
                rule="FREQ=DAILY",
                begins_at=now,
                window_minutes=60,
                grace_minutes=60,
                effective_from=now,
            )
            for each in watches
        ]
        self.free += WatchSchedule.objects.bulk_create(schedules, batch_size=AT_ONCE)

    def _watch(self, resident: Resident, number: int) -> WatchAssignment:
        size = len(self.commissioners)
        return WatchAssignment(
            resident=resident,
            responsible_agency=self.plaza,
            watcher=self.commissioners[number % size],
            watcher_agency=self.council,
            backup=self.commissioners[(number + 1) % size],
            backup_agency=self.council,
            method="visit",
            sharing_basis="CONSENT",
            status="active",
            laid_until=clock.now() + FAR,
            lay_out_at=clock.now() + FAR,
        )

    def fall_due(self, graces: Sequence[datetime]) -> set[UUID]:
        """Let as many watches be missed, each at the end of its grace; return the watches."""
        taken = [self.free.pop() for _ in graces]
        Expectation.objects.bulk_create(
            [
                Expectation(
                    assignment_id=each.assignment_id,
                    schedule=each,
                    window_start=grace - timedelta(hours=2),
                    due_at=grace - timedelta(hours=1),
                    grace_until=grace,
                )
                for each, grace in zip(taken, graces, strict=True)
            ],
            batch_size=AT_ONCE,
        )
        return {each.assignment_id for each in taken}


def watched_by(plaza: Agency) -> Neighbourhood:
    """Return a council whose commissioners watch for a plaza that is there already."""
    name = f"測定 {next(_number)} {uuid7().hex[-8:]}"
    council = create_agency(actor=None, kind=AgencyKind.COMMISSIONERS_COUNCIL, name=name)
    return Neighbourhood(
        plaza, council, [_member(council, Role.WATCHER) for _ in range(COMMISSIONERS)]
    )


def a_neighbourhood() -> Neighbourhood:
    """Return a plaza, a ward office and a council whose commissioners watch."""
    name = f"測定 {next(_number)} {uuid7().hex[-8:]}"
    plaza = create_agency(actor=None, kind=AgencyKind.CARE_PLAZA, name=name)
    council = create_agency(actor=None, kind=AgencyKind.COMMISSIONERS_COUNCIL, name=name)
    office = create_agency(actor=None, kind=AgencyKind.WARD_OFFICE, name=name)
    _member(plaza, Role.STAFF)
    _member(office, Role.COORDINATOR)
    watchers = [_member(council, Role.WATCHER) for _ in range(COMMISSIONERS)]
    return Neighbourhood(plaza, council, watchers)


def look_back(weeks: int) -> None:
    """Write that each watch was looked in on every week, and found nobody once in thirteen times."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOKED_IN, [clock.now(), weeks])
    analyze()


def fill_ahead(days: int) -> None:
    """Write what is expected of every watch on so many days ahead, and tell the planner."""
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [clock.now() + FAR, days])
    analyze()


def analyze() -> None:
    """Tell the planner what there is: the owner alone may."""
    as_owner("ANALYZE")


def _member(agency: Agency, role: Role) -> User:
    key = uuid7().hex
    user = create_account(username=key, name="測定 花子", password=PASSWORD)
    add_member(actor=None, agency=agency, user=user, roles=frozenset({role}))
    return user
