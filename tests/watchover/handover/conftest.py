"""A watch until the last day of a term, and who comes after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.watchover.models import WatchAssignment
from tests.factories import a_member
from tests.watchover.handover.plans import by_law
from tests.watchover.watches import START, Neighbourhood


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(START, tick=False):
        yield


@pytest.fixture
def successor(who: Neighbourhood) -> Actor:
    return a_member(who.watcher.agency, Role.WATCHER)


@pytest.fixture
def watch(who: Neighbourhood) -> WatchAssignment:
    """By law, until the last day of the term."""
    return by_law(who)
