"""`docs/referrals.md`: verbs and statuses."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import override

from carenet.core.states import UNCHANGED, Back
from carenet.referrals.policy import VERB_ABILITIES
from carenet.referrals.states import (
    ASKED_FROM,
    ENDINGS,
    HELD_FROM,
    OPEN,
    PROPOSED_FROM,
    TABLE,
    TURN,
    ReferralStatus,
    Side,
    Verb,
    before_work,
)
from tests.docs.pages import DOCS, names_in, table, text_of
from tests.docs.referral_verbs import marked_verbs


def test_the_transition_table_is_that_of_the_code() -> None:
    told: dict[Verb, dict[str, Any]] = {}
    for row in table("referrals.md", "verb", "from", "to", "who", "API", "needs"):
        verb = Verb(names_in(row["verb"])[0])
        line = told.setdefault(verb, {"sides": set(), "targets": {}})
        line["sides"] |= {Side(side) for side in row["who"].split(", ")}
        line["targets"] |= dict.fromkeys(sources_in(row["from"]), target_in(row["to"]))
    rows = {verb: {"sides": set(row.sides), "targets": row.targets} for verb, row in TABLE.items()}
    assert told == rows


def sources_in(cell: str) -> set[ReferralStatus]:
    named = {ReferralStatus(name) for name in names_in(cell)}
    return named | OPEN if "any open" in cell else named


def target_in(cell: str) -> ReferralStatus | Back:
    words = {
        "unchanged": UNCHANGED,
        "where it was asked from": ASKED_FROM,
        "where it was held from": HELD_FROM,
        "where it was proposed from": PROPOSED_FROM,
    }
    return words[cell] if cell in words else ReferralStatus(names_in(cell)[0])


def test_the_verbs_of_the_api_are_marked() -> None:
    rows = table("referrals.md", "verb", "from", "to", "who", "API", "needs")
    assert marked_verbs() == set(VERB_ABILITIES)
    assert {row["API"] for row in rows} == {"●", "–"}


def test_the_table_says_which_verbs_do_not_lead_out_of_the_work() -> None:
    rows = table("referrals.md", "verb", "from", "to", "who", "API", "needs")
    told = {
        Verb(names_in(row["verb"])[0]) for row in rows if "before the work began" in row["needs"]
    }
    assert told == {verb for verb, row in TABLE.items() if row.guard is before_work}


def test_the_statuses_are_those_of_the_code() -> None:
    rows = table("referrals.md", "status", "日本語", "whose turn", "")
    statuses = [ReferralStatus(names_in(row["status"])[0]) for row in rows]
    turns = {status: row["whose turn"] for status, row in zip(statuses, rows, strict=True)}
    notes = {status: row[""] for status, row in zip(statuses, rows, strict=True)}
    with override("ja"):
        assert [row["日本語"] for row in rows] == [str(each.label) for each in ReferralStatus]
    assert statuses == list(ReferralStatus)
    assert turns == {status: TURN.get(status, "–") for status in ReferralStatus}
    assert {status for status, note in notes.items() if note.startswith("open")} == OPEN
    assert {status for status, note in notes.items() if note.endswith("an ending")} == ENDINGS


def test_the_verbs_of_information_are_told() -> None:
    line = re.search(
        r"`INFORMATION` knows only: (.*?)\.", text_of(DOCS / "referrals.md"), re.DOTALL
    )
    assert line
    assert {Verb(name) for name in names_in(line[1])} == {
        verb for verb, row in TABLE.items() if row.informs
    }
