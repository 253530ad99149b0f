from __future__ import annotations

import pytest

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from tests.cases.conftest import case, client, helper, plaza, worker
from tests.cases.paths import share

__all__ = ["case", "client", "helper", "plaza", "worker"]


@pytest.fixture
def shared(worker: Actor, helper: Actor, case: Case) -> Case:
    """A case that the helper's agency sees."""
    share(worker, case, helper.agency_id)
    return case
