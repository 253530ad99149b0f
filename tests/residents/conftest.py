from __future__ import annotations

import pytest

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from tests.factories import a_member, an_agency


@pytest.fixture
def plaza(db: None) -> Agency:  # noqa: ARG001
    """The agency that registers people."""
    return an_agency()


@pytest.fixture
def registrar(plaza: Agency) -> Actor:
    return a_member(plaza)


@pytest.fixture
def helper(db: None) -> Actor:  # noqa: ARG001
    """A caseworker of another agency, to which people are referred."""
    return a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER))
