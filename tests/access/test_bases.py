"""A lawful basis is not a word: the table of them, and that nothing is opened by a word alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from carenet.access.models import Grant
from carenet.access.registry import object_of
from carenet.access.rules import BASES, SharingBasis
from carenet.core.clock import ZONE
from launch.paths import PROJECT
from tests.access.addresses import Address, addresses
from tests.access.bodies import body_of
from tests.access.outcomes import Row, rows
from tests.access.scene import Scene
from tests.cases.paths import at
from tests.docs.pages import names_in, table
from tests.factories import a_case, a_member, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of

ADDRESSES = addresses()
CLOSED = [basis for basis in SharingBasis if BASES[basis].needs_object and object_of(basis) is None]
SCHEMA = json.loads((PROJECT / "docs" / "openapi.json").read_text())


def fields_of_basis(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Return the paths in a schema at which a lawful basis is taken."""
    if isinstance(node, list):
        for each in node:
            yield from fields_of_basis(each, path)
    if not isinstance(node, dict):
        return
    if SharingBasis.DISASTER_NOW in node.get("enum", ()):
        yield path
    if "$ref" in node:
        yield from fields_of_basis(
            SCHEMA["components"]["schemas"][node["$ref"].split("/")[-1]], path
        )
    for name, each in node.get("properties", {}).items():
        yield from fields_of_basis(each, (*path, name))
    for key in ("allOf", "oneOf", "anyOf", "items", "schema", "content", "application/json"):
        if key in node:
            yield from fields_of_basis(node[key], path)


def operations_with_a_basis() -> dict[tuple[str, str], set[tuple[str, ...]]]:
    """Return every operation of the schema whose body takes a basis: (method, address) → fields."""
    found = {
        (method.upper(), path): set(fields_of_basis(operation.get("requestBody", {})))
        for path, operations in SCHEMA["paths"].items()
        for method, operation in operations.items()
        if isinstance(operation, dict)
    }
    return {operation: fields for operation, fields in found.items() if fields}


def path_in_schema(address: Address) -> str:
    return address.path(**{name: f"{{{name}}}" for name in address.names})


TAKING = operations_with_a_basis()
TAKEN_AT = [
    (row, next(iter(TAKING[row.method, path_in_schema(ADDRESSES[row.route])])))
    for row in rows()
    if (row.method, path_in_schema(ADDRESSES[row.route])) in TAKING
]


def test_the_page_has_the_table_of_the_service() -> None:
    page = table("permissions.md", "basis", "rests on", "who may give it", "at most until", "against a refusal", "")  # fmt: skip
    assert [(names_in(line["basis"]), *list(line.values())[1:]) for line in page] == [
        (
            [basis.value], rule.ground.value, rule.giver.value, rule.end.value,
            "–" if rule.refusable else "✓", "◇" if basis in CLOSED else "",
        )
        for basis, rule in BASES.items()
    ]  # fmt: skip


def test_every_basis_stands_in_the_table() -> None:
    assert set(BASES) == set(SharingBasis)


def test_meetings_and_disasters_have_no_room_yet() -> None:
    assert {each.value for each in CLOSED} == {
        "SUPPORT_MEETING", "CHILD_COUNCIL", "DISASTER_PRE", "DISASTER_NOW",
    }  # fmt: skip


def test_every_operation_that_takes_a_basis_is_walked() -> None:
    assert {(row.method, path_in_schema(ADDRESSES[row.route])) for row, _ in TAKEN_AT} == set(
        TAKING
    )
    assert len(TAKING) >= 9


@pytest.mark.parametrize("basis", CLOSED)
@pytest.mark.parametrize(("row", "field"), TAKEN_AT, ids=str)
def test_no_basis_is_taken_whose_object_no_room_keeps(
    scene: Scene, row: Row, field: tuple[str, ...], basis: SharingBasis
) -> None:
    """Asked by everybody who could do it on another basis."""
    target = scene.targets.get(row.target)
    version = {"if-match": f'"{target.version}"'} if target and row.method == "PATCH" else {}
    path = ADDRESSES[row.route].path(**(target.ids if target else {}))
    body, kind = body_of(row.asked, scene)
    able = [each for each in scene.personas if row.outcomes[str(each)] < 300]
    assert able
    for persona in able:
        sent = body | {field[-1]: basis.value}
        answer = persona.ask(row.method, path, sent, kind=kind, **version)
        told = json.loads(answer.content)
        assert (answer.status, told["code"]) == (400, "basis_needs_its_object"), told
        assert [each["pointer"] for each in told["errors"]] == [f"/{field[-1]}"]
        assert "A word alone opens nothing." in told["detail"]


# Ends.


def given(**more: Any) -> dict[str, Any]:
    return {
        "agency": str(an_agency().pk), "permission": "view_case",
        "basis": "WITHIN_PURPOSE", "reason": "訪問を分担する",
    } | more  # fmt: skip


@pytest.mark.django_db
def test_no_end_is_not_an_end() -> None:
    lead = a_member(an_agency())
    refused = api(lead).post(at(a_case(lead), "grants"), given(until=None))
    assert pointers_of(refused) == ["/until"]
    assert "without an end" in refused.json()["errors"][0]["detail"]
    assert not Grant.objects.exists()


@pytest.mark.django_db
def test_a_date_is_the_end_of_that_day_in_japan() -> None:
    lead = a_member(an_agency())
    last = datetime.now(ZONE).date() + timedelta(days=3)
    answer = api(lead).post(at(a_case(lead), "grants"), given(until=last.isoformat()))
    assert answer.status_code == 201, answer.content
    assert Grant.objects.get().until == midnight(last + timedelta(days=1))


@pytest.mark.django_db
def test_a_date_that_is_over_is_refused() -> None:
    lead = a_member(an_agency())
    yesterday = datetime.now(ZONE).date() - timedelta(days=1)
    refused = api(lead).post(at(a_case(lead), "grants"), given(until=yesterday.isoformat()))
    assert code_of(refused, 400) == "invalid"
    assert pointers_of(refused) == ["/until"]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE)
