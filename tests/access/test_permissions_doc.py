"""`docs/permissions.md` says what the service does: its first table is read here, row by row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, ApiClient, User
from carenet.agencies.roles import ABILITIES, HUMAN_ROLES, Role, Scope
from carenet.core.decisions import Denied
from carenet.referrals.api.pool import PoolViewSet
from carenet.referrals.api.views import ReferralViewSet
from carenet.referrals.policy import VERB_ABILITIES

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
WORDS = ["action", "日本語", "in short"]


@dataclass(frozen=True)
class Line:
    """One row of the page's table."""

    ability: str
    words: list[str]
    marks: dict[str, str]
    scope: str

    def __str__(self) -> str:
        return self.ability

    @property
    def roles(self) -> set[str]:
        return {role for role, mark in self.marks.items() if mark == "✓"}


def cells(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip("|").split("|")]


def table() -> tuple[list[str], list[Line]]:
    """Return the heads of the first table and its rows."""
    found = re.search(r"^\| action .*?(?=\n\n)", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert found
    heads, _, *rows = [cells(line) for line in found[0].splitlines()]
    roles = heads[len(WORDS) : -1]
    return heads, [
        Line(row[0], row[1:3], dict(zip(roles, row[3:-1], strict=True)), row[-1]) for row in rows
    ]


HEADS, LINES = table()


def a_person(*roles: Role) -> Actor:
    return Actor(agency=Agency(), roles=frozenset(roles), user=User())


def a_client(*scopes: str) -> Actor:
    roles = frozenset({Role.INTEGRATION})
    return Actor(agency=Agency(), roles=roles, client=ApiClient(), scopes=frozenset(scopes))


def test_what_a_machine_does_by_itself_is_named() -> None:
    said = re.search(r"by itself, without a person: (.*?)\.\n", PAGE.read_text(), re.DOTALL)
    assert said
    declared = {name for name, ability in ABILITIES.items() if ability.by_itself}
    assert set(re.findall(r"`([^`]+)`", said[1])) == declared


def test_the_columns_are_the_roles() -> None:
    assert [*WORDS, *(role.value for role in Role), "scope"] == HEADS


def test_the_rows_are_the_abilities_each_of_them_once() -> None:
    assert [line.ability for line in LINES] == list(ABILITIES)


def test_a_row_is_filled_in() -> None:
    for line in LINES:
        assert all(line.words), line
        assert set(line.marks.values()) <= {"✓", "–"}, line


def test_a_row_has_the_roles_and_the_scope_of_its_ability() -> None:
    for line in LINES:
        ability = ABILITIES[line.ability]
        assert line.roles == {role.value for role in ability.roles}, line
        assert line.scope == (ability.scope.value if ability.scope else "–"), line


def test_clients_are_let_in_by_a_scope_and_by_nothing_else() -> None:
    for line in LINES:
        assert (Role.INTEGRATION in line.roles) == (line.scope != "–"), line


def test_a_person_may_what_the_page_says() -> None:
    for line, role in product(LINES, sorted(HUMAN_ROLES)):
        assert bool(a_person(role).may(line.ability)) == (role in line.roles), f"{line} {role}"


def test_several_roles_add_up() -> None:
    for line in LINES:
        everything = a_person(*HUMAN_ROLES)
        assert bool(everything.may(line.ability)) == bool(line.roles & HUMAN_ROLES), line


def test_a_client_may_what_the_page_says_with_the_scope_of_the_row() -> None:
    for line in LINES:
        allowed = Role.INTEGRATION in line.roles
        assert bool(a_client(line.scope).may(line.ability)) == allowed, line
        assert bool(a_client(*Scope.values).may(line.ability)) == allowed, line


def test_a_client_may_nothing_with_all_other_scopes() -> None:
    for line in LINES:
        decision = a_client(*(set(Scope.values) - {line.scope})).may(line.ability)
        assert isinstance(decision, Denied), line
        assert decision.code == (
            "scope_missing" if Role.INTEGRATION in line.roles else "role_missing"
        ), line


def test_a_denial_says_why_and_what_is_missing() -> None:
    for line in LINES:
        decision = Actor(agency=Agency(), roles=frozenset(), user=User()).may(line.ability)
        assert isinstance(decision, Denied), line
        assert decision.reason, line
        assert decision.basis, line


def test_a_verb_needs_the_same_ability_in_view_and_policy() -> None:
    abilities = {**PoolViewSet.abilities, **ReferralViewSet.abilities}
    in_views = {verb: abilities[verb.value.replace("-", "_")] for verb in VERB_ABILITIES}
    assert in_views == VERB_ABILITIES
