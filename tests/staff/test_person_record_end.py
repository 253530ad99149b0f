"""The end of a record and two records of one person, on the desk."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.residents import actions
from carenet.residents.models import Resident, ResidentMerge
from carenet.residents.registry import pointers_at_residents
from carenet.staff.pages.person.merge import FOLLOWS
from tests.factories import a_case, a_member, a_resident, an_agency
from tests.residents.samples import a_contact
from tests.staff.query_count import queries
from tests.staff.test_person import desk, of

pytestmark = pytest.mark.django_db
DIED = {"reason": "died", "on": "きのう"}
WHY = {"reason": "同じ生年月日と住所"}


@pytest.fixture
def actor(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency())


@pytest.fixture
def person(actor: Actor) -> Resident:
    return a_resident(actor)


def at(person: Resident) -> dict[str, Any]:
    person.refresh_from_db()
    return {"version": person.version}


def test_a_death_is_recorded_and_what_it_settles_is_shown_first(
    actor: Actor, person: Resident
) -> None:
    case = a_case(actor, person)
    here = of(person, "end")
    assert desk(actor).get(here).context["cases"] == [case]
    assert desk(actor).post(here, DIED | at(person)).status_code == 303
    case.refresh_from_db()
    person.refresh_from_db()
    assert (person.ended_because, case.is_open) == ("died", False)


def test_a_manager_records_it_too(actor: Actor, person: Resident) -> None:
    manager = a_member(actor.agency, Role.MANAGER)
    assert desk(manager).post(of(person, "end"), DIED | at(person)).status_code == 303


def test_an_end_that_cannot_be_is_said_at_its_field(actor: Actor, person: Resident) -> None:
    answer = desk(actor).post(of(person, "end"), DIED | {"on": "来週"} | at(person))
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"on"}


def test_nobody_ends_what_they_have_not_seen(actor: Actor, person: Resident) -> None:
    for version, status in (({}, 428), ({"version": 9}, 412)):
        assert desk(actor).post(of(person, "end"), DIED | version).status_code == status


def both(person: Resident, other: Resident) -> dict[str, int]:
    return {"version": person.version, "other_version": other.version}


@pytest.mark.operation("residents_end_create", "residents_reinstate_create")
def test_an_end_is_taken_back(actor: Actor, person: Resident) -> None:
    desk(actor).post(of(person, "end"), DIED | at(person))
    here = of(person, "reinstate")
    page = desk(actor).get(of(person))
    assert here in page.content.decode()
    assert desk(actor).post(here, at(person)).status_code == 303
    person.refresh_from_db()
    assert not person.is_ended


def test_a_death_long_ago_is_not_taken_back(actor: Actor, person: Resident, settings: Any) -> None:
    desk(actor).post(of(person, "end"), DIED | at(person))
    settings.RESIDENT_REINSTATE_DAYS = 0
    page = desk(actor).get(of(person, "reinstate"))
    assert not page.context["may"]
    assert page.context["denials"]
    assert desk(actor).post(of(person, "reinstate"), at(person)).status_code == 403
    person.refresh_from_db()
    assert person.is_ended


def test_doubles_are_found_and_compared(actor: Actor, person: Resident) -> None:
    double = a_resident(actor)
    assert desk(actor).get(of(person, "doubles")).context["alike"] == [double]
    found = desk(actor).post(of(person, "doubles"), {"q": "たかはし"})
    assert found.context["found"] == [double]


@pytest.mark.operation("residents_merge_create")
def test_two_records_become_one_and_the_page_says_what_goes_where(
    actor: Actor, person: Resident
) -> None:
    double = a_resident(actor)
    a_case(actor, double)
    a_contact(actor, double)
    here = of(person, "merge", double.pk)
    page = desk(actor).get(here)
    assert [number for _label, number in page.context["follows"]] == [1, 1]
    assert desk(actor).post(here, WHY | both(person, double)).status_code == 303
    double.refresh_from_db()
    assert double.merged_into == person
    assert desk(actor).get(of(double))["Location"] == of(person)


def test_nothing_is_merged_that_somebody_has_changed_meanwhile(
    actor: Actor, person: Resident
) -> None:
    double = a_resident(actor)
    seen = WHY | both(person, double)
    actions.edit(actor=actor, resident_id=double.pk, given_name="花江")
    assert desk(actor).post(of(person, "merge", double.pk), seen).status_code == 412
    double.refresh_from_db()
    assert double.merged_into is None


def test_the_page_of_a_merge_reads_the_two_records_and_counts_the_rest(
    actor: Actor, person: Resident
) -> None:
    double = a_resident(actor)
    a_contact(actor, double)
    desk(actor).get(of(person, "merge", double.pk))
    reads = AuditEntry.objects.filter(deed=AuditAction.READ, actor_id=actor.user_id)
    assert {each.object_kind for each in reads} == {"resident"}


@pytest.mark.operation("residents_unmerge_create")
def test_a_merge_is_undone_and_the_page_says_what_goes_back(actor: Actor, person: Resident) -> None:
    double = a_resident(actor)
    a_contact(actor, double)
    a_contact(actor, person)
    actions.merge(actor=actor, survivor_id=person.pk, loser_id=double.pk, reason="同じ方")
    here = of(person, "unmerge", double.pk)
    assert here in desk(actor).get(of(person, "doubles")).content.decode()
    page = desk(actor).get(here)
    assert [number for _label, number in page.context["follows"]] == [1]
    assert desk(actor).post(here, WHY | at(person)).status_code == 303
    assert ResidentMerge.objects.get().undone_at
    assert desk(actor).get(here).status_code == 404


def test_what_a_merge_refuses_is_said_with_what_was_typed(actor: Actor, person: Resident) -> None:
    double = a_resident(actor)
    actions.end_record(
        actor=actor, resident_id=double.pk, reason="moved_away", on=double.registered_at.date()
    )
    double.refresh_from_db()
    answer = desk(actor).post(of(person, "merge", double.pk), WHY | both(person, double))
    assert answer.status_code == 409
    assert answer.context["form"]["reason"].value() == WHY["reason"]


def test_a_record_is_not_merged_with_one_that_others_keep(actor: Actor, person: Resident) -> None:
    stranger = a_resident(a_member(an_agency()))
    assert desk(actor).get(of(person, "merge", stranger.pk)).status_code == 404


def test_what_follows_a_merge_is_named_as_the_merge_notes_it() -> None:
    names = {pointer.name for pointer in pointers_at_residents}
    assert {noted for _label, noted in FOLLOWS.values()} <= names


@pytest.mark.parametrize("part", ["doubles", "merge", "end"])
def test_many_cost_no_more_than_few(actor: Actor, person: Resident, part: str) -> None:
    double, asked = a_resident(actor), []
    for number in (1, 3):
        for _each in range(number):
            a_case(actor, a_resident(actor, family_name="山本"))
            a_contact(actor, double)
            a_case(actor, person)
        parts = (part, double.pk) if part == "merge" else (part,)
        asked.append(len(queries(desk(actor), of(person, *parts))))
    assert asked == [asked[0]] * 2
    assert asked[0] <= 12
