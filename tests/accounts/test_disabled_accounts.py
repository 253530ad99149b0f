"""A disabled account and an ended client open nothing, from the next request on."""

from __future__ import annotations

from base64 import b64encode

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from carenet.accounts.actions.accounts import disable_account
from carenet.accounts.actions.clients import create_client, end_client
from carenet.agencies.actors import Actor
from carenet.agencies.models import ApiClient, Membership, User
from carenet.agencies.registry import member_left
from carenet.agencies.roles import Role, Scope
from carenet.audit.models import AuditEntry
from carenet.core.errors import Conflict, Forbidden
from tests.factories import a_case, a_member, a_system, an_agency, api

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


@pytest.fixture
def person() -> Actor:
    return a_member(an_agency(), Role.MANAGER, Role.STAFF)


def user_of(actor: Actor) -> User:
    return User.objects.get(pk=str(actor.user_id))


def test_sessions_end_at_once(person: Actor) -> None:
    client = api(person)
    assert client.get(ME).status_code == 200
    disable_account(user=user_of(person))
    assert client.get(ME).status_code == 401


def test_they_stay_ended_should_the_account_be_enabled_again(person: Actor) -> None:
    client = api(person)
    disable_account(user=user_of(person))
    User.objects.filter(pk=str(person.user_id)).update(is_active=True)
    assert client.get(ME).status_code == 401


def test_every_membership_ends_the_last_managers_too(person: Actor) -> None:
    disable_account(user=user_of(person))
    assert not Membership.objects.filter(user=person.user, until=None).exists()
    assert not user_of(person).groups.exists()
    actions = AuditEntry.objects.filter(actor_kind="system").values_list("action", flat=True)
    assert {"account.disable", "agency.end_membership"} <= set(actions)


def test_it_is_the_operators_to_do_and_only_once(person: Actor) -> None:
    with pytest.raises(Forbidden):
        disable_account(actor=person, user=user_of(person))
    disable_account(user=user_of(person))
    with pytest.raises(Conflict):
        disable_account(user=user_of(person))


def test_the_command_disables_by_user_name(person: Actor) -> None:
    user, case = user_of(person), a_case(person)
    call_command("disable_account", user.username)
    case.refresh_from_db()
    assert (user_of(person).is_active, case.person_in_charge) == (False, None)
    with pytest.raises(CommandError, match="no active account"):
        call_command("disable_account", user.username)


def test_what_a_room_raises_stops_the_leaving(
    person: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_who: object) -> None:
        raise Conflict("x")

    monkeypatch.setattr(member_left, "_parts", [refuse])
    with pytest.raises(Conflict):
        disable_account(user=user_of(person))
    assert user_of(person).is_active


def test_an_ended_clients_token_opens_nothing(person: Actor) -> None:
    system = a_system(person.agency)
    assert system.get("/api/v1/cases/").status_code == 200
    end_client(client=ApiClient.objects.get(agency=person.agency))
    assert system.get("/api/v1/cases/").status_code == 401


def test_nor_does_its_secret(person: Actor) -> None:
    client, secret = create_client(agency=person.agency, name="x", scopes=[Scope.CASES_READ])
    call_command("end_api_client", client.client_id)
    pair = b64encode(f"{client.client_id}:{secret}".encode()).decode()
    answer = APIClient().post(
        "/oauth/token/",
        "grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
        headers={"authorization": f"Basic {pair}"},
    )
    assert answer.status_code == 401


def test_the_trail_knows_which_one_it_was(person: Actor) -> None:
    client, _ = create_client(agency=person.agency, name="x", scopes=[Scope.CASES_READ])
    end_client(client=client)
    entry = AuditEntry.objects.get(action="agency.end_client")
    assert entry.detail == {"client": client.client_id}


def test_it_is_the_operators_to_end_one_that_is_there(person: Actor) -> None:
    with pytest.raises(CommandError, match="no client"):
        call_command("end_api_client", "nobody")
    client, _ = create_client(agency=person.agency, name="x", scopes=[Scope.CASES_READ])
    with pytest.raises(Forbidden):
        end_client(actor=person, client=client)
