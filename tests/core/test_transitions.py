"""One table and one order for every transition, on a row of no room."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import models

from carenet.core.errors import Conflict, Forbidden, PreconditionFailed
from carenet.core.states import UNCHANGED, Back, Move, Refusal, Table
from carenet.core.transitions import Transition, follow, transition


class Door(models.TextChoices):
    """Where a door stands."""

    OPEN = "open", "open"
    SHUT = "shut", "shut"
    LOCKED = "locked", "locked"


class Verb(models.TextChoices):
    """What is done to it."""

    SHUT = "shut", "shut"
    LOCK = "lock", "lock"
    UNLOCK = "unlock", "unlock"
    KNOCK = "knock", "knock"


NO_KEY = Refusal("Fetch the key.", "no_key")
DOORS: Table[Verb, Move[Door], Door] = Table(
    Door,
    {
        Verb.SHUT: Move.between({Door.OPEN}, Door.SHUT),
        Verb.LOCK: Move.between({Door.SHUT}, Door.LOCKED, guard=lambda row: row.key or NO_KEY),
        Verb.UNLOCK: Move.between({Door.LOCKED}, Back("locked_from"), guard=lambda row: row.key),
        Verb.KNOCK: Move.between(Door, UNCHANGED),
    },
    Refusal("No “%(verb)s” while it is “%(status)s”."),
)


@dataclass
class Row:
    """A row without a database, which says what was done with it."""

    status: str = Door.SHUT
    locked_from: str = ""
    key: bool = True
    version: int = 1
    done: list[str] = field(default_factory=list)

    def save_version(self) -> None:
        self.version += 1
        self.done.append(f"saved as {self.status}")


@dataclass(slots=True, kw_only=True)
class DoorTransition(Transition[bool, Row, Verb, Door]):
    """Whoever acts is allowed to, or is not."""

    table = DOORS

    def authorize(self) -> None:
        self.row.done.append("asked")
        if not self.actor:
            raise Forbidden("Not you.")

    def log_event(self) -> None:
        self.row.done.append(f"{self.source} to {self.target} {self.data}")

    def follow_up(self) -> None:
        self.row.done.append("followed")

    def log_write(self) -> None:
        self.row.done.append("audited")


def act(row: Row, verb: Verb, *, actor: bool = True, version: int | None = None) -> None:
    """Make one transition whose own part says a word."""

    def lock() -> DoorTransition:
        row.done.append("locked")
        return DoorTransition(actor=actor, row=row, verb=verb)

    with transition(lock, version) as change:
        row.done.append("own part")
        change.data = {"said": "something"}


@pytest.mark.parametrize(
    ("verb", "row", "leads_to"),
    [
        (Verb.SHUT, Row(Door.OPEN), Door.SHUT),
        (Verb.SHUT, Row(Door.SHUT), DOORS.refusal),
        (Verb.LOCK, Row(Door.SHUT), Door.LOCKED),
        (Verb.LOCK, Row(Door.SHUT, key=False), NO_KEY),
        (Verb.UNLOCK, Row(Door.LOCKED, locked_from=Door.OPEN), Door.OPEN),
        (Verb.UNLOCK, Row(Door.LOCKED, key=False), DOORS.refusal),
        (Verb.UNLOCK, Row(Door.LOCKED), DOORS.refusal),
        (Verb.KNOCK, Row(Door.LOCKED), Door.LOCKED),
    ],
)
def test_a_row_leads_on_or_says_why_not(verb: Verb, row: Row, leads_to: Any) -> None:
    assert DOORS.resolve(verb, row.status, row) == leads_to
    assert DOORS.leads(verb, row.status, row) is isinstance(leads_to, Door)


def test_a_refusal_names_verb_and_status() -> None:
    with pytest.raises(Conflict, match=r"No “shut” while it is “locked”\.") as raised:
        DOORS.demand(Verb.SHUT, Door.LOCKED)
    assert raised.value.reason_code == "wrong_status"


@pytest.mark.django_db
def test_the_parts_come_in_their_order() -> None:
    row = Row()
    act(row, Verb.LOCK, version=1)
    assert row.done == [
        "locked", "asked", "own part", "saved as locked",
        "shut to locked {'said': 'something'}", "followed", "audited",
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "actor", "version", "error"),
    [
        (Row(Door.OPEN), False, 7, Forbidden),
        (Row(Door.OPEN), True, 7, PreconditionFailed),
        (Row(Door.OPEN), True, 1, Conflict),
    ],
)
def test_policy_comes_before_version_and_version_before_table(
    row: Row, actor: bool, version: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        act(row, Verb.LOCK, actor=actor, version=version)
    assert row.done == ["locked", "asked"]


def test_what_follows_from_something_else_asks_nobody() -> None:
    row = Row()
    with follow(DoorTransition(actor=False, row=row, verb=Verb.LOCK)):
        row.done.append("own part")
    assert row.done[:2] == ["own part", "saved as locked"]


def test_an_own_part_that_fails_writes_nothing() -> None:
    row = Row()
    with (
        pytest.raises(Forbidden),
        follow(DoorTransition(actor=True, row=row, verb=Verb.LOCK)),
    ):
        raise Forbidden("Not now.")
    assert row.done == []
