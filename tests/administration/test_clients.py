"""A partner's system is let in by two administrators, and its secret shown once."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import check_password

from carenet.administration.actions.clients import (
    collect_secret,
    confirm_client,
    propose_client,
    propose_new_secret,
    withdraw_client,
)
from carenet.administration.models import ClientRequest
from carenet.administration.states import ClientRequestState
from carenet.agencies.actors import Administrator
from carenet.agencies.models import ApiClient
from carenet.agencies.roles import Scope
from carenet.core.errors import Conflict, Forbidden, Invalid
from tests.administration.people import an_administrator
from tests.factories import an_agency

pytestmark = pytest.mark.django_db


@pytest.fixture
def first() -> Administrator:
    return an_administrator()


@pytest.fixture
def second() -> Administrator:
    return an_administrator()


def a_request(by: Administrator) -> ClientRequest:
    return propose_client(
        administrator=by, agency=an_agency(), name="介護ソフト", scopes=[Scope.CASES_READ]
    )


def test_nobody_confirms_their_own_proposal(first: Administrator) -> None:
    with pytest.raises(Forbidden):
        confirm_client(administrator=first, request=a_request(first))


def test_no_system_is_let_in_before_a_second_one_confirms(first: Administrator) -> None:
    request = a_request(first)
    with pytest.raises(Conflict):
        collect_secret(administrator=first, request=request)
    assert not ApiClient.objects.filter(agency=request.agency).exists()


def test_who_proposed_it_has_the_secret_shown_once(
    first: Administrator, second: Administrator
) -> None:
    request = a_request(first)
    confirm_client(administrator=second, request=request)
    with pytest.raises(Forbidden):
        collect_secret(administrator=second, request=request)
    client, secret = collect_secret(administrator=first, request=request)
    assert check_password(secret, ApiClient.objects.get(pk=client.pk).client_secret)
    assert client.scopes == [Scope.CASES_READ]
    with pytest.raises(Conflict):
        collect_secret(administrator=first, request=request)


def test_a_withdrawn_request_lets_nothing_in(first: Administrator, second: Administrator) -> None:
    request = a_request(first)
    confirm_client(administrator=second, request=request)
    withdraw_client(administrator=second, request=request)
    with pytest.raises(Conflict):
        collect_secret(administrator=first, request=request)


def test_a_scope_is_needed(first: Administrator) -> None:
    with pytest.raises(Invalid):
        propose_client(administrator=first, agency=an_agency(), name="介護ソフト", scopes=[])


def test_a_new_secret_takes_two_as_well_and_ends_the_old_one(
    first: Administrator, second: Administrator
) -> None:
    request = a_request(first)
    confirm_client(administrator=second, request=request)
    client, old = collect_secret(administrator=first, request=request)
    renewal = propose_new_secret(administrator=second, client=client)
    with pytest.raises(Conflict):
        propose_new_secret(administrator=first, client=client)
    confirm_client(administrator=first, request=renewal)
    renewed, new = collect_secret(administrator=second, request=renewal)
    stored = ApiClient.objects.get(pk=client.pk).client_secret
    assert renewed.pk == client.pk
    assert check_password(new, stored)
    assert not check_password(old, stored)
    renewal.refresh_from_db()
    assert renewal.state == ClientRequestState.DONE
