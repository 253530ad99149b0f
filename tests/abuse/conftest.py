from __future__ import annotations

import pytest

from carenet.abuse.models import AbuseReport
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from tests.abuse.requests import a_report
from tests.cases.conftest import case, client, helper, plaza, worker
from tests.factories import a_member, an_agency

__all__ = ["case", "client", "helper", "office", "officer", "plaza", "report", "ward", "worker"]


@pytest.fixture
def ward(db: None) -> Agency:  # noqa: ARG001
    return an_agency(AgencyKind.WARD_OFFICE)


@pytest.fixture
def office(ward: Agency) -> Actor:
    """The manager of the ward office, named to reports that name nobody else of it."""
    return a_member(ward, Role.MANAGER)


@pytest.fixture
def officer(ward: Agency) -> Actor:
    """A caseworker of the ward office."""
    return a_member(ward)


@pytest.fixture
def report(worker: Actor, case: Case, office: Actor, officer: Actor) -> AbuseReport:
    """A report of the plaza; named are its worker, and the office and the officer of the ward."""
    return a_report(worker, case, members=[office.user, officer.user])
