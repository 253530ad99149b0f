"""Fills the watch-over by districts: the ward office's lists, what came of them, who looks in now.

The ratios are those of the citywide scheme's first districts: of 4,400 people on the lists 1,300 were
visited, and 500 wanted to be watched over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from faker import Faker

from carenet.accounts.actions.accounts import create_account
from carenet.agencies.actions import add_member, create_agency
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.demo.agencies import KOHOKU, PASSWORD
from carenet.demo.people import elderly
from carenet.demo.rounds import begin_rounds
from carenet.reminders.escalation import Hours, PolicyStep
from carenet.watchlists.actions.bulk import transition_many
from carenet.watchlists.actions.list_import import Line, import_list
from carenet.watchlists.models import ListEntry
from carenet.watchlists.states import ListVerb, ScreenReason
from carenet.watchover.actions.escalation_policies import set_policy
from carenet.watchover.escalation import Policy, Tier
from carenet.watchover.states import AlertKind


@dataclass(frozen=True, slots=True)
class District:
    """A stretch of a town: its plaza, whose commissioners look in there, and its numbers."""

    plaza: str
    council: str
    town: str
    first: int
    last: int

    def address(self, number: int) -> str:
        """Return an address there, for any number."""
        block = self.first + number % (self.last - self.first + 1)
        return f"横浜市港北区{self.town}{block}番地"


#: Every plaza has somebody, and every federation of the ward its council of commissioners.
DISTRICTS = (
    District("hiyoshi", "日吉", "日吉本町", 1, 2500),
    District("tarumachi", "樽町", "樽町", 1, 2500),
    District("mamedo", "大倉山", "大豆戸町", 1, 599),
    District("takata", "高田", "高田西", 1, 2500),
    District("shinohara", "篠原", "篠原町", 1, 2500),
    District("nippa", "新羽", "新羽町", 1, 2500),
    District("shinyoshida", "新吉田", "新吉田町", 1, 3000),
    District("kozukue", "城郷", "小机町", 1, 2500),
    District("shimoda", "日吉", "下田町", 1, 2500),
    District("tarumachi", "綱島", "綱島西", 1, 2500),
    District("shinohara", "菊名", "大豆戸町", 600, 2000),
    District("tarumachi", "師岡", "師岡町", 1, 2500),
    District("shinyoshida", "新吉田あすなろ", "新吉田町", 3001, 6000),
    District("tarumachi", "大曽根", "大曽根", 1, 2500),
)
COUNCILS = tuple(dict.fromkeys(each.council for each in DISTRICTS))


LISTED, VISITED, WATCHED = 4400, 1300, 500
COMMISSIONERS = 60
#: Of those whom nobody has visited so many need no visit; and so many of the visited think it over.
SCREENED_OF_100, UNDECIDED_OF_100 = 30, 10
#: The commissioners who can sign in; the first one is silent when the demo starts.
NAMED = ("hiyoshi-minsei", "hiyoshi-minsei2", "tarumachi-minsei")
#: The desk that hears of it, and nobody beyond: the other inboxes stay as they are.
DESK = "hiyoshi-coordinator"
LIST_NAME = "ひとり暮らし高齢者名簿"
LIST_BASIS = "CLEAR_BENEFIT"
_SCREENED = (ScreenReason.IN_CARE, ScreenReason.NOT_ALONE, ScreenReason.FACILITY)


@dataclass(slots=True)
class Council:
    """The commissioners of a district, who take turns."""

    members: list[Actor]
    alone: bool

    def pairs(self) -> Iterator[tuple[Actor, Actor | None]]:
        """Return each with who stands by for them: the next one, for one in ten nobody."""
        for turn, watcher in enumerate(self.members):
            backup = self.members[(turn + 1) % len(self.members)]
            alone = backup is watcher or (self.alone and turn == len(self.members) - 1)
            yield watcher, None if alone else backup


def watch_over(fake: Faker, actors: dict[str, Actor]) -> list[str]:
    """Fill the watch-over for these actors by their accounts' names; return whose accounts it made."""
    councils = _appoint(fake, actors)
    _open_a_desk(fake, actors)
    by_district = _take_in(fake, actors)
    number = 0
    for district, entries in by_district.items():
        desk = actors[f"{district.plaza}-staff"]
        council = councils[district.council]
        wanting = list(enumerate(_call_on(desk, entries, DISTRICTS.index(district)), number))
        number += len(wanting)
        for turn, (watcher, backup) in enumerate(council.pairs()):
            theirs = wanting[turn :: len(council.members)]
            if theirs:
                begin_rounds(desk, watcher, backup, theirs)
    return [*NAMED, DESK]


def _appoint(fake: Faker, actors: dict[str, Actor]) -> Mapping[str, Council]:
    """Found the councils and appoint their commissioners, those who can sign in first."""
    found: dict[str, Council] = {}
    names = {"日吉": list(NAMED[:2]), "樽町": list(NAMED[2:])}
    seats = _shares(COMMISSIONERS, len(COUNCILS))
    for (number, council), count in zip(enumerate(COUNCILS, start=1), seats, strict=True):
        agency = create_agency(
            actor=None,
            kind=AgencyKind.COMMISSIONERS_COUNCIL,
            name=f"{council}地区民生委員児童委員協議会",
            municipality_code=KOHOKU,
            phone=f"045-000-{3100 + number}",
        )
        given = names.get(council, [])
        given += [f"minsei-{number}-{each}" for each in range(len(given) + 1, count + 1)]
        members = [_member(fake, agency, username, Role.WATCHER) for username in given]
        actors.update(zip(given, members, strict=True))
        found[council] = Council(members, alone=number % 2 == 0)
    return found


def _open_a_desk(fake: Faker, actors: dict[str, Actor]) -> None:
    """Let one plaza's alerts escalate by the minute, so that whoever starts the demo sees it."""
    manager = actors["hiyoshi-manager"]
    actors[DESK] = _member(fake, manager.agency, DESK, Role.COORDINATOR)
    steps = (
        PolicyStep(Tier.WATCHER, timedelta(0), Hours.ALWAYS),
        PolicyStep(Tier.BACKUP, timedelta(minutes=1), Hours.ALWAYS),
        PolicyStep(Tier.PLAZA, timedelta(minutes=2), Hours.ALWAYS),
    )
    set_policy(
        actor=manager,
        agency=manager.agency,
        kind=AlertKind.WATCHER_SILENT,
        escalation=Policy(steps),
    )


def _take_in(fake: Faker, actors: dict[str, Actor]) -> dict[District, list[ListEntry]]:
    """Let each plaza take in its list; return the entries of each district that are clear."""
    lines: dict[str, list[Line]] = defaultdict(list)
    place: dict[tuple[str, str], District] = {}
    people = elderly(fake)
    for district, count in zip(DISTRICTS, _shares(LISTED, len(DISTRICTS)), strict=True):
        for number in range(count):
            key = f"{district.council}-{number + 1}"
            place[district.plaza, key] = district
            line = Line(key=key, address=district.address(number * 7), **next(people))
            lines[district.plaza].append(line)
    found: dict[District, list[ListEntry]] = {each: [] for each in DISTRICTS}
    day = clock.today() - timedelta(days=75)
    for plaza, theirs in lines.items():
        watch_list, _fates = import_list(
            actor=actors[f"{plaza}-staff"],
            name=LIST_NAME,
            delivered_on=day,
            lines=theirs,
            sharing_basis=LIST_BASIS,
        )
        clear = watch_list.entries.filter(resident__isnull=False).select_related("resident")
        for entry in clear.order_by("pk"):
            found[place[plaza, entry.key]].append(entry)
    return found


def _call_on(desk: Actor, entries: Sequence[ListEntry], number: int) -> list[ListEntry]:
    """Lead a district's part of the list on; return who wants to be watched over."""
    visited = entries[: _shares(VISITED, len(DISTRICTS))[number]]
    rest = entries[len(visited) :]
    wanting = visited[: _shares(WATCHED, len(DISTRICTS))[number]]
    thinking = len(visited) * UNDECIDED_OF_100 // 100
    refusing = visited[len(wanting) : len(visited) - thinking]
    screened = rest[: len(rest) * SCREENED_OF_100 // 100]
    lately = clock.now() - timedelta(days=70)
    _lead(desk, visited, ListVerb.VISIT, at=lately)
    _lead(desk, wanting, ListVerb.WANTS)
    _lead(desk, refusing, ListVerb.REFUSE)
    for turn, because in enumerate(_SCREENED):
        _lead(desk, screened[turn :: len(_SCREENED)], ListVerb.SCREEN, because=because)
    return list(wanting)


def _lead(desk: Actor, entries: Sequence[ListEntry], verb: ListVerb, **said: Any) -> None:
    if entries:
        transition_many(actor=desk, entry_ids=[each.pk for each in entries], verb=verb, **said)


def _member(fake: Faker, agency: Any, username: str, role: Role) -> Actor:
    user = create_account(username=username, name=fake.name(), password=PASSWORD)
    add_member(actor=None, agency=agency, user=user, roles={role})
    return Actor(agency=agency, roles=frozenset({role}), user=user)


def _shares(whole: int, parts: int) -> list[int]:
    """Divide a number as evenly as it goes, the first parts getting what is over."""
    each, over = divmod(whole, parts)
    return [each + (number < over) for number in range(parts)]
