"""Whatever is open has a next time at which somebody who is there is told, and that time is bounded.

Random histories of all that can be open, with people who leave or are away, and time that passes in
between. A step that is not allowed then changes nothing; what counts is what is left.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carenet.abuse.actions import report as abuse
from carenet.abuse.actions.intake import report_abuse
from carenet.abuse.models import AbuseReport
from carenet.agencies.actions import end_membership, record_absence
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind, Membership
from carenet.agencies.roles import Role
from carenet.cases.actions.cases import edit
from carenet.core import clock
from carenet.core.errors import CarenetError
from carenet.referrals.actions.acceptance_and_outcome import accept, complete, start
from carenet.referrals.actions.decline import propose_decline
from carenet.referrals.actions.questions_and_pauses import ask, hold, resume
from carenet.referrals.models import DeclineCode, DeclinedBy, Referral, ReferralOutcome
from carenet.reminders.actions import next_notifications, schedule_unattended
from carenet.reminders.actions import work_once as tell_once
from carenet.reminders.actions.responses import acknowledge
from carenet.reminders.models import InboxEntry, Reminder
from carenet.reminders.registry import repeats
from carenet.reminders.selectors import LONGEST_SILENCE, silent_matters
from carenet.residents.actions import find_duplicates, inquire
from carenet.tasks.actions import change, give
from carenet.tasks.models import Task
from carenet.watchover.actions import alerts as alert_actions
from carenet.watchover.actions.assignments import edit as edit_watch
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.actions.concerns import report as report_concern
from carenet.watchover.actions.concerns import triage
from carenet.watchover.actions.pauses import end_pause, pause
from carenet.watchover.actions.schedule import VisitSchedule, set_schedule
from carenet.watchover.actions.transitions import move
from carenet.watchover.actions.worker import note_heartbeat, run_once
from carenet.watchover.models import Alert, Concern, Pause, WatchAssignment
from carenet.watchover.states import WatchVerb
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.watchover.watches import Neighbourhood, a_watch

Step = Callable[["Town", int], object]


pytestmark = pytest.mark.django_db
#: A Monday morning in Japan.
BEGIN = datetime(2026, 6, 1, 0, 30, tzinfo=UTC)
#: The same few each time; `SILENCES=200 python3 run.py test tests/system/test_unattended.py` draws
#: new ones.
SILENCES = int(os.environ.get("SILENCES", "0"))
REPORT: dict[str, Any] = {
    "channel": "phone", "victim": "older_person", "suspected": ["physical"],
    "alleged": "caregiver", "content": "怒鳴り声がする",
}  # fmt: skip
KNOWN: dict[str, Any] = {
    "family_name": "神宮司", "given_name": "環", "birth_date": date(1941, 12, 8),
}  # fmt: skip


@dataclass
class Town:
    """A plaza with a case, a referral and a watch; a centre, a council, and the ward office."""

    clock: time_machine.Traveller
    desk: Actor
    other: Actor
    coordinator: Actor
    watch: WatchAssignment
    case: Any
    people: list[Actor] = field(default_factory=list)

    def referral(self, number: int) -> Referral:
        return Referral.objects.order_by("pk")[number % Referral.objects.count()]


def a_town(clock: time_machine.Traveller) -> Town:
    plaza, centre = an_agency(), an_agency(AgencyKind.LIFE_SUPPORT_CENTER)
    council, office = an_agency(AgencyKind.COMMISSIONERS_COUNCIL), an_agency(AgencyKind.WARD_OFFICE)
    desk, other = a_member(plaza), a_member(centre)
    for agency in (plaza, centre, office):
        a_member(agency, Role.MANAGER)
    coordinator = a_member(office, Role.COORDINATOR)
    people = [a_member(plaza), a_member(centre), *(a_member(council, Role.WATCHER) for _ in "12")]
    who = Neighbourhood(desk, people[2], people[3], coordinator)
    rhythm = VisitSchedule("FREQ=DAILY", BEGIN, window_minutes=180, grace_minutes=60)
    watch = a_watch(who, rhythm, now=BEGIN)
    case = a_case(desk)
    a_sent_referral(desk, centre, case)
    return Town(clock, desk, other, coordinator, watch, case, people)


# The steps: each takes a number to choose by.


def time_passes(town: Town, number: int) -> None:
    """Workers are at work all the while: what falls due on the way falls due at its time."""
    hours = [1, 5, 20, 70, 24 * 9, 24 * 40][number % 6]
    for _each in range(4):
        town.clock.shift(timedelta(hours=hours / 4))
        now = clock.now()
        note_heartbeat(now=now)
        while run_once(now=now) | tell_once(now=now):
            pass
        schedule_unattended(now=now)


def next_action(town: Town, number: int) -> None:
    day = clock.today() + timedelta(days=number * 17 - 5)
    edit(actor=town.desk, case_id=town.case.pk, next_action="電話", next_action_on=day)


def task(town: Town, number: int) -> None:
    """Something else to do, here or at the centre where it sees the case; or it is put off."""
    due_on = clock.today() + timedelta(days=number * 11 - 5)
    found = Task.objects.filter(status="open").first()
    if found and number % 3 == 0:
        change(actor=town.desk, task_id=found.pk, due_on=due_on)
        return
    agency = [town.desk.agency, town.other.agency][number % 2]
    on = ("case", town.case.pk)
    give(actor=town.desk, on=on, what="書類を届ける", due_on=due_on, agency=agency)


def refer(town: Town, number: int) -> None:
    a_sent_referral(
        town.desk, town.other.agency, town.case, need=["housing", "visit_care"][number % 2]
    )


def answer(town: Town, number: int) -> None:
    """The centre does the next of what it can."""
    one: Any = {"actor": town.other, "referral_id": town.referral(number).pk}
    day = clock.today()
    steps: list[Callable[[], object]] = [
        lambda: accept(**one),
        lambda: start(**one, first_contact_on=day),
        lambda: hold(**one, reason="入院", review_on=day + timedelta(days=1 + number * 7)),
        lambda: resume(**one),
        lambda: ask(**one, question="鍵は?"),
        lambda: complete(**one, outcome=ReferralOutcome.SERVICE_STARTED, report="通所"),
        lambda: propose_decline(
            **one, code=DeclineCode.NO_CAPACITY, declined_by=DeclinedBy.PROVIDER
        ),
    ]
    steps[number % len(steps)]()


def move_watch(town: Town, number: int) -> None:
    verb = [WatchVerb.SUSPEND, WatchVerb.RESUME, WatchVerb.SUSPEND][number % 3]
    move(actor=town.desk, assignment_id=town.watch.pk, verb=verb)


def other_rhythm(town: Town, number: int) -> None:
    rule = ["FREQ=DAILY;COUNT=2", "FREQ=WEEKLY", "FREQ=YEARLY;INTERVAL=3", "FREQ=DAILY"][number % 4]
    rhythm = VisitSchedule(
        rule, clock.now() + timedelta(hours=2), window_minutes=60, grace_minutes=60
    )
    set_schedule(actor=town.desk, assignment_id=town.watch.pk, rhythm=rhythm)


def other_term(town: Town, number: int) -> None:
    """Another last day for the watch, or none."""
    last = None if number == 0 else clock.today() + timedelta(days=number * 5)
    edit_watch(actor=town.desk, assignment_id=town.watch.pk, term_until=last)


def rest(town: Town, number: int) -> None:
    """A pause, with an end or without; or its end."""
    lasting = Pause.objects.filter(until=None).first()
    if lasting and number % 2:
        end_pause(actor=town.desk, pause_id=lasting.pk)
        return
    until = None if number % 3 == 0 else clock.now() + timedelta(days=number)
    pause(actor=town.desk, assignment_id=town.watch.pk, reason="hospital", until=until)


def look_in(town: Town, number: int) -> None:
    outcome = ["met", "no_answer", "concern", "emergency"][number % 4]
    check_in(actor=town.desk, assignment_id=town.watch.pk, outcome=outcome)


def take_on_alert(town: Town, number: int) -> None:
    who = [town.desk, town.people[0], town.coordinator][number % 3]
    for alert in Alert.objects.filter(resolved_at=None):
        until = clock.now() + timedelta(hours=1 + number)
        alert_actions.acknowledge(actor=who, alert_id=alert.pk, until=until)


def worry(town: Town, number: int) -> None:
    waiting = Concern.objects.filter(triaged_at=None).first()
    if waiting and number % 2:
        triage(actor=town.desk, concern_id=waiting.pk, outcome="nothing", reason="旅行中")
        return
    report_concern(
        actor=town.desk, danger_to_life=number % 3 == 0, reporter_kind="shop",
        what="店に来ない", where="大豆戸町", whom="",
    )  # fmt: skip


def ask_around(town: Town, number: int) -> None:  # noqa: ARG001 - there is one to ask
    a_resident(town.other, **KNOWN)
    hints = find_duplicates(actor=town.desk, **KNOWN).hints
    inquire(actor=town.desk, hint_id=hints[0].pk, words="訪問で出会った")


def report(town: Town, number: int) -> None:
    """An abuse report, or the next step of one."""
    found = AbuseReport.objects.exclude(status="closed").first()
    if found is None:
        report_abuse(
            actor=town.desk, case_id=a_case(town.desk).pk, received_at=clock.now(), **REPORT
        )
        return
    one: Any = {
        "actor": town.desk,
        "report_id": found.pk,
        "happened_at": clock.now(),
        "text": "記録",
    }
    if number % 2:
        abuse.record_reception_meeting(
            **one, urgency="today", to_check=number % 4 == 1, attendees=["区"]
        )
    else:
        abuse.check_facts(**one, method="visit", seen_in_person=True)


def leave(town: Town, number: int) -> None:
    """Somebody of those who are not the last of their agency leaves, whatever they have in hand."""
    person = town.people[number % len(town.people)]
    manager = Membership.objects.filter(agency=person.agency, roles__contains=["manager"]).first()
    place = Membership.objects.get(user=person.user, agency=person.agency)
    if manager is None:
        end_membership(actor=None, membership=place)
    elif number % 2:
        record_absence(actor=person, membership=place, until=clock.now() + timedelta(days=number))
    else:
        end_membership(actor=None, membership=place)


def take_on(town: Town, number: int) -> None:
    """Somebody who was told of something takes it on."""
    who = [town.desk, town.other, *town.people][number % 6]
    entry = InboxEntry.objects.filter(user=who.user, reminder__settled_at=None).last()
    if entry:
        acknowledge(actor=who, entry=entry)


STEPS: list[Step] = [
    next_action, task, refer, answer, answer, move_watch, other_rhythm, other_term, rest, look_in, take_on_alert, worry,
    ask_around, report, report, leave, take_on,
]  # fmt: skip
histories = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 11), st.integers(0, 5)),
    min_size=6,
    max_size=10,
)


@settings(
    max_examples=SILENCES or 6,
    derandomize=not SILENCES,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(history=histories)
def test_whatever_is_open_somebody_who_is_there_will_be_told_before_long(
    history: list[tuple[Step, int, int]],
) -> None:
    with world(), time_machine.travel(BEGIN, tick=False) as moved:
        town = a_town(moved)
        for step, number, hours in history:
            with suppress(CarenetError, IndexError), transaction.atomic():
                step(town, number)
            schedule_unattended(now=clock.now())
            nothing_is_silent()
            time_passes(town, hours)
        nothing_is_silent()


def nothing_is_silent() -> None:
    now = clock.now()
    assert silent_matters(now) == {}
    ends = Reminder.objects.filter(kind__in=["watch.term_ended", "watch.basis_ended"])
    by_itself = WatchAssignment.objects.filter(end_reason__in=["term_over", "basis_ended"])
    assert not by_itself.exclude(pk__in=ends.values("subject_id")).exists()
    for reminder in Reminder.objects.filter(settled_at=None, due_at__isnull=False):
        told = next_notifications(reminder, now)
        assert told, reminder
        assert told.at <= now + LONGEST_SILENCE, reminder
        assert told.recipients or not repeats(reminder.kind), reminder


def world() -> Any:
    """Undo whatever happens meanwhile; what is durable elsewhere may stand inside of it."""
    block: Any = transaction.atomic()
    block._from_testcase = True
    return Undone(block)


@dataclass
class Undone:
    block: Any

    def __enter__(self) -> None:
        self.block.__enter__()

    def __exit__(self, *error: object) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(*error)
