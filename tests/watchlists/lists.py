"""A list of the ward office, and what is done with the people on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.watchlists.actions.entries import refuse, screen, send, visit, wants
from carenet.watchlists.actions.list_import import Line, LineOutcome, import_list
from carenet.watchlists.models import ListEntry, WatchList
from tests.factories import api
from tests.watchover.watches import Neighbourhood

ENTRIES = "/api/v1/list-entries/"
HOW: dict[str, Any] = {"method": "visit", "sharing_basis": "CONSENT"}
TOWN = "霧立町"
#: People who are unlike each other.
NAMES = (
    ("阿久津", "正一", "1941-12-08"), ("馬場", "静江", "1938-03-02"), ("千葉", "勇", "1944-07-21"),
    ("土井", "ハル", "1939-10-10"), ("江口", "清", "1942-05-05"), ("藤", "ミツ", "1936-01-30"),
)  # fmt: skip


def a_line(number: int = 0, **changes: Any) -> Line:
    family, given, birth = NAMES[number % len(NAMES)]
    said: dict[str, Any] = {
        "key": f"{number + 1}", "family_name": family, "given_name": given, "birth": birth,
        "address": f"大阪市{TOWN}{number + 1}番", "phone": f"06-6000-{number:04}",
    }  # fmt: skip
    return Line(**(said | changes))


def take_in(
    actor: Actor, *lines: Line, agency: Agency | None = None, **said: Any
) -> tuple[WatchList, list[LineOutcome]]:
    given: dict[str, Any] = {
        "name": "ひとり暮らし高齢者名簿", "delivered_on": date(2026, 10, 1),
        "sharing_basis": "CLEAR_BENEFIT",
    }  # fmt: skip
    return import_list(actor=actor, lines=lines, agency=agency, **(given | said))


def listed(actor: Actor, number: int = 1, **said: Any) -> list[ListEntry]:
    """Take in a list of so many people whom nobody knows; return their entries in its order."""
    _list, fates = take_in(actor, *(a_line(each) for each in range(number)), **said)
    found = ListEntry.objects.in_bulk([fate.entry_id for fate in fates])
    return [found[fate.entry_id] for fate in fates]


def come_to(actor: Actor, entry: ListEntry, state: str) -> ListEntry:
    """Lead a listed entry to a state."""
    if state == "screened":
        return screen(actor=actor, entry_id=entry.pk, because="in_care")
    if state != "listed":
        entry = visit(actor=actor, entry_id=entry.pk)
    if state in {"wants", "refused"}:
        entry = {"wants": wants, "refused": refuse}[state](actor=actor, entry_id=entry.pk)
    return entry


def sent(who: Neighbourhood, entry: ListEntry) -> ListEntry:
    [entry] = send(
        actor=who.desk, entry_ids=[entry.pk],
        visitor=who.watcher.user, agency=who.watcher.agency,
    )  # fmt: skip
    return entry


def shown(actor: Actor, **query: str) -> list[dict[str, Any]]:
    answer = api(actor).get(ENTRIES, query)
    assert answer.status_code == 200, answer.data
    rows: list[dict[str, Any]] = answer.data["results"]
    return rows
