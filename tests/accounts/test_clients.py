"""Partners' systems."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import check_password

from carenet.accounts.actions.clients import create_client
from carenet.agencies.models import ApiClient
from carenet.agencies.roles import Role, Scope
from carenet.audit.models import AuditEntry
from carenet.core.errors import Forbidden, Invalid
from tests.factories import a_member, an_agency

pytestmark = pytest.mark.django_db


def test_a_client_is_confidential_and_knows_client_credentials_only() -> None:
    client, secret = create_client(agency=an_agency(), name="x", scopes=[Scope.CASES_READ])
    client.refresh_from_db()
    assert client.client_type == ApiClient.CLIENT_CONFIDENTIAL
    assert client.authorization_grant_type == ApiClient.GRANT_CLIENT_CREDENTIALS
    assert check_password(secret, client.client_secret)


def test_the_trail_names_the_client_and_its_scopes_never_its_secret() -> None:
    agency = an_agency()
    client, _secret = create_client(agency=agency, name="x", scopes=["cases:read"])
    entry = AuditEntry.objects.get(action="agency.create_client", object_ids=[agency.pk])
    assert entry.detail == {"client": client.client_id, "scopes": ["cases:read"]}


@pytest.mark.parametrize("scopes", [[], ["everything"], ["cases:read", "cases:delete"]])
def test_a_scope_that_does_not_exist_is_refused(scopes: list[str]) -> None:
    with pytest.raises(Invalid) as raised:
        create_client(agency=an_agency(), name="x", scopes=scopes)
    assert list(raised.value.fields) == ["scopes"]


def test_nobody_but_the_operator_lets_systems_in() -> None:
    manager = a_member(an_agency(), Role.MANAGER)
    with pytest.raises(Forbidden):
        create_client(actor=manager, agency=manager.agency, name="x", scopes=["cases:read"])
