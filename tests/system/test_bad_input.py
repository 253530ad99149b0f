"""Nothing that a client sends may give a 5xx, and every answer is one that the contract knows.

Schemathesis makes requests from the service's own schema, good ones and bad ones. In half of them
real ids stand, so that they get past the door; each is undone, so that all find the same world. There
are two examples of each kind for an operation; `FUZZ_EXAMPLES=50 python3 run.py test
tests/system/test_bad_input.py`
tries many.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import HUMAN_ROLES
from config.wsgi import application
from tests.conftest import rolled_back
from tests.factories import a_member, a_system, an_agency, api
from tests.system.one_of_each import OneOfEach

AnyOperation = schemathesis.APIOperation[Any, Any, Any, Any]

AnyCase = schemathesis.Case[Any]


CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.json"
OPERATIONS = sorted(
    f"{method.upper()} {path}"
    for path, methods in json.loads(CONTRACT.read_text(encoding="utf-8"))["paths"].items()
    for method in methods.keys() - {"parameters"}
)
CSRF = "x" * 32
#: Whether a request must succeed is not asked: the domain's own rules stand in no schema.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
#: Of these and others one is needed, which no schema says.
ONE_OF_SEVERAL = {"case", "receiver"}
BOUNDED = examples(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "2")),
    # Each run of the suite tries the same; a long one tries others each time.
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
#: For what did not happen to succeed among those few.
PATIENT = examples(BOUNDED, max_examples=40)


@contextmanager
def on_the_tests_own_connection() -> Iterator[None]:
    """Let no request close the connection that holds the world."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


class Prober:
    """Sends what Schemathesis makes up, as each kind of caller, and notes what comes back."""

    def __init__(self, world: OneOfEach, callers: dict[str, dict[str, Any]]) -> None:
        self.world = world
        self.callers = callers
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
        self.operations = {each.label: each for each in map(valid, schema.get_all_operations())}
        self.faults: dict[str, str] = {}
        self.succeeded = False

    def probe(self, label: str) -> None:
        """Try one operation in good and bad ways, and good ways until one of them succeeds."""
        self.faults, self.succeeded = {}, False
        for mode in GenerationMode:
            self._try(self.operations[label], mode, BOUNDED)
        if not self.succeeded:
            self._try(self.operations[label], GenerationMode.POSITIVE, PATIENT)

    def _try(self, operation: AnyOperation, mode: GenerationMode, bounds: examples) -> None:
        turn, one_of_them = cycle((True, False)), cycle(self.callers)

        @bounds
        @given(case=operation.as_strategy(mode))
        def try_it(case: AnyCase) -> None:
            if bounds is PATIENT and self.succeeded:
                return
            real = next(turn)
            if real:
                self._make_real(case, mode)
            # What is meant to succeed is sent as everybody, nonsense as one after the other.
            everybody = real and mode is GenerationMode.POSITIVE
            for caller in self.callers if everybody else [next(one_of_them)]:
                with rolled_back():
                    self._call(caller, case)

        with suppress(Unsatisfiable):  # nothing can be wrong with a request that takes nothing
            try_it()

    def _make_real(self, case: AnyCase, mode: GenerationMode) -> None:
        """Put real ids into the address and, into a good request, a body that could be meant."""
        found = self.world.find(case.path)
        case.path_parameters.update({name: str(row.pk) for name, row in found.items()})
        case.headers.pop("Carenet-Agency", None)
        if mode is GenerationMode.NEGATIVE:
            return
        if "If-Match" in case.headers:
            row = found.get("id") or found.get("agency_id")
            case.headers["If-Match"] = f'"{getattr(row, "version", 1)}"'
        if isinstance(case.body, dict):
            meant = self.world.meant(case.path)
            fields = fields_of(case)
            said = (case.body.keys() or fields) | (fields & ONE_OF_SEVERAL)
            case.body.update({name: meant[name] for name in said & meant.keys()})

    def _call(self, caller: str, case: AnyCase) -> None:
        answer = case.call(**self.callers[caller])
        self.succeeded = self.succeeded or answer.status_code < 300
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            sent = f"{case.formatted_path} {case.query} {case.headers} {case.body!r}"
            got = f"{answer.status_code} {answer.content[:300].decode(errors='replace')}"
            for failure in group.exceptions:
                self.faults[f"{caller}: {failure.title}, {failure.message}"] = f"{sent} -> {got}"


def valid(found: Any) -> AnyOperation:
    """Return an operation of the contract, which must have no mistake."""
    assert isinstance(found, Ok), found
    operation: AnyOperation = found.ok()
    return operation


def fields_of(case: AnyCase) -> set[str]:
    """Return what the contract knows of a body."""
    contract = case.operation.schema.raw_schema
    (content,) = case.operation.definition.raw["requestBody"]["content"].values()
    shape = contract["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
    return set(shape.get("properties", ()))


@pytest.fixture(scope="module")
def prober(for_one_file: None) -> Iterator[Prober]:  # noqa: ARG001 - ordering
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "REMINDER_CONSOLE", "")
        # The ward office, which alone may do some of it; its auditor alone closes incidents.
        world = OneOfEach(a_member(an_agency(AgencyKind.WARD_OFFICE), *HUMAN_ROLES))
        session = api(world.actor).cookies["sessionid"].value
        token = vars(a_system(world.actor.agency))["_credentials"]["HTTP_AUTHORIZATION"]
        cookies = {"sessionid": session, "csrftoken": CSRF}
        callers = {
            "person": {"cookies": cookies, "headers": {"X-CSRFToken": CSRF}},
            "system": {"headers": {"Authorization": token, "Carenet-Acting-Person": "Yamada"}},
        }
        with on_the_tests_own_connection():
            yield Prober(world, callers)


@pytest.mark.parametrize("label", OPERATIONS)
def test_no_request_breaks_the_service_or_its_contract(prober: Prober, label: str) -> None:
    prober.probe(label)
    assert not prober.faults
    assert prober.succeeded, "This was never tried with success."


def test_every_operation_of_the_contract_is_tried(prober: Prober) -> None:
    assert sorted(prober.operations) == OPERATIONS
