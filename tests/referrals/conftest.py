from __future__ import annotations

import pytest

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from tests.factories import a_member, an_agency


@pytest.fixture
def sender(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency())


@pytest.fixture
def receiver(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER))
