"""The neighbourhood of the watch-over, whose ward office delivers the lists, and one entry of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from carenet.watchlists.models import ListEntry
from tests.watchlists.lists import listed
from tests.watchover.conftest import neighbourhood, quiet, who
from tests.watchover.watches import Neighbourhood, at

__all__ = ["neighbourhood", "quiet", "who"]


@pytest.fixture
def now() -> Iterator[None]:
    with time_machine.travel(at(24, "10:00"), tick=False):
        yield


@pytest.fixture
def entry(who: Neighbourhood) -> ListEntry:
    return listed(who.ward, agency=who.desk.agency)[0]
