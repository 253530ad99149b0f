"""Lists are read by cursor; anything a list does not know is an error."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.cases.actions.consultations import record
from carenet.cases.models import Consultation
from tests.factories import a_case, a_member, an_agency, api
from tests.rest.raw_requests import pointers_of

LISTS = ["/api/v1/consultations/", "/api/v1/cases/", "/api/v1/agencies/", "/api/v1/reminders/"]


def some_consultations(actor: Actor, number: int) -> list[str]:
    """Return the ids of consultations as their list shows them: newest first."""
    made: list[Consultation] = [
        record(
            actor=actor,
            channel="phone",
            relationship="self",
            topics=["health"],
            main_topic="health",
            content="眠れない",
        )
        for _ in range(number)
    ]
    return [str(consultation.pk) for consultation in reversed(made)]


def ids(page: dict[str, list[dict[str, str]]]) -> list[str]:
    return [row["id"] for row in page["results"]]


def cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "limit", ["0", "-1", "201", "02000", "0000000000200", "1e2", "ten", "", "１０", "1.0", " 5"]
)
def test_a_limit_lies_between_1_and_200(client: APIClient, address: str, limit: str) -> None:
    assert pointers_of(client.get(address, {"limit": limit})) == ["/limit"]


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "given",
    [
        "",
        "x",
        "あ",
        "A" * 10_000,
        cursor("p=1"),
        cursor("p=%00"),
        cursor("p=2026-01-05"),
        cursor("o=-1"),
        cursor("[0]"),
        cursor("[0,1,2,3]"),
        cursor('[0,"2026-01-05","x"]'),
        cursor('[0,"\\ud800","01a20abf-663c-70e1-b67a-0880a0b310bc"]'),
        cursor('[0,"\\u0000","01a20abf-663c-70e1-b67a-0880a0b310bc"]'),
        cursor('{"a":1}'),
        cursor("17"),
        cursor("[" * 5000),
    ],
    ids=lambda given: repr(given[:40]),
)
def test_a_cursor_that_no_list_gave_out_is_refused(
    client: APIClient, address: str, given: str
) -> None:
    assert pointers_of(client.get(address, {"cursor": given})) == ["/cursor"]


def test_the_trail_refuses_such_cursors_too(plaza: Agency) -> None:
    auditor = api(a_member(plaza, Role.AUDITOR))
    for given in ("p=1", "p=2026-01-05", "p=%00"):
        assert pointers_of(auditor.get("/api/v1/audit/", {"cursor": cursor(given)})) == ["/cursor"]


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("name", ["page", "offset", "ordering", "format", "LIMIT"])
def test_an_unknown_parameter_is_named(client: APIClient, address: str, name: str) -> None:
    assert pointers_of(client.get(address, {name: "xml"})) == [f"/{name}"]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/api/v1/cases/", "status"),
        ("/api/v1/referrals/", "status"),
        ("/api/v1/referrals/", "box"),
        ("/api/v1/referrals/", "turn"),
        ("/api/v1/reminders/", "state"),
        ("/api/v1/agencies/", "kind"),
    ],
)
@pytest.mark.parametrize("value", ["lost", "", "closed,", "Closed"])
def test_an_unknown_code_is_an_error_not_an_empty_list(
    client: APIClient, address: str, name: str, value: str
) -> None:
    assert pointers_of(client.get(address, {name: value})) == [f"/{name}"]


def test_pages_lead_there_and_back(client: APIClient, staff: Actor) -> None:
    wanted = some_consultations(staff, 3)
    first = client.get("/api/v1/consultations/?limit=2").json()
    second = client.get(first["next"]).json()
    assert (ids(first), ids(second)) == (wanted[:2], wanted[2:])
    assert ids(client.get(second["previous"]).json()) == wanted[:2]
    assert (first["previous"], second["next"]) == (None, None)


def test_pages_of_the_index_lead_there_and_back(client: APIClient, staff: Actor) -> None:
    wanted = [str(a_case(staff).pk) for _ in range(3)]
    first = client.get("/api/v1/cases/?limit=2&status=assessing").json()
    second = client.get(first["next"]).json()
    assert (ids(first), ids(second)) == (wanted[:2], wanted[2:])
    assert ids(client.get(second["previous"]).json()) == wanted[:2]
    assert (first["previous"], second["next"]) == (None, None)


def test_a_page_is_full_when_the_list_just_ends(client: APIClient, staff: Actor) -> None:
    some_consultations(staff, 2)
    page = client.get("/api/v1/consultations/?limit=2").json()
    assert (len(page["results"]), page["next"]) == (2, None)


def test_what_arrives_meanwhile_shifts_no_page(client: APIClient, staff: Actor) -> None:
    wanted = some_consultations(staff, 4)
    first = client.get("/api/v1/consultations/?limit=2").json()
    some_consultations(staff, 3)
    assert ids(client.get(first["next"]).json()) == wanted[2:]


def test_a_cursor_shows_nothing_of_another_agency(client: APIClient, staff: Actor) -> None:
    some_consultations(staff, 3)
    page = client.get("/api/v1/consultations/?limit=1").json()
    stranger = api(a_member(an_agency()))
    assert stranger.get(page["next"]).json()["results"] == []
