from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.areas.models import AddressArea, AgencyArea, Area, AreaKind, AreaPart
from carenet.watchover.models import WatchAssignment
from tests.factories import a_member
from tests.watchover.watches import START, Neighbourhood, a_neighbourhood, a_watch


@pytest.fixture(autouse=True)
def quiet(settings: Settings) -> None:
    settings.REMINDER_CONSOLE = ""


@pytest.fixture(scope="module")
def neighbourhood(for_one_file: None) -> Neighbourhood:  # noqa: ARG001 - ordering
    """Made once a file, before anything happens, whenever a test takes place."""
    with time_machine.travel(min(START, datetime.now(UTC)), tick=False):
        return a_neighbourhood()


@pytest.fixture
def who(neighbourhood: Neighbourhood, db: None) -> Neighbourhood:  # noqa: ARG001
    """Each test has objects of its own; what it changes is undone."""
    return deepcopy(neighbourhood)


@pytest.fixture
def watch(who: Neighbourhood) -> WatchAssignment:
    """Every day from 9 to 12 with an hour of grace, since the morning of the 24th of November."""
    return a_watch(who)


@pytest.fixture
def plaza(who: Neighbourhood) -> Actor:
    """Coordinates 大豆戸町; the desk works there, too."""
    with time_machine.travel(START - timedelta(days=20), tick=False):
        area = Area.objects.create(
            kind=AreaKind.PLAZA_AREA, name="大豆戸", municipality_code="141097"
        )
        AddressArea.objects.create(area=area, town="大豆戸町")
        AgencyArea.objects.create(agency=who.desk.agency, area=area, part=AreaPart.COORDINATES)
        return a_member(who.desk.agency, Role.COORDINATOR)
