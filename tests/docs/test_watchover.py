"""`docs/watchover.md`: the moves of a watch and of a list entry."""

from __future__ import annotations

from carenet.watchlists.states import LIST_MOVES
from carenet.watchover.states import TABLE as WATCH_TABLE
from tests.docs.pages import names_in, table


def test_the_moves_of_a_watch_are_told() -> None:
    rows = table("watchover.md", "verb", "from", "to")
    told = {
        names_in(row["verb"])[0]: dict.fromkeys(names_in(row["from"]), names_in(row["to"])[0])
        for row in rows
    }
    assert told.pop("propose") == {}
    assert told == {verb: move.targets for verb, move in WATCH_TABLE.items()}


def test_the_moves_of_a_list_entry_are_told() -> None:
    rows = table("watchover.md", "what is done", "from", "to")
    told = {
        names_in(row["what is done"])[0]: dict.fromkeys(
            names_in(row["from"]), names_in(row["to"])[0]
        )
        for row in rows
    }
    assert told == {verb: move.targets for verb, move in LIST_MOVES.items()}
