"""For which agency a request acts: chosen, named, or clear because there is only one."""

from __future__ import annotations

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from carenet.agencies.actions import add_member
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Membership, User
from carenet.agencies.roles import Role
from carenet.residents.models import Resident
from tests.factories import a_member, a_system, a_user, an_agency, api
from tests.rest.raw_requests import code_of

CASES = "/api/v1/cases/"
PERSON = {"family_name": "髙橋"}


def signed_in(user: User) -> APIClient:
    """Return a session of a person who has not said for whom they act."""
    client = api()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def second(staff: Actor) -> Agency:
    """Another agency in which the caseworker has a place."""
    agency = an_agency()
    assert staff.user
    add_member(actor=None, agency=agency, user=staff.user, roles=[Role.STAFF])
    return agency


def session_of(staff: Actor) -> APIClient:
    assert staff.user
    return signed_in(staff.user)


def test_with_one_agency_nothing_need_be_said(staff: Actor) -> None:
    session_of(staff).post("/api/v1/residents/", PERSON)
    assert Resident.objects.get().registered_by == staff.agency


def test_with_two_it_must_be_said(staff: Actor, second: Agency) -> None:  # noqa: ARG001
    assert code_of(session_of(staff).get(CASES), 400) == "ambiguous_agency"


def test_the_header_says_it_for_one_request(staff: Actor, second: Agency) -> None:
    header = {"Carenet-Agency": str(second.pk)}
    session_of(staff).post("/api/v1/residents/", PERSON, headers=header)
    assert Resident.objects.get().registered_by == second


def test_a_choice_says_it_for_the_session(staff: Actor, second: Agency) -> None:
    client = session_of(staff)
    client.put("/api/v1/me/agency/", {"agency": str(second.pk)})
    client.post("/api/v1/residents/", PERSON)
    assert Resident.objects.get().registered_by == second


def test_the_header_overrides_the_choice(staff: Actor, second: Agency) -> None:
    client = session_of(staff)
    client.put("/api/v1/me/agency/", {"agency": str(second.pk)})
    client.post("/api/v1/residents/", PERSON, headers={"Carenet-Agency": str(staff.agency_id)})
    assert Resident.objects.get().registered_by == staff.agency


def test_a_choice_ends_with_the_membership(staff: Actor, second: Agency) -> None:
    client = session_of(staff)
    client.put("/api/v1/me/agency/", {"agency": str(second.pk)})
    Membership.objects.filter(agency=second).update(
        until="2020-01-01T00:00:00Z", since="2019-01-01T00:00:00Z"
    )
    client.post("/api/v1/residents/", PERSON)
    assert Resident.objects.get().registered_by == staff.agency


def test_a_foreign_agency_cannot_be_named(staff: Actor) -> None:
    for agency_id in (an_agency().pk, uuid4()):
        header = {"Carenet-Agency": str(agency_id)}
        assert code_of(session_of(staff).get(CASES, headers=header), 403) == "agency_not_yours"


def test_nor_chosen(staff: Actor) -> None:
    client = session_of(staff)
    answer = client.put("/api/v1/me/agency/", {"agency": str(an_agency().pk)})
    assert code_of(answer, 403) == "agency_not_yours"
    assert client.get(CASES).status_code == 200


@pytest.mark.django_db
def test_whoever_belongs_nowhere_acts_for_nobody() -> None:
    assert code_of(signed_in(a_user()).get(CASES), 403) == "no_agency"


def test_an_agency_that_takes_no_part_any_more_is_no_choice(staff: Actor, second: Agency) -> None:
    Agency.objects.filter(pk=second.pk).update(active=False)
    header = {"Carenet-Agency": str(second.pk)}
    assert session_of(staff).get(CASES).status_code == 200
    assert code_of(session_of(staff).get(CASES, headers=header), 403) == "agency_not_yours"


def test_a_disabled_account_is_out_with_the_next_request(staff: Actor) -> None:
    client = session_of(staff)
    assert client.get(CASES).status_code == 200
    User.objects.update(is_active=False)
    assert client.get(CASES).status_code == 401


def test_roles_hold_for_the_agency_in_which_they_are_held(plaza: Agency) -> None:
    watcher = a_member(plaza, Role.WATCHER)
    elsewhere = a_member(an_agency(), user=watcher.user)
    assert code_of(api(watcher).get(CASES), 403) == "role_missing"
    assert api(elsewhere).get(CASES).status_code == 200


def test_a_system_acts_for_its_own_agency_alone(plaza: Agency) -> None:
    system = a_system(plaza)
    own, foreign = {"Carenet-Agency": str(plaza.pk)}, {"Carenet-Agency": str(an_agency().pk)}
    assert system.get(CASES, headers=own).status_code == 200
    assert code_of(system.get(CASES, headers=foreign), 403) == "agency_not_yours"
