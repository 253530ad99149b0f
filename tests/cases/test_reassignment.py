"""A case is in somebody's hands: a caseworker of the agency that leads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Membership, User
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from tests.cases.paths import at, sees, share
from tests.factories import a_member, a_system, a_user, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer


def hand_to(client: APIClient, case: Case, person: Any, **headers: str) -> Answer:
    return client.post(at(case, "reassign"), {"person": str(person)}, headers=headers)


@pytest.fixture
def colleague(plaza: Agency) -> Actor:
    return a_member(plaza)


def test_a_caseworker_hands_it_over(client: APIClient, case: Case, colleague: Actor) -> None:
    answer = hand_to(client, case, colleague.user_id)
    assert answer.json()["person_in_charge"]["id"] == str(colleague.user_id)
    assert answer["ETag"] == '"2"'


def test_so_does_the_manager(plaza: Agency, case: Case, colleague: Actor) -> None:
    manager = api(a_member(plaza, Role.MANAGER))
    assert hand_to(manager, case, colleague.user_id).status_code == 200


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.WATCHER, Role.AUDITOR])
def test_nobody_else_in_the_agency(plaza: Agency, case: Case, colleague: Actor, role: Role) -> None:
    answer = hand_to(api(a_member(plaza, role)), case, colleague.user_id)
    assert code_of(answer, 403) == "role_missing"


def test_nor_its_systems(plaza: Agency, case: Case, colleague: Actor) -> None:
    assert code_of(hand_to(a_system(plaza), case, colleague.user_id), 403) == "role_missing"


def test_nor_an_agency_that_supports(
    worker: Actor, helper: Actor, case: Case, colleague: Actor
) -> None:
    share(worker, case, helper.agency_id)
    assert code_of(hand_to(api(helper), case, colleague.user_id), 403) == "not_lead"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR, Role.WATCHER, Role.AUDITOR])
def test_it_is_given_to_casework_only(
    client: APIClient, plaza: Agency, case: Case, role: Role
) -> None:
    other = a_member(plaza, role)
    assert pointers_of(hand_to(client, case, other.user_id)) == ["/person"]


def test_not_to_another_agency(client: APIClient, worker: Actor, helper: Actor, case: Case) -> None:
    share(worker, case, helper.agency_id)
    assert pointers_of(hand_to(client, case, helper.user_id)) == ["/person"]


def test_nor_to_somebody_who_has_left(client: APIClient, case: Case, colleague: Actor) -> None:
    Membership.objects.filter(user=colleague.user).update(
        since="2019-01-01T00:00:00Z", until="2020-01-01T00:00:00Z"
    )
    assert pointers_of(hand_to(client, case, colleague.user_id)) == ["/person"]


def test_nor_to_a_disabled_account(client: APIClient, case: Case, colleague: Actor) -> None:
    User.objects.filter(memberships__agency=case.lead_agency).exclude(
        pk=case.person_in_charge_id or uuid4()
    ).update(is_active=False)
    assert pointers_of(hand_to(client, case, colleague.user_id)) == ["/person"]


def test_nor_to_nobody(client: APIClient, case: Case) -> None:
    for nobody in (uuid4(), a_user().pk, a_member(an_agency()).user_id, "x"):
        assert pointers_of(hand_to(client, case, nobody)) == ["/person"]
    case.refresh_from_db()
    assert case.version == 1


def test_an_ended_case_is_in_nobodys_hands(client: APIClient, case: Case, colleague: Actor) -> None:
    client.post(at(case, "close"), {"reason": "goal_reached"})
    assert code_of(hand_to(client, case, colleague.user_id), 409) == "conflict"


def test_a_stale_version_is_refused(client: APIClient, case: Case, colleague: Actor) -> None:
    answer = hand_to(client, case, colleague.user_id, **{"If-Match": '"7"'})
    assert code_of(answer, 412) == "version_changed"


def test_with_a_restricted_case_comes_its_sight(
    client: APIClient, case: Case, colleague: Actor
) -> None:
    client.post(at(case, "restrict"), {})
    case.refresh_from_db()
    assert not sees(colleague, case)
    assert hand_to(client, case, colleague.user_id).status_code == 200
    assert sees(colleague, case)
