"""Nothing that a client sends may give a 5xx, and every answer is one that the contract knows.

Schemathesis makes requests from the service's own schema, good ones and bad ones. In half of them
real ids stand, so that they get past the door; each is undone, so that all find the same world.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
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
from tests.system.one_of_each import OneOfEach
from tests.world import a_member, a_system, an_agency, api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings

    AnyOperation = schemathesis.APIOperation[Any, Any, Any, Any]
    AnyCase = schemathesis.Case[Any]

pytestmark = pytest.mark.django_db

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
    max_examples=4,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

#: For what did not happen to succeed among those few.
PATIENT = examples(BOUNDED, max_examples=40)


@pytest.fixture(autouse=True)
def quiet(settings: Settings) -> None:
    settings.REMINDER_CONSOLE = ""


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


@pytest.fixture
def world() -> OneOfEach:
    # The ward office, which alone may do some of it; its auditor alone closes incidents.
    return OneOfEach(a_member(an_agency(AgencyKind.WARD_OFFICE), *HUMAN_ROLES))


class Prober:
    """Sends what Schemathesis makes up, as each kind of caller, and notes what comes back."""

    def __init__(self, world: OneOfEach, callers: dict[str, dict[str, Any]]) -> None:
        self.world = world
        self.callers = callers
        self.faults: dict[str, str] = {}
        self.done: set[str] = set()

    def try_everything(self) -> set[str]:
        """Try every operation of the contract in good and bad ways; return their labels."""
        with on_the_tests_own_connection():
            schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
            operations = [self.valid(found) for found in schema.get_all_operations()]
            for operation in operations:
                for mode in GenerationMode:
                    self.try_one(operation, mode)
            for operation in operations:
                if operation.label not in self.done:
                    self.try_one(operation, GenerationMode.POSITIVE, PATIENT)
        return {operation.label for operation in operations}

    @staticmethod
    def valid(found: Any) -> AnyOperation:
        assert isinstance(found, Ok), found
        operation: AnyOperation = found.ok()
        return operation

    def try_one(
        self, operation: AnyOperation, mode: GenerationMode, bounds: examples = BOUNDED
    ) -> None:
        turn, one_of_them = cycle((True, False)), cycle(self.callers)

        @bounds
        @given(case=operation.as_strategy(mode))
        def try_it(case: AnyCase) -> None:
            real = next(turn)
            if real:
                self.make_real(case, mode)
            # What is meant to succeed is sent as everybody, nonsense as one after the other.
            everybody = real and mode is GenerationMode.POSITIVE
            for caller in self.callers if everybody else [next(one_of_them)]:
                with transaction.atomic():
                    self.call(caller, case)
                    transaction.set_rollback(True)

        with suppress(Unsatisfiable):  # nothing can be wrong with a request that takes nothing
            try_it()

    def make_real(self, case: AnyCase, mode: GenerationMode) -> None:
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

    def call(self, caller: str, case: AnyCase) -> None:
        answer = case.call(**self.callers[caller])
        label = case.operation.label
        if answer.status_code < 300:
            self.done.add(label)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            sent = f"{case.formatted_path} {case.query} {case.headers} {case.body!r}"
            got = f"{answer.status_code} {answer.content[:300].decode(errors='replace')}"
            for failure in group.exceptions:
                self.faults[f"{caller}, {label}: {failure.title}, {failure.message}"] = (
                    f"{sent} -> {got}"
                )


def fields_of(case: AnyCase) -> set[str]:
    """Return what the contract knows of a body."""
    contract = case.operation.schema.raw_schema
    (content,) = case.operation.definition.raw["requestBody"]["content"].values()
    shape = contract["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
    return set(shape.get("properties", ()))


def test_no_request_breaks_the_service_or_its_contract(world: OneOfEach) -> None:
    session = api(world.actor).cookies["sessionid"].value
    token = vars(a_system(world.actor.agency))["_credentials"]["HTTP_AUTHORIZATION"]
    cookies = {"sessionid": session, "csrftoken": CSRF}
    prober = Prober(
        world,
        {
            "person": {"cookies": cookies, "headers": {"X-CSRFToken": CSRF}},
            "system": {"headers": {"Authorization": token, "Carenet-Acting-Person": "Yamada"}},
        },
    )
    operations = prober.try_everything()
    assert not prober.faults
    assert operations - prober.done == set(), "These were never tried with success."
