from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.cases.models import Case
from tests.factories import a_case, a_member, an_agency, api


@pytest.fixture
def plaza(db: None) -> Agency:  # noqa: ARG001
    return an_agency()


@pytest.fixture
def worker(plaza: Agency) -> Actor:
    """A caseworker of the plaza, which leads the cases of these tests."""
    return a_member(plaza)


@pytest.fixture
def client(worker: Actor) -> APIClient:
    return api(worker)


@pytest.fixture
def helper(db: None) -> Actor:  # noqa: ARG001
    """A caseworker of another agency."""
    return a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER))


@pytest.fixture
def case(worker: Actor) -> Case:
    return a_case(worker)
