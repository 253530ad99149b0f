from __future__ import annotations

import pytest

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.cases.models import Case
from tests.audit.trails import Trail
from tests.factories import a_case, a_member, an_agency


@pytest.fixture
def staff(db: None) -> Actor:  # noqa: ARG001 - ordering
    return a_member(an_agency())


@pytest.fixture
def outsider(db: None) -> Actor:  # noqa: ARG001 - ordering
    return a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER))


@pytest.fixture
def case(staff: Actor) -> Case:
    return a_case(staff)


@pytest.fixture
def trail(case: Case) -> Trail:  # noqa: ARG001 - begins when all of that is there
    return Trail()
