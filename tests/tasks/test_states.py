"""The table of a task's states, held against a transcript of the specification."""

from __future__ import annotations

from itertools import product

import pytest

from carenet.core.states import Refusal
from carenet.tasks.models import Task
from carenet.tasks.states import MOVES, TaskStatus, TaskVerb

EXPECTED = {
    ("open", "finish"): "done",
    ("open", "drop"): "dropped",
    ("open", "hand_on"): "open",
}


@pytest.mark.parametrize(("status", "verb"), [*product(TaskStatus, TaskVerb)])
def test_every_verb_from_every_status(status: TaskStatus, verb: TaskVerb) -> None:
    found = MOVES.resolve(verb, status, Task(status=status))
    expected = EXPECTED.get((status.value, verb.value))
    assert isinstance(found, Refusal) if expected is None else found == expected
