"""Who looks in on whom in the demo: real districts, fictional people, the field's rhythms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from carenet.agencies.calendars import TOKYO
from carenet.demo.facts import PLAZAS
from carenet.demo.people import SEED, faker, residents
from carenet.residents.actions import register
from carenet.watchover.actions.alerts import resolve
from carenet.watchover.actions.assigning import propose
from carenet.watchover.actions.checking_in import check_in
from carenet.watchover.actions.escalating import set_ladder
from carenet.watchover.actions.moving import move
from carenet.watchover.actions.pausing import pause
from carenet.watchover.actions.rhythm import Rhythm, set_schedule
from carenet.watchover.ladders import Hours, Ladder, Step, Tier
from carenet.watchover.states import AlertKind, CheckInOutcome, WatchMethod, WatchVerb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carenet.agencies.actors import Actor
    from carenet.watchover.models import WatchAssignment

WATCHED = 500
#: One in so many: nobody stands by, has not agreed yet, is away, shows weakening signs, basis ends.
#: None of them shares a factor with the number of plazas, or all would lie in a few.
WITHOUT_BACKUP, UNDECIDED, AWAY, WEAKENING, ENDING = 8, 25, 41, 23, 31
#: The terms of all commissioners end on the same day, every third year.
TERM_YEAR, TERM_YEARS = 2022, 3


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody looks in, how often, and so many minutes for it; what is usually found."""

    method: WatchMethod
    rule: str
    window: int
    grace: int
    days: int
    found: CheckInOutcome


_NINE_TO_FIVE, _DAY = 8 * 60, 24 * 60
HABITS = (
    Habit(WatchMethod.VISIT, "FREQ=WEEKLY", _NINE_TO_FIVE, _DAY, 7, CheckInOutcome.MET),
    Habit(WatchMethod.VISIT, "FREQ=WEEKLY;INTERVAL=2", _DAY, _DAY, 14, CheckInOutcome.MET),
    Habit(WatchMethod.PHONE, "FREQ=WEEKLY", _NINE_TO_FIVE, _DAY, 7, CheckInOutcome.HEARD),
    Habit(WatchMethod.VISIT, "FREQ=MONTHLY", 3 * _DAY, 2 * _DAY, 30, CheckInOutcome.MET),
    Habit(WatchMethod.INDIRECT, "FREQ=DAILY", 180, 120, 1, CheckInOutcome.INDIRECT),
    Habit(WatchMethod.DEVICE, "FREQ=DAILY", 12 * 60, 60, 1, CheckInOutcome.INDIRECT),
)
NOTES = ("", "", "犬がいる。", "耳が遠い。ベルは二度。", "二階。階段が急。")
_C = CheckInOutcome
#: Days ago and what was found: gaps that grow, signs that are only indirect, no answer twice.
WEAK = (
    ((37, _C.MET), (33, _C.MET), (26, _C.MET), (12, _C.MET)),
    ((21, _C.INDIRECT), (14, _C.INDIRECT), (7, _C.INDIRECT)),
    ((28, _C.NO_ANSWER), (27, _C.MET), (14, _C.NO_ANSWER), (13, _C.MET)),
)


def watch_over(
    staff: Mapping[str, Actor], commissioners: Mapping[str, Sequence[Actor]], manager: Actor
) -> list[WatchAssignment]:
    """Fill the watch-over: `staff` and `commissioners` by the slug of a plaza.

    `manager` lets the first plaza's alerts climb by the minute, so that one can look on.
    """
    fake = faker()
    fake.seed_instance(SEED + 1)  # other people than those with cases
    people = {place.slug: residents(fake, place.address) for place in PLAZAS}
    _climb_by_the_minute(manager)
    made = []
    for number in range(WATCHED):
        slug, turn = PLAZAS[number % len(PLAZAS)].slug, number // len(PLAZAS)
        person = register(
            actor=staff[slug], new_because="見守りの名簿と照合した。", **next(people[slug])
        )
        theirs = commissioners[slug]
        watcher = theirs[turn % len(theirs)]
        backup = None if _each(number, WITHOUT_BACKUP) else theirs[(turn + 1) % len(theirs)]
        habit = HABITS[turn % len(HABITS)]
        assignment = propose(
            actor=staff[slug],
            resident=person,
            watcher=watcher.user,
            watcher_agency=watcher.agency,
            backup=backup.user if backup else None,
            backup_agency=backup.agency if backup else None,
            method=habit.method,
            sharing_basis="CONSENT",
            term_until=term_end(timezone.localdate()),
            basis_until=_in_days(45) if _each(number, ENDING) else None,
            safety_note=NOTES[number % len(NOTES)],
        )
        made.append(assignment)
        if not _each(number, UNDECIDED):
            _go_along(staff[slug], watcher, assignment, number, habit)
    return made


def term_end(today: date) -> date:
    """Return the last day of the commissioners' term that holds on a day."""
    year = today.year + (TERM_YEAR - today.year) % TERM_YEARS
    last = date(year, 11, 30)
    return last if last >= today else date(year + TERM_YEARS, 11, 30)


def _go_along(
    staff: Actor, watcher: Actor, assignment: WatchAssignment, number: int, habit: Habit
) -> None:
    """Let a watch begin tomorrow, with what was found in the weeks before it was written down."""
    pk = assignment.pk
    rhythm = Rhythm(habit.rule, _tomorrow_plus(number % habit.days), habit.window, habit.grace)
    move(actor=staff, assignment_id=pk, verb=WatchVerb.CONSENT)
    set_schedule(actor=staff, assignment_id=pk, rhythm=rhythm)
    move(actor=staff, assignment_id=pk, verb=WatchVerb.ACTIVATE)
    weak = _each(number, WEAKENING)
    usual = ((min(habit.days, 14) + number % 3, habit.found),)
    found = WEAK[number // WEAKENING % len(WEAK)] if weak else usual
    for ago, outcome in found:
        moment = timezone.now() - timedelta(days=ago, minutes=number % 300)
        check_in(actor=watcher, assignment_id=pk, outcome=outcome, observed_at=moment)
    for alert in assignment.alerts.filter(resolved_at=None) if weak else ():
        resolve(actor=staff, alert_id=alert.pk, outcome="safe", note="買い物に出ていた。")
    if _each(number, AWAY):
        until = timezone.now() + timedelta(days=10)
        pause(actor=staff, assignment_id=pk, reason="hospital", until=until)


def _climb_by_the_minute(manager: Actor) -> None:
    steps = (
        Step(Tier.WATCHER, timedelta(0), Hours.ALWAYS),
        Step(Tier.BACKUP, timedelta(minutes=1), Hours.ALWAYS),
        Step(Tier.PLAZA, timedelta(minutes=2), Hours.ALWAYS),
    )
    set_ladder(
        actor=manager, agency=manager.agency, kind=AlertKind.WATCHER_SILENT, ladder=Ladder(steps)
    )


def _each(number: int, nth: int) -> bool:
    return number % nth == nth - 1


def _in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def _tomorrow_plus(days: int) -> datetime:
    return datetime.combine(_in_days(1 + days), time(9), TOKYO)
