"""A restricted case (abuse, a relative of staff) is for named members, whoever else has a part."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.cases.models import Case, CaseMember
from carenet.referrals.actions.acceptance_and_outcome import accept
from tests.cases.paths import at, sees, share
from tests.factories import NOWHERE, a_case, a_member, a_sent_referral, a_system, api
from tests.rest.raw_requests import code_of, pointers_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer


@pytest.fixture
def case(worker: Actor) -> Case:
    return a_case(worker, confidentiality="restricted")


@pytest.fixture
def colleague(plaza: Agency) -> Actor:
    return a_member(plaza)


def name(client: APIClient, case: Case, person: Actor, **more: Any) -> Answer:
    return client.post(at(case, "named-members"), {"user": str(person.user_id)} | more)


def end(client: APIClient, case: Case, person: Actor) -> Answer:
    member = CaseMember.objects.get(case=case, user=person.user, until=None)
    return client.post(at(case, "named-members", member.pk, "end"), {})


def test_whoever_opens_it_is_its_first_member(client: APIClient, worker: Actor, case: Case) -> None:
    (member,) = client.get(at(case, "named-members")).json()["results"]
    assert member["user"]["id"] == str(worker.user_id)
    assert sees(worker, case)


def test_nobody_else_in_the_agency_sees_it(plaza: Agency, case: Case, colleague: Actor) -> None:
    for other in (colleague, a_member(plaza, Role.MANAGER)):
        assert not sees(other, case)
    assert a_system(plaza).get(at(case)).status_code == 404


def test_what_is_below_it_is_out_of_reach_too(case: Case, colleague: Actor) -> None:
    for part in ("notes", "grants", "named-members"):
        assert code_of(api(colleague).get(at(case, part)), 404) == "not_found"


def test_a_naming_opens_it(client: APIClient, case: Case, colleague: Actor) -> None:
    assert name(client, case, colleague).status_code == 201
    assert sees(colleague, case)


def test_and_its_end_closes_it(client: APIClient, case: Case, colleague: Actor) -> None:
    name(client, case, colleague)
    assert end(client, case, colleague).status_code == 200
    assert not sees(colleague, case)


def test_a_naming_may_run_out(client: APIClient, case: Case, colleague: Actor) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    name(client, case, colleague, until=tomorrow)
    assert sees(colleague, case)
    CaseMember.objects.filter(user=colleague.user).update(
        given_at=timezone.now() - timedelta(days=2), until=timezone.now() - timedelta(seconds=1)
    )
    assert not sees(colleague, case)


def test_it_cannot_run_out_in_the_past(client: APIClient, case: Case, colleague: Actor) -> None:
    yesterday = (timezone.now() - timedelta(days=1)).isoformat()
    assert pointers_of(name(client, case, colleague, until=yesterday)) == ["/until"]


def test_nobody_is_named_twice(client: APIClient, case: Case, colleague: Actor) -> None:
    name(client, case, colleague)
    assert code_of(name(client, case, colleague), 409) == "conflict"


def test_but_may_be_named_again(client: APIClient, case: Case, colleague: Actor) -> None:
    name(client, case, colleague)
    end(client, case, colleague)
    assert name(client, case, colleague).status_code == 201
    assert len(client.get(at(case, "named-members")).json()["results"]) == 3


def test_the_last_member_cannot_be_taken_off(client: APIClient, worker: Actor, case: Case) -> None:
    assert code_of(end(client, case, worker), 409) == "conflict"
    assert sees(worker, case)


def test_nor_the_last_one_who_leads(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    name(client, case, helper)
    assert code_of(end(client, case, worker), 409) == "conflict"
    assert sees(worker, case)


def test_nor_the_last_one_who_stays(
    client: APIClient, worker: Actor, case: Case, colleague: Actor
) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    name(client, case, colleague, until=tomorrow)
    assert code_of(end(client, case, worker), 409) == "conflict"


def test_whoever_names_somebody_else_first_may_go(
    client: APIClient, worker: Actor, case: Case, colleague: Actor
) -> None:
    name(client, case, colleague)
    assert end(client, case, worker).status_code == 200
    assert sees(colleague, case)
    assert not sees(worker, case)


def test_a_naming_alone_is_no_part_in_the_case(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    name(client, case, helper)
    assert not sees(helper, case)
    share(worker, case, helper.agency_id)
    assert sees(helper, case)


def test_nor_is_a_part_in_the_case_a_naming(worker: Actor, helper: Actor, case: Case) -> None:
    share(worker, case, helper.agency_id)
    assert not sees(helper, case)


def test_only_the_lead_names(worker: Actor, helper: Actor, case: Case, colleague: Actor) -> None:
    share(worker, case, helper.agency_id)
    name(api(worker), case, helper)
    assert code_of(name(api(helper), case, colleague), 403) == "not_lead"
    assert code_of(api(helper).get(at(case, "named-members")), 403) == "not_lead"


@pytest.mark.parametrize("person", [str(NOWHERE), "x", None])
def test_only_people_are_named(client: APIClient, case: Case, person: str | None) -> None:
    assert pointers_of(client.post(at(case, "named-members"), {"user": person})) == ["/user"]


def test_a_member_of_another_case_is_not_found_in_this_one(
    client: APIClient, worker: Actor, case: Case
) -> None:
    foreign = CaseMember.objects.get(case=a_case(worker, confidentiality="restricted"))
    answer = client.post(at(case, "named-members", foreign.pk, "end"), {})
    assert code_of(answer, 404) == "not_found"


def test_a_naming_is_never_deleted(case: Case) -> None:
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        CaseMember.objects.filter(case=case).delete()


def test_a_case_is_restricted_later(client: APIClient, worker: Actor, colleague: Actor) -> None:
    case = a_case(worker)
    assert sees(colleague, case)
    answer = client.post(at(case, "restrict"), {})
    assert answer.json()["confidentiality"] == "restricted"
    assert sees(worker, case)
    assert not sees(colleague, case)


def test_the_person_in_charge_stays_in_sight_of_it(worker: Actor, plaza: Agency) -> None:
    case = a_case(worker)
    manager = a_member(plaza, Role.MANAGER)
    api(manager).post(at(case, "restrict"), {})
    assert sees(worker, case)
    assert sees(manager, case)


def test_and_opened_again(client: APIClient, case: Case, colleague: Actor) -> None:
    assert client.post(at(case, "unrestrict"), {}).json()["confidentiality"] == "normal"
    assert sees(colleague, case)


def test_what_is_so_already_cannot_be_made_so(client: APIClient, case: Case) -> None:
    assert code_of(client.post(at(case, "restrict"), {}), 409) == "conflict"
    client.post(at(case, "unrestrict"), {})
    assert code_of(client.post(at(case, "unrestrict"), {}), 409) == "conflict"


@pytest.mark.parametrize("verb", ["restrict", "unrestrict"])
def test_only_the_lead_decides(worker: Actor, helper: Actor, verb: str) -> None:
    case = a_case(worker)
    share(worker, case, helper.agency_id)
    assert code_of(api(helper).post(at(case, verb), {}), 403) == "not_lead"


def test_its_referrals_are_for_named_members_too(
    client: APIClient, worker: Actor, helper: Actor, case: Case, colleague: Actor
) -> None:
    sent = a_sent_referral(worker, helper.agency, case, addressee=helper.user)
    address = f"/api/v1/referrals/{sent.pk}/"
    unnamed = (colleague, a_member(helper.agency))
    assert client.get(address).status_code == api(helper).get(address).status_code == 200
    for actor in unnamed:
        assert code_of(api(actor).get(address), 404) == "not_found"
        assert code_of(api(actor).get(f"{address}events/"), 404) == "not_found"
        assert api(actor).get("/api/v1/referrals/").json()["results"] == []


def test_a_referral_shows_its_person_to_named_members_alone(
    worker: Actor, helper: Actor, case: Case
) -> None:
    sent = a_sent_referral(worker, helper.agency, case, addressee=helper.user)
    accept(actor=helper, referral_id=sent.pk)
    person = f"/api/v1/residents/{case.resident_id}/"
    assert api(helper).get(person).status_code == 200
    assert code_of(api(a_member(helper.agency)).get(person), 404) == "not_found"


@pytest.mark.usefixtures("case")
def test_a_list_holds_open_cases_and_those_that_name_the_reader(
    worker: Actor, colleague: Actor
) -> None:
    own = a_case(colleague, confidentiality="restricted")
    shared = a_case(worker)
    found = api(colleague).get("/api/v1/cases/").json()["results"]
    assert {row["id"] for row in found} == {str(own.pk), str(shared.pk)}
