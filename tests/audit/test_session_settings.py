"""The database knows who acts, for the transaction of the request and no longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from tests.factories import a_system, api

pytestmark = pytest.mark.django_db(transaction=True)
ASK = "SELECT current_setting('carenet.actor', true), current_setting('carenet.agency', true)"


def known_to_the_database() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        actor, agency = cursor.fetchone()
    return actor or "", agency or ""


def heard_while(client: Any, address: str) -> set[tuple[str, str]]:
    """Return what the database knew whenever cases were read during the request."""
    heard: set[tuple[str, str]] = set()

    def listen(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        answer = execute(sql, *rest)
        if "cases_case" in sql:
            with connection.connection.cursor() as cursor:
                heard.add(cursor.execute(ASK).fetchone())
        return answer

    with connection.execute_wrapper(listen):
        client.get(address)
    return heard


def test_it_is_the_person_and_the_agency_meanwhile(staff: Actor, case: Case) -> None:
    heard = heard_while(api(staff), f"/api/v1/cases/{case.pk}/")
    assert heard == {(f"user:{staff.user_id}", str(staff.agency_id))}


def test_it_is_the_system_meanwhile(staff: Actor, case: Case) -> None:
    heard = heard_while(a_system(staff.agency), f"/api/v1/cases/{case.pk}/")
    client = staff.agency.api_clients.get()
    assert heard == {(f"client:{client.client_id}", str(staff.agency_id))}


def test_it_is_nobody_afterwards(staff: Actor, case: Case) -> None:
    api(staff).get(f"/api/v1/cases/{case.pk}/")
    assert known_to_the_database() == ("", "")


def test_it_is_nobody_after_a_failure(staff: Actor, case: Case) -> None:
    api(staff).post(f"/api/v1/cases/{case.pk}/monitor/", {})
    assert known_to_the_database() == ("", "")


def test_the_next_request_is_somebody_else(staff: Actor, outsider: Actor, case: Case) -> None:
    api(staff).get(f"/api/v1/cases/{case.pk}/")
    heard = heard_while(api(outsider), f"/api/v1/cases/{case.pk}/")
    assert heard == {(f"user:{outsider.user_id}", str(outsider.agency_id))}
