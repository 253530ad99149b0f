"""What cannot be audited is neither shown nor done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from carenet.residents.models import Resident
from tests.conftest import as_owner
from tests.factories import PASSWORD, a_case, a_resident, api

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "鷗沢﨑"


@pytest.fixture
def case(staff: Actor) -> Case:
    return a_case(staff, a_resident(staff, family_name=NAME))


@pytest.fixture
def unwritable(case: Case) -> Iterator[None]:  # noqa: ARG001 - is made while there is a trail
    """The owner of the database takes the right to add to the trail away."""
    as_owner_do("REVOKE INSERT ON audit_entry FROM {role}")
    yield
    as_owner_do("GRANT INSERT ON audit_entry TO {role}")


def as_owner_do(sql: str) -> None:
    role = connection.ops.quote_name(settings.DATABASE_APP_ROLE)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql.format(role=role))


@pytest.fixture
def client(case: Case, staff: Actor) -> APIClient:  # noqa: ARG001 - signs in while there is a trail
    client = api(staff)
    client.raise_request_exception = False
    return client


@pytest.mark.usefixtures("client", "unwritable")
@pytest.mark.parametrize("address", ["cases/", "cases/{case}/", "residents/{person}/"])
def test_nothing_is_shown(client: APIClient, case: Case, address: str) -> None:
    path = address.format(case=case.pk, person=case.resident_id)
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 500
    assert NAME not in answer.content.decode()


@pytest.mark.usefixtures("client", "unwritable")
def test_nothing_is_done(client: APIClient) -> None:
    answer = client.post("/api/v1/residents/", {"family_name": "佐藤"})
    assert answer.status_code == 500
    assert not Resident.objects.filter(family_name="佐藤").exists()


@pytest.mark.usefixtures("unwritable")
def test_nobody_is_told_what_there_is_not(case: Case) -> None:
    stranger = api()
    stranger.raise_request_exception = False
    assert stranger.get(f"/api/v1/cases/{case.pk}/").status_code == 500


@pytest.mark.usefixtures("unwritable")
def test_nobody_signs_in(staff: Actor) -> None:
    visitor = api()
    visitor.raise_request_exception = False
    assert staff.user
    given = {"username": staff.user.username, "password": PASSWORD}
    assert visitor.post("/auth/browser/v1/auth/login", given).status_code == 500
    assert visitor.get("/api/v1/me/").status_code == 500  # a denial, and it cannot be written


def test_it_is_shown_again_when_it_can_be_written(client: APIClient, case: Case) -> None:
    assert client.get(f"/api/v1/cases/{case.pk}/").json()["resident"]["name"].startswith(NAME)
