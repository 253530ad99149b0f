"""Referrals as figures for whoever goes over them: how long what is open waits, how far each has come.

Every figure is of the referrals that the reader sees, and so of no restricted case in which they are not
named; it costs a fixed number of queries, and leads to the referrals that it counts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from statistics import mean, median
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from carenet.agencies.actors import Actor
from carenet.agencies.calendars import WorkingCalendar
from carenet.agencies.models import Agency
from carenet.agencies.selectors import calendar_of
from carenet.core import clock
from carenet.core.clock import ZONE
from carenet.referrals import policy
from carenet.referrals.models import Referral, ReferralEvent
from carenet.referrals.selectors import (
    on_hold_for_long,
    on_hold_for_long_column,
    overdue,
    referrals,
)
from carenet.referrals.states import (
    AT_RECEIVER,
    LIVE,
    OPEN,
    TURN,
    ReferralDelivery,
    ReferralKind,
    ReferralStatus,
    Side,
    Verb,
    turn_of,
)

#: Working days up to which something counts as waiting for so long; what waits longer comes last.
AGES = (1, 3, 5, 10)
_S_TURN = sorted(status for status in OPEN if TURN[status] == Side.S)
_R_TURN = sorted(AT_RECEIVER)
#: What the sender has yet to tell: the column's `is_undelivered`.
_UNDELIVERED = Q(delivery=ReferralDelivery.WAITING, status__in=_R_TURN)


class Stage(StrEnum):
    """How far a referral has come.

    `OTHER` is every end but that of work done; `TURN`: it waits; `PUT_OFF`: it is held for long;
    `OVERDUE`: whoever has the turn should have acted by now.
    """

    TURN = "turn"
    PUT_OFF = "put_off"
    OVERDUE = "overdue"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    STARTED = "started"
    CLOSED = "closed"
    OTHER = "other"


#: What the funnel shows, each of them among the one before.
STAGES = (Stage.SENT, Stage.RECEIVED, Stage.ACCEPTED, Stage.STARTED, Stage.CLOSED)
_RECEIVED, _ACCEPTED = Q(received_at__isnull=False), Q(accepted_at__isnull=False)
_STARTED = _ACCEPTED & Q(worked=True)
_CLOSED = _STARTED & Q(status=ReferralStatus.CLOSED) & ~Q(outcome="")
_OVER = Q(status=ReferralStatus.CLOSED) | Q(
    status__in=sorted(OPEN - LIVE - {ReferralStatus.COMPLETED})
)
_REACHED: dict[Stage, Q] = {
    Stage.SENT: Q(),
    Stage.RECEIVED: _RECEIVED,
    Stage.ACCEPTED: _RECEIVED & _ACCEPTED,
    Stage.STARTED: _RECEIVED & _STARTED,
    Stage.CLOSED: _RECEIVED & _CLOSED,
    Stage.OTHER: _OVER & ~_CLOSED,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long an agency has had its turn, in working days of its own; None: no agency of a pool yet."""

    agency: Agency | None
    by_age: list[int]
    overdue: int
    put_off: int
    mean: float
    median: float

    @property
    def number(self) -> int:
        """How many there are."""
        return sum(self.by_age)


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far the referrals to an agency have come, and how many working days it took to accept them.

    Without an agency: nobody of a pool has claimed them. The days are None where none was accepted.
    """

    agency: Agency | None
    reached: dict[Stage, int]
    mean: float | None
    median: float | None


def ageing(actor: Actor) -> list[Waiting]:
    """Return how long which agency lets referrals wait, the longest list first."""
    rows = (
        _counted(actor)
        .filter(status__in=sorted(OPEN))
        .annotate(overdue=overdue(), put_off=on_hold_for_long_column(), since=_day("turn_since"))
    )
    names = ("sender", "receiver", "status", "delivery", "since", "overdue", "put_off")
    read = _numbers(rows, *names)
    calendars = _Calendars({pk for row in read for pk in row[:2] if pk})
    today = clock.today()
    days: dict[UUID | None, list[int]] = defaultdict(list)
    late: dict[UUID | None, int] = defaultdict(int)
    held: dict[UUID | None, int] = defaultdict(int)
    for sender, receiver, status, delivery, since, is_overdue, is_put_off, number in read:
        waits = receiver if turn_of(status, delivery) is Side.R else sender
        days[waits] += [calendars.between(waits or sender, since, today)] * number
        late[waits] += number * is_overdue
        held[waits] += number * is_put_off
    found = [
        Waiting(calendars.agency(pk), _by_age(of), late[pk], held[pk], mean(of), median(of))
        for pk, of in days.items()
    ]
    found.sort(key=lambda row: (-row.number, row.agency.name if row.agency else ""))
    return found


def funnel(actor: Actor, since: datetime) -> list[Funnel]:
    """Return how far the referrals sent since a moment have come, by who is to answer them.

    What asks for nothing (information only) and what was entered in error is not counted.
    """
    rows = _in_funnel(actor, since)
    counts = {
        f"n_{stage}": Count("pk", filter=_REACHED[stage]) for stage in _REACHED if _REACHED[stage]
    }
    grouped: Any = rows.order_by().values("receiver")
    numbers = {row["receiver"]: row for row in grouped.annotate(n_sent=Count("pk"), **counts)}
    accepted = rows.filter(_REACHED[Stage.ACCEPTED]).annotate(
        sent=_day("sent_at"), accepted=_day("accepted_at")
    )
    calendars = _Calendars({pk for pk in numbers if pk})
    days: dict[UUID, list[int]] = defaultdict(list)
    for pk, sent, answered, number in _numbers(accepted, "receiver", "sent", "accepted"):
        if pk not in calendars.agencies:
            continue  # First asked after the counting, a moment ago: it is in the next look.
        days[pk] += [calendars.between(pk, sent, answered)] * number
    found = [
        Funnel(
            calendars.agency(pk),
            {stage: row[f"n_{stage}"] for stage in _REACHED},
            mean(days[pk]) if days[pk] else None,
            median(days[pk]) if days[pk] else None,
        )
        for pk, row in numbers.items()
    ]
    found.sort(key=lambda row: (-row.reached[Stage.SENT], row.agency.name if row.agency else ""))
    return found


def _day(moment: str) -> TruncDate:
    """Return the day in Japan of a column's moment."""
    return TruncDate(moment, tzinfo=ZONE)


def _numbers(rows: QuerySet[Referral], *names: str) -> list[Any]:
    """Return how many rows have the same in these columns: their values, and the number at the end.

    A ward has few agencies and few days, however many referrals.
    """
    grouped: Any = rows.order_by().values_list(*names)
    return list(grouped.annotate(number=Count("pk")))


def at_stage(
    actor: Actor, stage: Stage, agency: UUID | None, since: datetime | None = None
) -> QuerySet[Referral]:
    """Return the referrals that a figure counts, whoever waits longest first.

    Of `OVERDUE` those of every agency, of `TURN` those whose turn it is with the agency now, of
    `PUT_OFF` those that it holds for long; else those to it, sent since a moment, that have come so
    far. Without an agency those that nobody of a pool has claimed.
    """
    if stage is Stage.TURN:
        found = _seen(actor).filter(_turn_of(agency))
    elif stage is Stage.OVERDUE:
        found = _seen(actor).filter(_overdue())
    elif stage is Stage.PUT_OFF:
        found = _seen(actor).filter(on_hold_for_long(), receiver=agency)
    else:
        found = _worked(_seen(actor)).filter(_REACHED[stage], _COUNTS, receiver=agency)
    if since:
        found = found.filter(sent_at__gte=since)
    return found.order_by("turn_since", "pk")


def _turn_of(agency: UUID | None) -> Q:
    """Return which referrals wait for an agency; without one, for whoever claims them of a pool."""
    theirs = Q(receiver=agency, status__in=_R_TURN) & ~_UNDELIVERED
    if agency:
        theirs |= Q(sender=agency) & (Q(status__in=_S_TURN) | _UNDELIVERED)
    return theirs


def late_with_others(actor: Actor) -> int:
    """Return how many overdue referrals wait for another agency than the actor's."""
    return _counted(actor).filter(_overdue()).exclude(_turn_of(actor.agency_id)).count()


def late(actor: Actor, since: datetime) -> tuple[int, int]:
    """Return how many open referrals are overdue, and how many of them only since a moment."""
    open_ones = _counted(actor).filter(_overdue())
    found = open_ones.aggregate(all=Count("pk"), new=Count("pk", filter=Q(due_at__gte=since)))
    return found["all"], found["new"]


def _overdue() -> Q:
    return Q(status__in=sorted(OPEN), due_at__lt=clock.now())


_COUNTS = ~Q(kind=ReferralKind.INFORMATION) & ~Q(status=ReferralStatus.VOID)


def _counted(actor: Actor) -> QuerySet[Referral]:
    """Return what may be counted: what is seen, and sent."""
    allowed = actor.may("referrals.review")
    seen = policy.visible_to(actor).exclude(status=ReferralStatus.DRAFT)
    return seen if allowed else seen.none()


def _seen(actor: Actor) -> QuerySet[Referral]:
    return referrals(actor).filter(pk__in=_counted(actor).values("pk"))


def _in_funnel(actor: Actor, since: datetime) -> QuerySet[Referral]:
    return _worked(_counted(actor)).filter(_COUNTS, sent_at__gte=since)


def _worked(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """Say of each whether work on it has begun; what was done at once was never started.

    What was done before it was reopened, and so accepted anew, is of another round.
    """
    work = ReferralEvent.objects.filter(
        referral=OuterRef("pk"),
        verb__in=[Verb.START, Verb.COMPLETE],
        at__gte=OuterRef("accepted_at"),
    )
    return rows.annotate(worked=Exists(work))


def _by_age(days: list[int]) -> list[int]:
    found = [0] * (len(AGES) + 1)
    for each in days:
        found[next((place for place, most in enumerate(AGES) if each <= most), len(AGES))] += 1
    return found


class _Calendars:
    """Agencies with their calendars, read at once; the same days are counted once."""

    def __init__(self, ids: set[UUID]) -> None:
        rows = Agency.objects.filter(pk__in=ids).prefetch_related("calendar_exceptions")
        self.agencies = {each.pk: each for each in rows}
        self._calendars: dict[UUID, WorkingCalendar] = {
            pk: calendar_of(each) for pk, each in self.agencies.items()
        }
        self._known: dict[tuple[UUID, date, date], int] = {}

    def agency(self, pk: UUID | None) -> Agency | None:
        return self.agencies[pk] if pk else None

    def between(self, pk: UUID, a: date, b: date) -> int:
        if (pk, a, b) not in self._known:
            self._known[pk, a, b] = self._calendars[pk].working_days_between(a, b)
        return self._known[pk, a, b]
