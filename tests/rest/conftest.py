from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from tests.factories import a_member, an_agency, api


@pytest.fixture
def plaza(db: None) -> Agency:  # noqa: ARG001
    return an_agency()


@pytest.fixture
def staff(plaza: Agency) -> Actor:
    return a_member(plaza)


@pytest.fixture
def client(staff: Actor) -> APIClient:
    """The API as a caseworker of a plaza sees it."""
    return api(staff)
