"""The rule of the list and the rule of the object are one: `visible_to` and `can_…` agree.

Held over every combination of ownership, share, end, restriction, naming, part and status, for
everybody who may look (`combinations.py`); `test_histories.py` holds it over random histories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model, QuerySet
from django.test.utils import CaptureQueriesContext

from carenet.access.compiled_rules import CompiledRule
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.cases import policy as cases
from carenet.cases.states import OPEN
from carenet.core.decisions import Decision
from carenet.oversight import policy as oversight
from carenet.referrals import policy as referrals
from carenet.referrals.states import Side
from carenet.residents import policy as residents
from carenet.residents.models import ResidentFact
from carenet.residents.policy import resident
from carenet.tasks import policy as tasks
from tests.access.combinations import ACTORS, POOLS, World, a_world
from tests.access.records import add_records, people_with_records

#: What hangs on a person.
RECORDS = (
    residents.contacts_visible_to,
    residents.certifications_visible_to,
    residents.consents_visible_to,
    residents.facts_visible_to,
    residents.memberships_visible_to,
)
COMPILED = {
    "cases": cases.SEEN,
    "residents": resident.SEEN,
    "residents by work": resident.KNOWN_BY_WORK,
}


@pytest.fixture(scope="module")
def world(for_one_file: None) -> World:  # noqa: ARG001 - ordering
    found = a_world()
    add_records(found)
    return found


@pytest.fixture(params=ACTORS)
def actor(request: pytest.FixtureRequest, world: World) -> Actor:
    return world.actors[request.param]


def allowed(
    actor: Actor, rule: Callable[[Actor, Any], Decision], among: Iterable[Model]
) -> set[Any]:
    return {each.pk for each in among if rule(actor, each)}


def ids(rows: Iterable[Model]) -> set[Any]:
    return {row.pk for row in rows}


def test_cases(world: World, actor: Actor) -> None:
    seen = ids(cases.visible_to(actor)) & ids(world.cases)
    assert seen == allowed(actor, cases.can_view, world.cases)


def test_consultations(world: World, actor: Actor) -> None:
    seen = ids(cases.consultations_visible_to(actor))
    assert seen == allowed(actor, cases.can_view_consultation, world.consultations)


def test_notes(world: World, actor: Actor) -> None:
    noted = {each.case_id: each.case for each in world.notes}
    some = [*noted.values(), *world.cases[::19]]
    seen = {note for case in some for note in ids(cases.notes_visible_to(actor, case))}
    assert seen == allowed(actor, cases.can_read_note, world.notes)


def test_tasks(world: World, actor: Actor) -> None:
    # Every case has one of each agency: one is looked at, of each agency in turn.
    some = world.tasks[::4]
    seen = ids(tasks.visible_to(actor)) & ids(some)
    assert seen == allowed(actor, tasks.can_view, some)


def test_a_task_opens_no_case_to_whoever_has_it(world: World, actor: Actor) -> None:
    worked_on = {each.case_id for each in world.tasks[1::4] if tasks.can_work(actor, each)}
    assert worked_on <= ids(cases.visible_to(actor))


def test_referrals(world: World, actor: Actor) -> None:
    seen = ids(referrals.visible_to(actor))
    assert seen == allowed(actor, referrals.can_view, world.referrals)


def test_whoever_sees_a_referral_has_a_part_in_it(world: World, actor: Actor) -> None:
    seen = ids(referrals.visible_to(actor))
    for referral in world.referrals:
        has_part = bool(referrals.sides(actor, referral)) and bool(actor.may("referrals.view"))
        if not referral.case.restricted:
            assert (referral.pk in seen) == has_part
        assert has_part or referral.pk not in seen


def test_open_pools(world: World, actor: Actor) -> None:
    seen = ids(referrals.pool_visible_to(actor))
    assert seen == allowed(actor, referrals.can_view_in_pool, world.referrals)


def test_who_may_claim_sees_it_in_the_pool_and_nowhere_else(world: World, actor: Actor) -> None:
    claimable = allowed(actor, referrals.can_claim, world.referrals)
    assert claimable <= ids(referrals.pool_visible_to(actor)) & ids(referrals.claimable_by(actor))
    for referral in world.referrals:
        if referral.pk in claimable:
            assert Side.R not in referrals.sides(actor, referral)


def test_facts(world: World, actor: Actor) -> None:
    facts = ResidentFact.objects.filter(resident__in=people_with_records(world))
    seen = ids(residents.facts_visible_to(actor)) & ids(facts)
    assert seen == allowed(actor, residents.can_view_fact, facts.select_related("resident"))


def test_audit_entries(world: World, actor: Actor) -> None:
    seen = ids(oversight.visible_to(actor).filter(action="test"))
    assert seen == allowed(actor, oversight.can_view, world.trail)


def test_residents(world: World, actor: Actor) -> None:
    some = world.residents[::11]
    seen = ids(residents.visible_to(actor)) & ids(some)
    assert seen == allowed(actor, residents.can_view, some)


@pytest.mark.parametrize("reads", [False, True], ids=["writing", "reading"])
def test_records_of_one_person_are_those_that_the_rule_shows(
    world: World, actor: Actor, *, reads: bool
) -> None:
    asking = replace(actor, answers={} if reads else None)
    # Every second one in either way.
    for person in people_with_records(world)[reads::2]:
        for visible in RECORDS:
            assert ids(visible(asking, person)) == ids(visible(actor).filter(resident=person))


@pytest.mark.parametrize("visible", RECORDS)
def test_there_are_records_to_see_and_somebody_who_does_not(
    world: World, visible: Callable[..., QuerySet[Any]]
) -> None:
    everybody = product(world.actors.values(), people_with_records(world))
    seen = [bool(ids(visible(actor, person))) for actor, person in everybody]
    assert any(seen)
    assert not all(seen)


@pytest.mark.parametrize(("answers", "asked"), [({}, 1), (None, 3)], ids=["reading", "writing"])
def test_a_request_that_reads_asks_once_and_one_that_writes_each_time(
    world: World, answers: dict[Any, Any] | None, asked: int
) -> None:
    staff = world.actors[ACTORS[0]]
    person = next(
        each
        for each in world.residents
        if each.registered_by_id != staff.agency_id and residents.can_view_details(staff, each)
    )
    asking = replace(staff, answers=answers)
    with CaptureQueriesContext(connection) as sent:
        for _ in range(3):
            assert residents.can_view_details(asking, person)
    assert len(sent) == asked


def test_whoever_is_seen_is_reached_by_an_index(world: World, actor: Actor) -> None:
    reached = {row["pk"] for row in residents.reached_by(actor)}
    assert ids(world.residents) & ids(residents.visible_to(actor)) <= reached


@pytest.mark.parametrize("rule", COMPILED.values(), ids=COMPILED)
def test_a_compiled_rule_says_what_the_rule_says(
    world: World, actor: Actor, rule: CompiledRule
) -> None:
    del world
    everything = rule.model._default_manager
    assert ids(everything.filter(rule(actor))) == ids(everything.filter(rule.rule(actor)))


def test_a_resident_is_seen_by_registration_or_through_a_case_or_a_referral(
    world: World, actor: Actor
) -> None:
    registered = {
        each.pk
        for each in world.residents
        if actor.does_casework and each.registered_by_id == actor.agency_id
    }
    concerned = {each.resident_id for each in cases.visible_to(actor)}
    referred = {each.resident_id for each in referrals.visible_to(actor)}
    expected = registered | concerned | referred if actor.may("residents.view") else set()
    assert ids(residents.visible_to(actor)) == expected


def test_the_record_is_kept_by_registration_or_by_the_lead_of_an_open_case(
    world: World, actor: Actor
) -> None:
    registered = {each.pk for each in world.residents if each.registered_by_id == actor.agency_id}
    led = cases.visible_to(actor).filter(lead_agency=actor.agency_id, status__in=list(OPEN))
    expected = registered | {each.resident_id for each in led}
    some = world.residents[::7]
    found = allowed(actor, residents.can_edit, some)
    assert found == (expected & ids(some) if actor.may("residents.edit") else set())


def test_has_perm_answers_like_the_rule(world: World, actor: Actor) -> None:
    user = actor.user or User()
    user.actor = actor  # type: ignore[attr-defined]
    rules: dict[str, tuple[Callable[[Actor, Any], Decision], list[Any]]] = {
        "cases.view_case": (cases.can_view, world.cases[::7]),
        "cases.change_case": (cases.can_change, world.cases[::7]),
        "cases.co_support_case": (cases.can_write_note, world.cases[::7]),
        "referrals.view_referral": (referrals.can_view, world.referrals[::17]),
        "referrals.change_referral": (referrals.can_edit, world.referrals[::17]),
        "residents.view_resident": (residents.can_view, world.residents[::37]),
        "residents.change_resident": (residents.can_edit, world.residents[::37]),
    }
    for perm, (rule, objects) in rules.items():
        for each in objects:
            assert user.has_perm(perm, each) == bool(rule(actor, each)), (perm, each)


def test_has_perm_shows_a_protected_address_to_whoever_has_the_right(
    world: World, actor: Actor
) -> None:
    user = actor.user or User()
    user.actor = actor  # type: ignore[attr-defined]
    protected = [each for each in world.residents if each.address_protected]
    for person in protected[-12:]:
        expected = residents.can_view(actor, person) and residents.can_see_address(actor, person)
        assert user.has_perm("residents.view_protected_address", person) == bool(expected)


def test_has_perm_knows_no_permission_that_is_not_a_rule(world: World, actor: Actor) -> None:
    user = actor.user or User()
    user.actor = actor  # type: ignore[attr-defined]
    for thing in (world.cases[0], world.referrals[0], world.residents[0], world.notes[0]):
        assert not user.has_perm("cases.delete_case", thing)
    assert not user.has_perm("cases.view_case")


def test_without_an_actor_nobody_has_a_permission(world: World) -> None:
    user = User.objects.get(pk=str(world.actors["here named all-rounder"].user_id))
    assert not any(user.has_perm("cases.view_case", case) for case in world.cases)


def test_a_disabled_account_has_no_permission(world: World) -> None:
    actor = world.actors["here named staff"]
    user = User.objects.get(pk=str(actor.user_id))
    user.actor, user.is_active = actor, False  # type: ignore[attr-defined]
    assert not any(user.has_perm("cases.view_case", case) for case in world.cases)


def test_the_world_is_worth_looking_at(world: World) -> None:
    """Everything is seen by somebody and hidden from somebody, or the tests above say nothing."""
    for visible_to, things in (
        (cases.visible_to, world.cases),
        (referrals.visible_to, world.referrals),
        (residents.visible_to, world.residents),
    ):
        shares = [len(ids(visible_to(actor)) & ids(things)) for actor in world.actors.values()]
        assert min(shares) == 0
        assert len(set(shares)) > 4
        assert max(shares) < len(things)
    waiting = [len(ids(referrals.pool_visible_to(actor))) for actor in world.actors.values()]
    assert min(waiting) == 0 < max(waiting) < len(POOLS)
