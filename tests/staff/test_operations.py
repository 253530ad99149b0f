"""Whatever changes something over the API is done on a page, by a test that finds it in the trail."""

from __future__ import annotations

import json
from pathlib import Path

from tests.staff.operations import DEEDS, FOR_MACHINES, NOT_YET, QUESTIONS, marked_operations

CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.json"
CHANGING = {"post", "put", "patch", "delete"}
MOST_FOR_MACHINES = 12


def test_every_operation_that_changes_something_is_told() -> None:
    paths = json.loads(CONTRACT.read_text())["paths"].values()
    changing = {
        each["operationId"] for path in paths for method, each in path.items() if method in CHANGING
    }
    assert changing == DEEDS.keys() | QUESTIONS | FOR_MACHINES.keys()


def test_few_operations_are_for_machines_alone() -> None:
    assert len(FOR_MACHINES) <= MOST_FOR_MACHINES
    assert not FOR_MACHINES.keys() & DEEDS.keys()


def test_every_operation_is_done_over_its_page_by_a_test() -> None:
    assert DEEDS.keys() - marked_operations() == NOT_YET
