"""Who has read a person's record, when, which part, and what let them: from the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditAction
from carenet.core.clock import midnight
from carenet.oversight import policy
from carenet.oversight.selectors.belongings import (
    UNTOLD,
    Tie,
    belongings_of,
    ties_of,
)

#: As many entries of the trail as are gone through for one answer.
MOST_ENTRIES = 20_000
#: What an agency is to somebody whose record it only keeps an eye on.
AUDIT = Tie("audit", "", midnight(date(2000, 1, 1)), None)
#: What the page of a person shows to whoever may open it.
BARE = frozenset({"resident", "contact", "certification", "consent", "residentfact", "household"})
_AUDITING = ("GET staff-readers", "POST staff-readers")


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who has read: a person or a system, for an agency."""

    kind: str
    id: str
    claimed: str
    agency_id: UUID | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One look: who, when, which part of the record, by which page, and what let them.

    `told`: whether the person is told of it. `tie` is None where nothing is found that let them.
    """

    who: Who
    at: datetime
    part: str
    action: str
    tie: Tie | None
    told: bool


@dataclass(frozen=True, slots=True)
class Readings:
    """The looks into one record within some days, the latest first; `cut` where there are more."""

    rows: list[Reading]
    cut: bool

    @property
    def told(self) -> list[Reading]:
        """Those that the person is told of."""
        return [each for each in self.rows if each.told]


def readings(actor: Actor, records: Sequence[UUID], since: date, until: date) -> Readings:
    """Return who has read the records of one person from a day to a day, as the actor's trail has it."""
    things = belongings_of(records)
    entries = policy.visible_to(actor).filter(
        deed=AuditAction.READ,
        object_ids__overlap=list(things.kinds),
        time__gte=midnight(since),
        time__lt=midnight(until + timedelta(days=1)),
    )
    fields = (
        "time", "action", "actor_kind", "actor_id", "claimed_person", "agency_id", "object_kind",
        "object_ids", "request_id",
    )  # fmt: skip
    found = list(entries.order_by("-time", "-id").values_list(*fields)[: MOST_ENTRIES + 1])
    ties = ties_of(records, things)
    rows, requests, untold = [], [], set()
    for time, action, kind, pk, claimed, agency, part, ids, request in found[:MOST_ENTRIES]:
        mine = [each for each in ids if each in things.kinds]
        if part in UNTOLD or not things.untold.isdisjoint(mine):
            untold.add(request)
        who = Who(kind, pk, claimed, agency)
        tie = AUDIT if action.startswith(_AUDITING) else _tie(ties.get(agency, ()), time)
        rows.append(Reading(who, time, part, action, tie, told=True))
        requests.append(request)
    marked = [
        each if request not in untold else _untold(each)
        for each, request in zip(rows, requests, strict=True)
    ]
    return Readings(_without_who_is_only_there_for_it(marked), len(found) > MOST_ENTRIES)


def _tie(ties: Sequence[Tie], at: datetime) -> Tie | None:
    """Return what let an agency read at a moment; None where nothing did."""
    return next((each for each in ties if each.holds(at)), None)


def _untold(reading: Reading) -> Reading:
    return Reading(reading.who, reading.at, reading.part, reading.action, reading.tie, told=False)


def _without_who_is_only_there_for_it(rows: list[Reading]) -> list[Reading]:
    """Keep from the person whoever reads what is not told, and besides it nothing but the bare record.

    Their name alone, or their agency's, would tell that there is something.
    """
    secret_people = {each.who for each in rows if not each.told}
    secret_agencies = {each.who.agency_id for each in rows if not each.told}
    open_people = {each.who for each in rows if each.told and each.part not in BARE}
    open_agencies = {each.agency_id for each in open_people}
    people, agencies = secret_people - open_people, secret_agencies - open_agencies
    return [
        _untold(each)
        if each.told and (each.who in people or each.who.agency_id in agencies)
        else each
        for each in rows
    ]
