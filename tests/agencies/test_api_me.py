"""`/me/`: who asks, and for which agency they act."""

from __future__ import annotations

import pytest

from carenet.agencies.actions import add_member
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role, Scope
from carenet.audit.models import AuditEntry
from tests.factories import a_member, a_system, a_user, an_agency, api

pytestmark = pytest.mark.django_db
ME, CHOICE = "/api/v1/me/", "/api/v1/me/agency/"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def person() -> User:
    return a_user("山田 花子")


@pytest.fixture
def agencies(person: User) -> list[Agency]:
    agencies = [an_agency(name=name) for name in ("甲", "乙")]
    for agency in agencies:
        add_member(actor=None, agency=agency, user=person, roles=[Role.STAFF])
    return agencies


def test_a_member_of_one_agency_acts_for_it() -> None:
    member = a_member(an_agency(name="甲"), Role.STAFF, Role.MANAGER)
    shown = api(member).get(ME).json()
    assert shown["user"]["id"] == str(member.user_id)
    assert (shown["agency"]["name"], shown["roles"]) == ("甲", ["staff", "manager"])
    assert shown["client"] is None


@pytest.mark.usefixtures("agencies")
def test_a_member_of_two_is_asked_to_choose(person: User) -> None:
    client = api()
    client.force_login(person, backend=BACKEND)
    assert client.get("/api/v1/agencies/").json()["code"] == "ambiguous_agency"
    shown = client.get(ME).json()
    assert (shown["agency"], shown["roles"]) == (None, [])
    assert [row["agency"]["name"] for row in shown["memberships"]] == ["甲", "乙"]


def test_the_choice_holds_for_the_session(person: User, agencies: list[Agency]) -> None:
    client = api()
    client.force_login(person, backend=BACKEND)
    chosen = client.put(CHOICE, {"agency": str(agencies[1].pk)})
    assert (chosen.status_code, chosen.json()["agency"]["name"]) == (200, "乙")
    assert client.get(ME).json()["agency"]["name"] == "乙"
    assert client.get("/api/v1/agencies/").status_code == 200


def test_the_choice_is_in_the_trail(person: User, agencies: list[Agency]) -> None:
    client = api()
    client.force_login(person, backend=BACKEND)
    client.put(CHOICE, {"agency": str(agencies[0].pk)})
    entry = AuditEntry.objects.get(action="account.choose_agency")
    assert (entry.actor_id, entry.agency_id) == (str(person.pk), agencies[0].pk)


def test_the_header_overrides_the_choice(person: User, agencies: list[Agency]) -> None:
    client = api()
    client.force_login(person, backend=BACKEND)
    client.put(CHOICE, {"agency": str(agencies[0].pk)})
    shown = client.get(ME, headers={"Carenet-Agency": str(agencies[1].pk)}).json()
    assert shown["agency"]["name"] == "乙"


@pytest.mark.usefixtures("agencies")
def test_nobody_chooses_an_agency_that_is_not_theirs(person: User) -> None:
    client = api()
    client.force_login(person, backend=BACKEND)
    answer = client.put(CHOICE, {"agency": str(an_agency().pk)})
    assert (answer.status_code, answer.json()["code"]) == (403, "agency_not_yours")
    answer = client.get(ME, headers={"Carenet-Agency": str(an_agency().pk)})
    assert (answer.status_code, answer.json()["code"]) == (403, "agency_not_yours")


@pytest.mark.parametrize("body", [{}, {"agency": "甲"}, {"agency": None}, {"name": "x"}])
def test_a_choice_that_means_nothing_is_refused(body: dict[str, str | None]) -> None:
    assert api(a_member(an_agency())).put(CHOICE, body).status_code == 400


def test_a_person_without_an_agency_learns_so(person: User) -> None:
    client = api()
    client.force_login(person, backend=BACKEND)
    shown = client.get(ME).json()
    assert (shown["agency"], shown["memberships"]) == (None, [])


def test_a_system_acts_for_its_agency_with_the_scopes_of_its_token() -> None:
    shown = a_system(an_agency(name="甲"), Scope.CASES_READ).get(ME).json()
    assert (shown["user"], shown["agency"]["name"]) == (None, "甲")
    assert (shown["roles"], shown["scopes"]) == (["integration"], ["cases:read"])
    assert shown["client"]["name"].startswith("system")


def test_a_system_has_nothing_to_choose() -> None:
    agency = an_agency()
    answer = a_system(agency).put(CHOICE, {"agency": str(agency.pk)})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_person")


def test_nobody_is_told_without_signing_in() -> None:
    assert api().get(ME).status_code == 401
    assert api().put(CHOICE, {}).status_code == 401


def test_a_query_is_refused() -> None:
    assert api(a_member(an_agency())).get(ME, {"verbose": "1"}).status_code == 400
