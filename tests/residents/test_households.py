"""Who lives with whom is shown as far as both the person and their address may be seen."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.actors import Actor
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.residents.actions import edit, found_household, join_household
from carenet.residents.models import HouseholdMember, Resident
from carenet.residents.policy import can_view_membership, memberships_visible_to
from tests.factories import a_case, a_resident, a_sent_referral, api
from tests.rest.raw_requests import code_of


@pytest.fixture
def father(registrar: Actor) -> HouseholdMember:
    return found_household(actor=registrar, resident=a_resident(registrar), role="head")


@pytest.fixture
def mother(registrar: Actor, father: HouseholdMember) -> HouseholdMember:
    resident = a_resident(registrar, address="港北区大豆戸町26-1")
    return join_household(
        actor=registrar, household=father.household, resident=resident, role="spouse"
    )


def at(member: HouseholdMember, *parts: object) -> str:
    below = "".join(f"{part}/" for part in parts)
    return f"/api/v1/households/{member.household_id}/{below}"


def shown(actor: Actor, member: HouseholdMember) -> set[Any]:
    found = api(actor).get(at(member)).json()
    return {each["resident"]["id"] for each in found["members"]}


def people(*members: HouseholdMember) -> set[str]:
    return {str(each.resident_id) for each in members}


def let_see(registrar: Actor, helper: Actor, resident: Resident, **words: Any) -> None:
    sent = a_sent_referral(registrar, helper.agency, a_case(registrar, resident), **words)
    accept(actor=helper, referral_id=sent.pk)


def test_its_keepers_see_all_members(
    registrar: Actor, father: HouseholdMember, mother: HouseholdMember
) -> None:
    assert shown(registrar, father) == people(father, mother)


@pytest.mark.usefixtures("mother")
def test_a_member_out_of_reach_is_not_even_counted(
    registrar: Actor, helper: Actor, father: HouseholdMember
) -> None:
    assert api(helper).get(at(father)).status_code == 404
    let_see(registrar, helper, father.resident)
    assert shown(helper, father) == people(father)


def test_a_protected_member_is_hidden_from_whom_the_address_is(
    registrar: Actor, helper: Actor, father: HouseholdMember, mother: HouseholdMember
) -> None:
    for each in (father, mother):
        let_see(registrar, helper, each.resident)
    assert shown(helper, father) == people(father, mother)
    edit(actor=registrar, resident_id=mother.resident_id, address_protected=True)
    assert shown(helper, father) == people(father)


def test_nor_does_her_own_page_lead_to_those_she_lives_with(
    registrar: Actor, helper: Actor, father: HouseholdMember, mother: HouseholdMember
) -> None:
    let_see(registrar, helper, mother.resident)
    edit(actor=registrar, resident_id=mother.resident_id, address_protected=True)
    answer = api(helper).get(f"/api/v1/residents/{mother.resident_id}/households/")
    assert answer.json()["results"] == []
    assert api(helper).get(at(father)).status_code == 404


def test_to_whom_the_address_was_disclosed_the_household_is_as_well(
    registrar: Actor, helper: Actor, father: HouseholdMember, mother: HouseholdMember
) -> None:
    edit(actor=registrar, resident_id=mother.resident_id, address_protected=True)
    let_see(registrar, helper, mother.resident, discloses_address=True)
    assert shown(helper, father) == people(mother)


def test_the_list_and_the_object_rule_agree(
    registrar: Actor, helper: Actor, father: HouseholdMember, mother: HouseholdMember
) -> None:
    let_see(registrar, helper, father.resident)
    let_see(registrar, helper, mother.resident)
    edit(actor=registrar, resident_id=mother.resident_id, address_protected=True)
    for actor in (registrar, helper):
        seen = set(memberships_visible_to(actor).values_list("pk", flat=True))
        everything = HouseholdMember.objects.all()
        assert seen == {each.pk for each in everything if can_view_membership(actor, each)}


@pytest.mark.usefixtures("father")
def test_a_person_lives_in_one_household_at_a_time(
    registrar: Actor, mother: HouseholdMember
) -> None:
    body = {"resident": str(mother.resident_id), "role": "head"}
    client = api(registrar)
    assert code_of(client.post("/api/v1/households/", body), 409) == "conflict"
    left = client.post(at(mother, "members", mother.pk, "end"), {"until": None})
    assert left.json()["until"]
    assert client.post("/api/v1/households/", body).status_code == 201


def test_nobody_leaves_twice(registrar: Actor, mother: HouseholdMember) -> None:
    address = at(mother, "members", mother.pk, "end")
    api(registrar).post(address, {})
    assert code_of(api(registrar).post(address, {}), 409) == "conflict"


def test_only_a_record_keeper_puts_somebody_into_a_household(
    registrar: Actor, helper: Actor, father: HouseholdMember
) -> None:
    son = a_resident(registrar)
    for each in (son, father.resident):
        let_see(registrar, helper, each)
    body = {"resident": str(son.pk), "role": "child"}
    answer = api(helper).post(at(father, "members"), body)
    assert code_of(answer, 403) == "not_record_keeper"
