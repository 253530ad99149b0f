"""What a commissioner did in a month, tallied from what was recorded, on the lines of the national form.

What nobody records here cannot be tallied: it is None, never nought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.cases.models import Topic
from carenet.core import clock
from carenet.core.clock import ZONE, midnight
from carenet.watchover import policy
from carenet.watchover.models import CheckIn, Concern, WatchAssignment
from carenet.watchover.models.concern import ConcernOutcome
from carenet.watchover.states import CheckInOutcome, ReportItem

_R = ReportItem
#: Under which content a consultation counts that came of what a commissioner had noticed.
CONTENTS: dict[Topic, ReportItem] = {
    Topic.HEALTH: _R.HEALTH,
    Topic.HOUSING: _R.HOUSING,
    Topic.INCOME: _R.LIVING_COSTS,
    Topic.RENT_LOANS: _R.HOUSING,
    Topic.TAX_UTILITIES: _R.LIVING_COSTS,
    Topic.DEBT: _R.LIVING_COSTS,
    Topic.JOB_SEARCH: _R.WORK,
    Topic.WORK_TROUBLE: _R.WORK,
    Topic.COMMUNITY: _R.OTHER_TOPIC,
    Topic.FAMILY: _R.FAMILY,
    Topic.CHILDCARE: _R.CHILDCARE,
    Topic.CARE: _R.CARE_INSURANCE,
    Topic.WITHDRAWAL: _R.OTHER_TOPIC,
    Topic.ABUSE: _R.FAMILY,
    Topic.NO_FOOD: _R.LIVING_COSTS,
    Topic.OTHER: _R.OTHER_TOPIC,
}
_TALLIED = frozenset({*CONTENTS.values(), _R.VISITS, _R.WITH_AGENCIES, _R.DAYS})


@dataclass(frozen=True, slots=True)
class Activity:
    """One person's month. `numbers` has an item that cannot be tallied as None.

    `outcomes` says what the check-ins found; `for_others` were recorded for somebody else who looked
    in and count nowhere else. `own`: all of it; else only what was done for the reader's watches.
    """

    person: User
    month: date
    complete: bool
    own: bool
    numbers: Mapping[ReportItem, int | None]
    outcomes: Mapping[str, int]
    for_others: int


def reported_on(actor: Actor) -> QuerySet[User]:
    """Return whose reports the actor may read: their own, and those of who looks in for them."""
    found = Q(pk=actor.user_id) if actor.user else Q(pk__in=[])
    kept = WatchAssignment.objects.filter(policy.watches_of(actor))
    for people in (
        kept.filter(watcher__isnull=False).values("watcher"),
        kept.filter(backup__isnull=False).values("backup"),
        CheckIn.objects.filter(assignment__in=kept, by_user__isnull=False).values("by_user"),
    ):
        found |= Q(pk__in=people)
    return User.objects.filter(found)


def activity(actor: Actor, person: User, month: date) -> Activity:
    """Return a month of somebody on whom the actor may read; five queries at most.

    A month is that of Japan, and what was done counts in the one in which it was observed, however
    late it was recorded.
    """
    own = person.pk == actor.user_id
    begin, end = midnight(month), midnight(_after(month))
    done = CheckIn.objects.filter(by_user=person, observed_at__gte=begin, observed_at__lt=end)
    said = Concern.objects.annotate(at=Coalesce("observed_at", "received_at"))
    said = said.filter(by_user=person, at__gte=begin, at__lt=end)
    if own:
        done, said = (
            done.filter(by_agency=actor.agency_id),
            said.filter(from_agency=actor.agency_id),
        )
    else:
        kept = WatchAssignment.objects.filter(policy.watches_of(actor))
        done = done.filter(assignment__in=kept)
        said = said.filter(pk__in=policy.concerns_visible_to(actor).values("pk"))
    found = list(done.values_list("outcome", "observed_at", "by_proxy"))
    concerns = list(said.values_list("outcome", "at", "consultation__main_topic"))
    theirs = [(outcome, at) for outcome, at, by_proxy in found if not by_proxy]
    outcomes = Counter(outcome for outcome, _ in theirs)
    numbers = _numbers(concerns)
    numbers[_R.VISITS] = len(theirs) - outcomes[CheckInOutcome.INDIRECT]
    numbers[_R.WITH_AGENCIES] = len(concerns)
    numbers[_R.DAYS] = len(_days(at for _, at in theirs) | _days(at for _, at, _topic in concerns))
    return Activity(
        person=person,
        month=month,
        complete=clock.now() >= end,
        own=own,
        numbers={item: numbers[item] if item in _TALLIED else None for item in ReportItem},
        outcomes={outcome: outcomes[outcome] for outcome in CheckInOutcome.values},
        for_others=len(found) - len(theirs),
    )


def _numbers(concerns: Iterable[tuple[str, datetime, str | None]]) -> Counter[ReportItem]:
    return Counter(
        CONTENTS[Topic(topic)]
        for outcome, _, topic in concerns
        if outcome == ConcernOutcome.CONSULTATION and topic
    )


def _days(moments: Iterable[datetime]) -> set[date]:
    return {moment.astimezone(ZONE).date() for moment in moments}


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
