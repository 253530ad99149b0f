"""Consents and the household of a person, on the desk."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.residents import actions
from carenet.residents.models import Consent, HouseholdMember, Resident
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.residents.samples import a_consent
from tests.staff.query_count import queries
from tests.staff.test_person import desk, of

pytestmark = pytest.mark.django_db
SAID = {
    "pole": "given",
    "categories": ["support", "identity"],
    "method": "written",
    "given_by": "本人",
    "stated_on": "きのう",
    "note": "事務室のファイル12",
}


@pytest.fixture
def actor(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency())


@pytest.fixture
def person(actor: Actor) -> Resident:
    return a_resident(actor)


@pytest.mark.operation("residents_consents_create")
def test_a_consent_is_written_down_with_its_paper(actor: Actor, person: Resident) -> None:
    receiver = an_agency()
    answer = desk(actor).post(of(person, "consents"), SAID | {"agencies": str(receiver.pk)})
    assert answer.status_code == 303
    consent = Consent.objects.get()
    assert (consent.agencies, consent.method) == ([receiver.pk], "written")
    page = desk(actor).get(of(person, "consents", consent.pk)).content.decode()
    assert "事務室のファイル12" in page
    assert receiver.name in page


def test_to_whom_has_to_be_said(actor: Actor, person: Resident) -> None:
    answer = desk(actor).post(of(person, "consents"), SAID)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"agencies"}
    assert answer.context["form"]["note"].value() == "事務室のファイル12"


@pytest.mark.operation("residents_consents_withdraw_create")
def test_a_consent_is_taken_back(actor: Actor, person: Resident) -> None:
    consent = a_consent(actor, person, an_agency())
    given = {"withdrawn_on": "今日", "method": "oral"}
    here = of(person, "consents", consent.pk)
    assert desk(actor).post(here, given).status_code == 303
    assert Consent.objects.get().is_withdrawn
    again = desk(actor).post(here, given)
    assert again.status_code == 409


def test_a_refusal_is_shown_to_nobody_else(actor: Actor, person: Resident) -> None:
    other = a_member(an_agency())
    refusal = a_consent(actor, person, an_agency(), pole="refused")
    a_sent_referral(actor, other.agency, a_case(actor, person))
    page = desk(other).get(of(person, "consents"))
    assert page.context["consents"] == []
    assert desk(other).get(of(person, "consents", refusal.pk)).status_code == 404


def join(actor: Actor, person: Resident, other: Resident | None, **typed: str) -> Any:
    given = {"subject": str(other.pk) if other else "", "other_role": "spouse"} | typed
    return desk(actor).post(of(person, "household"), given)


def home(person: Resident) -> set[Any]:
    rows = HouseholdMember.objects.filter(resident=person, ended_at=None)
    return set(rows.values_list("household__members__resident", flat=True))


@pytest.mark.operation("households_create")
def test_two_people_found_a_household(actor: Actor, person: Resident) -> None:
    other = a_resident(actor)
    assert join(actor, person, other, role="head").status_code == 303
    assert home(person) == {person.pk, other.pk}


@pytest.mark.operation("households_members_create")
def test_who_comes_joins_the_household_that_there_is(actor: Actor, person: Resident) -> None:
    first, second = a_resident(actor), a_resident(actor)
    join(actor, person, first, role="head")
    assert join(actor, person, second, other_role="child").status_code == 303
    assert home(person) == {person.pk, first.pk, second.pk}


def test_the_person_joins_the_household_of_the_other(actor: Actor, person: Resident) -> None:
    first, second = a_resident(actor), a_resident(actor)
    join(actor, first, second, role="head")
    assert join(actor, person, first, role="child", other_role="").status_code == 303
    assert home(person) == {person.pk, first.pk, second.pk}


def test_what_is_missing_is_said_at_its_field(actor: Actor, person: Resident) -> None:
    for other, typed, wrong in (
        (None, {"role": "head"}, "q"),
        (a_resident(actor), {}, "role"),
        (a_resident(actor), {"role": "head", "other_role": ""}, "other_role"),
    ):
        answer = join(actor, person, other, **typed)
        assert answer.status_code == 400
        assert set(answer.context["form"].errors) == {wrong}
    assert home(person) == set()


def test_searching_keeps_what_was_typed(actor: Actor, person: Resident) -> None:
    other = a_resident(actor, family_name="山本", family_kana="ヤマモト")
    typed = {"find": "1", "q": "やまもと", "other_role": "spouse"}
    page = desk(actor).post(of(person, "household"), typed)
    assert page.context["people"] == [other]
    assert page.context["form"]["other_role"].value() == "spouse"


@pytest.mark.operation("households_members_end_create")
def test_somebody_leaves(actor: Actor, person: Resident) -> None:
    other = a_resident(actor)
    join(actor, person, other, role="head")
    member = HouseholdMember.objects.get(resident=other)
    here = of(person, "household", member.pk, "leave")
    assert desk(actor).get(here).status_code == 200
    assert desk(actor).post(here, {"until": "来年"}).status_code == 422
    assert desk(actor).post(here, {"until": "今日"}).status_code == 303
    assert other not in [
        each.resident for each in desk(actor).get(of(person, "household")).context["members"]
    ]


def test_whoever_may_not_see_the_address_sees_no_household(actor: Actor) -> None:
    registrar = a_member(an_agency())
    person = a_resident(registrar, address="綱島東1-2-3", address_protected=True)
    other = a_resident(registrar, family_name="山本")
    join(registrar, person, other, role="head")
    for each in (person, other):
        a_sent_referral(registrar, actor.agency, a_case(registrar, each))
    for shown, hidden in ((person, other), (other, person)):
        page = desk(actor).get(of(shown, "household"))
        assert hidden not in [each.resident for each in page.context["members"]]
        assert str(hidden.pk) not in page.content.decode()


@pytest.mark.parametrize("part", ["consents", "household"])
def test_many_cost_no_more_than_few(actor: Actor, person: Resident, part: str) -> None:
    join(actor, person, a_resident(actor), role="head")
    asked = []
    for number in (1, 4):
        for _each in range(number):
            a_consent(actor, person, an_agency())
            join(actor, person, a_resident(actor), other_role="child")
        asked.append(len(queries(desk(actor), of(person, part))))
    assert asked == [asked[0]] * 2
    assert asked[0] <= 12


def test_a_manager_reads_and_writes_nothing(actor: Actor, person: Resident) -> None:
    a_consent(actor, person, an_agency())
    manager = desk(a_member(actor.agency, Role.MANAGER))
    for part in ("consents", "household"):
        page = manager.get(of(person, part))
        assert page.status_code == 200
        assert '<form method="post" class="card"' not in page.content.decode()


def test_whom_one_does_not_keep_does_not_leave_by_ones_word(actor: Actor) -> None:
    registrar = a_member(an_agency())
    person, other = a_resident(registrar), a_resident(actor)
    a_sent_referral(registrar, actor.agency, a_case(registrar, person))
    member = actions.found_household(actor=registrar, resident=person, role="head")
    actions.join_household(actor=actor, household=member.household, resident=other, role="child")
    here = of(person, "household", member.pk, "leave")
    assert desk(actor).post(here, {"until": "今日"}).status_code == 403
    assert desk(actor).get(of(other, "household")).context["kept"] == {other.pk}
