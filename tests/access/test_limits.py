"""No date silences anybody for ever, and none tells of a time before its object: each has its limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from django import forms
from django.db import transaction

import carenet.staff.pages
from carenet.residents.models import Resident
from carenet.staff.pages.form_fields import TypedBirth, TypedDay, TypedMoment, TypedMomentAhead
from launch.paths import PROJECT
from tests.access.addresses import addresses
from tests.access.bodies import body_of
from tests.access.limits import ASKED, BORN, EVERYWHERE, INPUTS, TYPED, Limits
from tests.access.outcomes import Row, rows
from tests.access.personas import Asked
from tests.access.scene import Scene

DATES = {"date", "date-time"}
FAR, LONG_AGO = {"date": "2199-01-01", "date-time": "2199-01-01T09:00:00+09:00"}, {
    "date": "1920-01-01", "date-time": "1920-01-01T09:00:00+09:00",
}  # fmt: skip
BORN_ON = "1931-12-08"
ADDRESSES = addresses()


@cache
def contract() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PROJECT / "docs/openapi.json").read_text())
    return found


def inputs() -> dict[str, str]:
    """Return every date and time that a body takes: method, address and field → its format."""
    return {
        f"{method} {path.removeprefix('/api/v1/')} {name}": form
        for path, methods in contract()["paths"].items()
        for method, operation in methods.items()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        for name, form in _dates(content["schema"], "")
    }


def _dates(
    schema: dict[str, Any], name: str, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    if "$ref" in schema:
        found = schema["$ref"].rpartition("/")[2]
        if found not in above:
            yield from _dates(contract()["components"]["schemas"][found], name, (*above, found))
    if schema.get("format") in DATES:
        yield name, schema["format"]
    for key in ("allOf", "oneOf", "anyOf"):
        for each in schema.get(key, []):
            yield from _dates(each, name, above)
    if "items" in schema:
        yield from _dates(schema["items"], f"{name}[]", above)
    for key, each in schema.get("properties", {}).items():
        if not each.get("readOnly"):
            yield from _dates(each, f"{name}.{key}" if name else key, above)


def limits_of(given: str) -> Limits | None:
    return INPUTS.get(given) or EVERYWHERE.get(given.rpartition(" ")[2])


def typed() -> set[str]:
    """Return every date and time that a form of a page takes."""
    for module in walk_packages(carenet.staff.pages.__path__, "carenet.staff.pages."):
        import_module(module.name)
    kinds = (
        TypedDay,
        TypedMoment,
        TypedMomentAhead,
        TypedBirth,
        forms.DateField,
        forms.DateTimeField,
    )
    return {
        f"{form.__name__}.{name}"
        for form in _below(forms.BaseForm)
        if form.__module__.startswith("carenet.staff.")
        for name, each in getattr(form, "base_fields", {}).items()
        if isinstance(each, kinds)
    }


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def test_every_date_of_the_contract_says_what_limits_it_and_nothing_else_does() -> None:
    given = inputs()
    assert {each for each in given if limits_of(each) is None} == set()
    assert INPUTS.keys() - given.keys() == set()
    assert {each.rpartition(" ")[2] for each in given} >= EVERYWHERE.keys()


def test_what_has_no_limit_says_why() -> None:
    every = {**INPUTS, **EVERYWHERE}
    assert {
        name for name, each in every.items() if not ((each.after and each.before) or each.because)
    } == set()


def test_a_day_is_typed_in_one_way_on_every_page() -> None:
    native = {
        f"{form.__name__}.{name}"
        for form in _below(forms.BaseForm)
        if form.__module__.startswith("carenet.staff.")
        for name, each in getattr(form, "base_fields", {}).items()
        if isinstance(each, forms.DateField | forms.DateTimeField)
        or each.widget.attrs.get("type") in {"date", "datetime-local"}
        or getattr(each.widget, "input_type", "") in {"date", "datetime-local"}
    }
    assert typed()
    assert native == set()


def test_every_date_of_a_page_is_one_of_the_contract() -> None:
    assert typed() == TYPED.keys() | ASKED
    assert {each for each in TYPED.values() if each not in inputs()} == set()


LIMITED = [
    pytest.param(name, value, id=f"{name} {value}")
    for name, limits in INPUTS.items()
    for value, limit in (("2199", limits.after), ("1920", limits.before))
    if limit
]


@pytest.mark.parametrize(("given", "year"), LIMITED)
def test_what_lies_beyond_its_limit_is_refused_and_the_error_names_it(
    scene: Scene, given: str, year: str
) -> None:
    method, path, name = given.split(" ")
    form, limits = inputs()[given], INPUTS[given]
    with transaction.atomic():
        if limits.before == BORN:
            Resident.objects.update(birth_date=BORN_ON, birth_year=None, birth_precision="day")
        answer = ask(scene, method, path, name, (FAR if year == "2199" else LONG_AGO)[form])
        transaction.set_rollback(True)
    assert answer.status == 400, answer.content.decode()
    (error,) = json.loads(answer.content)["errors"]
    assert (
        error["pointer"].removeprefix("/").replace("0/", "[].").replace("goals/[]", "goals[]")
        == name
    )
    if year == "2199" and limits.after.endswith("_MOST_DAYS"):
        assert limits.after in error["detail"]


def ask(scene: Scene, method: str, path: str, name: str, value: str) -> Asked:
    """Send what somebody who may would send, with this date in it."""
    row = row_of(method, path)
    persona = next(each for each in scene.personas if row.outcomes[str(each)] < 300)
    target = scene.targets.get(row.target)
    body, kind = body_of(row.asked, scene)
    body = {**deepcopy(body), **deepcopy(INPUTS[f"{method} {path} {name}"].beside)}
    first, _, inner = name.partition("[].")
    if inner:
        body[first][0][inner] = value
    else:
        body[first] = value
    version = {"if-match": f'"{target.version}"'} if target and method in {"put", "patch"} else {}
    asked = ADDRESSES[row.route].path(**(target.ids if target else {}))
    return persona.ask(method.upper(), asked, body, kind=kind, **version)


def row_of(method: str, path: str) -> Row:
    """Return the line of the table for an address of the contract that somebody may ask."""
    return next(
        row
        for row in rows()
        if row.method == method.upper()
        and _plain(row.route) == path
        and any(outcome < 300 for outcome in row.outcomes.values())
    )


def _plain(route: str) -> str:
    for kind in ("uuid", "str"):
        route = route.replace(f"<{kind}:", "{")
    return route.replace(">", "}")
