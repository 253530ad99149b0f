"""Every address × method × persona has a declared outcome; what is not declared fails here.

The table stands in `outcomes.py`, the personas and the objects in `scene.py`. Each line is asked once
by everybody; the first test has a case for each line, and each of the others looks at one side of all
the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from uuid import uuid4

import pytest
from django.core.cache import cache, caches
from django.urls import resolve

from carenet.agencies.api.me import MeViewSet
from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.roles import ABILITIES
from carenet.audit.models import AuditAction
from carenet.reminders.actions import health
from tests.access.abuse import COMPARTMENT
from tests.access.addresses import METHODS, Address, addresses
from tests.access.bodies import BODIES, body_of
from tests.access.names import FAMILY_KANA, FAMILY_NAME, REPORTER, REPORTER_PHONE
from tests.access.outcomes import Row, rows
from tests.access.personas import Asked, Persona
from tests.access.scene import Scene
from tests.access.watch import PARTS

ADDRESSES, ROWS = addresses(), rows()
VIEW_SETS = [each for each in ADDRESSES.values() if each.actions]
BY_ROLE = [each for each in VIEW_SETS if not issubclass(each.view or object, MeViewSet)]
DENIALS = {401, 403, 404}
#: No session is asked there, so that none can be abused.
WITHOUT_SESSION = ("/oauth/", "/api/v1/public/", "/w/")
#: Questions that are asked by POST, so that no person stands in an address; they write nothing.
ASKING = {
    "POST residents/search/", "POST residents/matches/", "POST referrals/duplicates/",
    "POST watch-assignments/<uuid:assignment_id>/rehearsal/",
}  # fmt: skip
#: The answer to an invitation is written down with the agency that has invited.
INVITED = {"POST me/invitations/<uuid:id>/accept/", "POST me/invitations/<uuid:id>/decline/"}
#: Who has no part in the case, or no business with people: its name never reaches them.
OUTSIDERS = {
    "anonymous", "own coordinator", "own watcher", "own auditor", "own bare client",
    "stranger staff", "stranger manager", "stranger client", "ward staff", "ward auditor",
    "section staff",
}  # fmt: skip


#: What goes through one place for all addresses is asked by one of these, at each address by another.
SOME = ("anonymous", "own staff", "stranger staff", "own bare client")
PERSONAL = (FAMILY_NAME, FAMILY_KANA, REPORTER, REPORTER_PHONE)


#: Verbs that are refused without the version that was seen, whoever asks.
NEED_VERSION = frozenset({"section-moves/<uuid:id>/confirm/"})


class Round:
    """Everybody asks each line of the table, once."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._asked: dict[Row, dict[str, Asked]] = {}

    def of(self, row: Row) -> dict[str, Asked]:
        if row not in self._asked:
            everybody = self.scene.personas
            self._asked[row] = {str(each): ask(self.scene, each, row) for each in everybody}
        return self._asked[row]

    def answers(self, rows: Iterable[Row]) -> Iterator[tuple[str, Row, Persona, Asked]]:
        """Yield each answer with who asked which line, and the two as words for a failed test."""
        for row in rows:
            for persona in self.scene.personas:
                yield f"{row} by {persona}", row, persona, self.of(row)[str(persona)]


def ask(scene: Scene, persona: Persona, row: Row, *, absent: bool = False) -> Asked:
    """Ask a line of the table, or the same about an object that is not there."""
    target = scene.targets.get(row.target)
    ids = target.ids if target else {}
    if absent:
        ids = {name: uuid4() for name in ids}
    edits = row.method in {"PUT", "PATCH"} or row.route in NEED_VERSION
    version = {"if-match": f'"{target.version}"'} if target and edits else {}
    body, kind = body_of(row.asked, scene)
    if row.route.startswith("public/"):
        for each in (cache, caches["process"]):
            each.clear()  # all of them come from one network, and are more than it may ask
    path = ADDRESSES[row.route].path(**ids)
    return persona.ask(row.method, path, body, kind=kind, **version)


def rows_of(*methods: str, of: list[Address] | None = None) -> list[Row]:
    """Return the lines of these methods, of all where none is named, and of these addresses."""
    routes = {each.route for each in of} if of is not None else set(ADDRESSES)
    return [row for row in ROWS if row.route in routes and (not methods or row.method in methods)]


def with_one_of(methods: Sequence[str]) -> Iterator[tuple[Address, str]]:
    """Yield each view set with a method that it lacks, with each another one.

    One place refuses them all: all view sets together are asked for each of the methods often.
    """
    for number, each in enumerate(VIEW_SETS):
        lacking = [method for method in methods if method not in each.methods]
        yield each, lacking[number % len(lacking)]


@pytest.fixture(scope="module")
def asked(scene: Scene) -> Round:
    return Round(scene)


@pytest.fixture(autouse=True)
def _all_parts_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker and no beat run here."""
    for part in ("worker", "beat"):
        monkeypatch.setitem(health.PARTS, part, lambda: True)
    monkeypatch.setattr(health, "health_parts", {})


# The table is whole.


def test_every_address_and_method_is_declared_and_nothing_else() -> None:
    answered = {f"{method} {each.route}" for each in ADDRESSES.values() for method in each.methods}
    assert {row.asked for row in ROWS} == answered


def test_every_body_is_for_an_address_that_is_there() -> None:
    assert set(BODIES) <= {row.asked for row in ROWS}


def test_what_is_no_view_set_is_known_by_name() -> None:
    assert {route for route, each in ADDRESSES.items() if not each.actions} == {
        "openapi.json", "docs/", "/healthz",
        "/auth/browser/v1/config", "/auth/browser/v1/auth/login", "/auth/browser/v1/auth/session",
        "/auth/browser/v1/auth/2fa/authenticate",
        "/auth/browser/v1/auth/reauthenticate", "/auth/browser/v1/account/password/change",
        "/oauth/token/", "/oauth/revoke_token/", "public/concerns/", "public/concerns/receipt/",
        "/w/<str:secret>/",
    }  # fmt: skip


# The table is true.


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_outcome_is_as_declared(asked: Round, row: Row) -> None:
    found = {name: answer.status for name, answer in asked.of(row).items()}
    assert found == row.outcomes


def test_nobody_reads_the_name_who_has_no_part(asked: Round) -> None:
    for who, _row, persona, answer in asked.answers(ROWS):
        if answer.names_the_person:
            assert str(persona) not in OUTSIDERS, who
            assert answer.status < 400, who


def test_nobody_reads_who_reported_outside_of_the_compartment(asked: Round) -> None:
    readers = {"own staff", "ward coordinator"}
    for who, row, persona, answer in asked.answers(ROWS):
        may = row.route == COMPARTMENT and str(persona) in readers
        assert answer.names_the_reporter == may, who


def test_nobody_reads_who_is_watched_over_without_a_part_in_it(asked: Round) -> None:
    for who, _row, persona, answer in asked.answers(ROWS):
        if answer.names_the_watched:
            assert str(persona) in PARTS, who
            assert answer.status < 400, who


def test_out_of_reach_is_as_good_as_absent(scene: Scene, asked: Round) -> None:
    for number, row in enumerate(ROWS):
        refused = [each for each in scene.personas if asked.of(row)[str(each)].status == 404]
        answers = {asked.of(row)[str(each)].content for each in refused}
        # All of them were told the same; one of them asks once more, with each line another one.
        for persona in refused[number % len(refused) :][:1] if refused else []:
            absent = ask(scene, persona, row, absent=True)
            assert (absent.status, {absent.content}) == (404, answers), f"{row} by {persona}"


def test_nobody_keeps_an_answer_but_the_contract(asked: Round) -> None:
    for who, row, _persona, answer in asked.answers(ROWS):
        kept = row.route in {"openapi.json", "docs/"} and row.method == "GET"
        assert ("no-store" in answer.headers.get("Cache-Control", "")) != kept, who
        assert len(answer.headers["X-Request-Id"]) == len(str(uuid4())), who
        assert {each.request_id for each in answer.trail} <= {answer.headers["X-Request-Id"]}, who
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], who
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", who
        assert answer.headers["Permissions-Policy"], who


def test_what_was_made_says_where_it_is(asked: Round) -> None:
    for who, _row, _persona, answer in asked.answers(rows_of("POST", of=VIEW_SETS)):
        if answer.status == 201:
            there = answer.headers["Location"]
            assert there.startswith("/api/v1/"), who
            match = resolve(there)
            assert there == answer.path or "get" in getattr(match.func, "actions", {}), who


def test_a_method_that_is_not_there_is_405_whatever_the_query(scene: Scene) -> None:
    turn = cycle(("anonymous", "own staff"))
    for each, method in with_one_of(("TRACE", "DELETE", "OPTIONS")):
        path, name = each.path(**dict.fromkeys(each.names, uuid4())), next(turn)
        answer = scene.persona(name).ask(method, f"{path}?x=1")
        assert answer.status in ({401, 405} if name == "anonymous" else {405}), each.route


def _rows_of_reading(*, outcome: int | None = None) -> list[Row]:
    routes = {each.route for each in VIEW_SETS}
    reading = [row for row in ROWS if row.method == "GET" and row.route in routes]
    return [row for row in reading if outcome in {None, row.outcomes["own staff"]}]


def test_what_is_said_twice_is_read_as_a_list_or_refused(scene: Scene) -> None:
    for row in _rows_of_reading(outcome=200):
        target = scene.targets.get(row.target)
        path = ADDRESSES[row.route].path(**(target.ids if target else {}))
        for name in ("limit", "q"):
            answer = scene.persona("own staff").ask("GET", f"{path}?{name}=1&{name}=2")
            assert answer.status == 400, f"{row} {name}"


def test_an_id_has_no_case(scene: Scene) -> None:
    # One place lowers them all: a third of the addresses shows it.
    for row in _rows_of_reading()[::3]:
        target = scene.targets.get(row.target)
        if target and "<str:" not in row.route:
            ids = {name: str(pk).upper() for name, pk in target.ids.items()}
            answer = scene.persona("own staff").ask("GET", ADDRESSES[row.route].path(**ids))
            assert answer.status == row.outcomes["own staff"], str(row)


def test_an_address_without_its_last_slash_says_so(scene: Scene) -> None:
    # One place says it for them all: a third of the addresses shows it.
    for each in VIEW_SETS[::3]:
        path = each.path(**dict.fromkeys(each.names, uuid4())).removesuffix("/")
        answer = scene.persona("own staff").ask("GET", path)
        assert (answer.status, answer.code) == (404, "slash_missing"), each.route
        assert f"{path}/" in answer.content.decode()


def test_head_is_answered_like_get(scene: Scene) -> None:
    # One place answers them all: every third address shows it.
    for row, name in zip(rows_of("GET")[::3], cycle(SOME), strict=False):
        head = Row("HEAD", row.route, row.target, row.outcomes)
        answer = ask(scene, scene.persona(name), head)
        assert (answer.status, answer.content) == (row.outcomes[name], b""), f"{row} by {name}"


# The trail tells of it.


def test_every_denial_is_in_the_trail(asked: Round) -> None:
    for who, _row, persona, answer in asked.answers(rows_of(of=VIEW_SETS)):
        if answer.status in DENIALS:
            (entry,) = answer.left(AuditAction.DENIAL)
            assert entry.detail["code"] == answer.code, who
            assert entry.detail["status"] == answer.status, who
            assert entry.actor_kind == persona.kind, who


def test_every_write_is_in_the_trail(asked: Round, scene: Scene) -> None:
    writes = rows_of("POST", "PUT", "PATCH", "DELETE", of=VIEW_SETS)
    for who, row, persona, answer in asked.answers(writes):
        written = answer.left(AuditAction.WRITE)
        wrote = answer.status < 300 and row.asked not in ASKING
        assert bool(written) == wrote, who
        assert {entry.actor_kind for entry in written} <= {persona.kind}, who
        theirs = scene.agencies["own"].pk if row.asked in INVITED else scene.agency_id(persona)
        assert {entry.agency_id for entry in written} <= {theirs}, who


def test_whoever_reads_the_name_is_in_the_trail(asked: Round, scene: Scene) -> None:
    person = scene.targets["resident"].ids["id"]
    for who, _row, persona, answer in asked.answers(ROWS):
        if answer.names_the_person:
            reads = {entry.object_kind: entry for entry in answer.left(AuditAction.READ)}
            assert reads, who
            if "resident" in reads:
                assert person in reads["resident"].object_ids, who
            assert {each.agency_id for each in reads.values()} == {scene.agency_id(persona)}, who


def test_reading_writes_nothing(asked: Round) -> None:
    for who, _row, _persona, answer in asked.answers(rows_of("GET", of=VIEW_SETS)):
        assert not answer.left(AuditAction.WRITE), who


def test_the_trail_holds_no_personal_data(asked: Round) -> None:
    for who, _row, _persona, answer in asked.answers(ROWS):
        kept = str([vars(entry) for entry in answer.trail])
        assert not [name for name in PERSONAL if name in kept], who


# There is no way around the table.


def test_no_other_method_has_an_effect(scene: Scene) -> None:
    no_view_sets = [each for each in ADDRESSES.values() if not each.actions]
    others = [(each, method) for each in no_view_sets for method in set(METHODS) - each.methods]
    for number, (address, method) in enumerate([*others, *with_one_of(METHODS)]):
        if number % 10 == 0:
            cache.clear()  # together they are more than anybody may ask within a minute
        path = address.path(**dict.fromkeys(address.names, uuid4()))
        answer = scene.persona("own staff").ask(method, path)
        assert answer.status in {400, 401, 403, 405, 409}, f"{method} {address.route}"
        assert not answer.left(AuditAction.WRITE), f"{method} {address.route}"


def test_a_view_without_abilities_is_closed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    people = ("own staff", "own manager", "own client", "ward coordinator", "ward auditor")
    refused = {"anonymous": 401, **dict.fromkeys(people, 403)}
    turn = cycle(refused)
    for address in BY_ROLE:
        monkeypatch.setattr(address.view, "abilities", {})
        path = address.path(**dict.fromkeys(address.names, uuid4()))
        for method in address.methods:
            name = next(turn)
            answer = scene.persona(name).ask(method, path)
            assert answer.status == refused[name], f"{method} {address.route} by {name}"


def test_every_action_names_an_ability_of_the_table() -> None:
    for address in BY_ROLE:
        assert address.view
        assert issubclass(address.view, ActorViewSet)
        named = {address.view.abilities.get(action) for action in address.actions.values()}
        assert named <= set(ABILITIES), address.route


def test_nobody_acts_for_an_agency_that_is_not_theirs(scene: Scene) -> None:
    foreign = {"carenet-agency": str(scene.agencies["stranger"].pk)}
    for address, name in zip(VIEW_SETS, cycle(["own staff", "own client"]), strict=False):
        path = address.path(**dict.fromkeys(address.names, uuid4()))
        for method in address.methods:
            answer = scene.persona(name).ask(method, path, **foreign)
            assert (answer.status, answer.code) == (403, "agency_not_yours"), path


def test_a_session_without_the_csrf_token_writes_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = scene.persona("own staff")
    monkeypatch.setattr(staff.client.handler, "enforce_csrf_checks", True)
    for address in ADDRESSES.values():
        path = address.path(**dict.fromkeys(address.names, uuid4()))
        for method in address.methods - {"GET", "OPTIONS"}:
            if not path.startswith(WITHOUT_SESSION):
                answer = staff.ask(method, path)
                assert answer.status == 403, (method, path)
                assert answer.code in {"csrf_failed", "permission_denied"}


@pytest.mark.parametrize("target", ["grant", "naming"])
def test_a_child_is_not_reached_through_another_parent(scene: Scene, target: str) -> None:
    """Both cases are the caller's own; the grant and the naming hang on one of them."""
    row = next(row for row in ROWS if row.target == target)
    ids = scene.targets[target].ids | {"case_id": scene.targets["planned"].ids["id"]}
    path = ADDRESSES[row.route].path(**ids)
    assert scene.persona("own staff").ask(row.method, path).status == 404


def nobody_named(known: Persona) -> Persona:
    """Return the same system, naming nobody."""
    kept = {key: value for key, value in known.headers.items() if key != "carenet-acting-person"}
    return replace(known, headers=kept)


def declared(row: Row) -> bool:
    """Whether a client needs nobody there: it asks, or a machine does it by itself."""
    view = ADDRESSES[row.route]
    action = view.actions[row.method]
    ability = getattr(view.view, "abilities", {}).get(action, "")
    asks = action in getattr(view.view, "asking", ())
    return asks or not ability or ABILITIES[ability].by_itself


def test_a_write_of_a_client_names_the_person_behind_it(scene: Scene) -> None:
    for row in rows_of("POST", "PUT", "PATCH", "DELETE", of=VIEW_SETS):
        answer = ask(scene, nobody_named(scene.persona("own client")), row)
        if declared(row):
            assert answer.status == row.outcomes["own client"], row
        elif answer.status != 403 or answer.code not in {"role_missing", "scope_missing"}:
            assert (answer.status, answer.code) == (400, "acting_person_missing"), row
            assert answer.left(AuditAction.WRITE) == [], row
