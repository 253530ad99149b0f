"""`docs/api.md`: addresses and problem codes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from inspect import getmembers, isclass

from rest_framework import exceptions

import carenet.core.errors
from carenet.core.decisions import Denied
from carenet.core.errors import CarenetError, Conflict, Forbidden
from carenet.core.states import Refusal
from carenet.rest import problems
from tests.access.addresses import addresses
from tests.docs.pages import names_in, table
from tests.docs.referral_verbs import marked_verbs
from tests.docs.source import calls


def test_the_addresses_are_those_of_the_urlconf() -> None:
    told: dict[str, set[str]] = {}
    for row in table("api.md", "address", "methods", "verbs", ""):
        address = names_in(row["address"])[0]
        if row["methods"]:
            told[address] = set(row["methods"].split(", "))
        verbs = names_in(row["verbs"])
        if verbs == ["docs/referrals.md"]:
            verbs = sorted(marked_verbs())
        told |= {f"{address}{verb}/": {"POST"} for verb in verbs}
    answered = {
        "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route): each.methods - {"OPTIONS"}
        for route, each in addresses().items()
        if not route.startswith("/")
    }
    assert told == answered


def test_the_problem_codes_are_those_of_the_code() -> None:
    told = {
        (names_in(row["code"])[0], int(status))
        for row in table("api.md", "code", "status", "when")
        for status in row["status"].split(", ")
    }
    assert told == {*domain_problems(), *other_problems(), *framework_problems()}


def domain_problems() -> Iterator[tuple[str, int]]:
    """Return what the domain's errors and the policies' denials say, each with its status."""
    errors = {
        name: each
        for name, each in getmembers(carenet.core.errors, isclass)
        if issubclass(each, CarenetError) and each is not CarenetError
    }
    statuses = {name: each.status for name, each in errors.items()} | {
        Denied.__name__: Forbidden.status,
        Refusal.__name__: Conflict.status,
    }
    yield from ((each.code, each.status) for each in errors.values())
    for name, call in calls("carenet"):
        for keyword in call.keywords:
            if (
                name in statuses
                and keyword.arg == "code"
                and isinstance(keyword.value, ast.Constant)
            ):
                yield str(keyword.value.value), statuses[name]


def other_problems() -> Iterator[tuple[str, int]]:
    """Return what is answered from outside the views, and by exceptions of our own."""
    for name, call in calls("carenet"):
        constants = [each.value for each in call.args if isinstance(each, ast.Constant)]
        if name == "problem_response" and len(constants) > 1:
            yield str(constants[1]), int(str(constants[0]))
    for _name, each in getmembers(problems, isclass):
        if issubclass(each, exceptions.APIException) and "default_code" in vars(each):
            yield str(each.default_code), int(each.status_code)


def framework_problems() -> Iterator[tuple[str, int]]:
    """Return what Django REST framework itself raises in a view, with these settings."""
    for each in (
        exceptions.ParseError,
        exceptions.NotAuthenticated,
        exceptions.MethodNotAllowed,
        exceptions.NotAcceptable,
        exceptions.UnsupportedMediaType,
        exceptions.Throttled,
    ):
        yield str(each.default_code), each.status_code
