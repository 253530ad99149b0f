"""Whose a concern is: who serves a place comes before who coordinates there."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from carenet.areas.models import AddressArea, AgencyArea, Area, AreaKind, AreaPart
from tests.factories import a_member, an_agency, api
from tests.watchover.concerns import CONCERNS, a_concern
from tests.watchover.watches import START, Neighbourhood, at, notified, sweep

pytestmark = pytest.mark.django_db


def test_an_address_leads_to_the_plaza_that_coordinates_there(
    who: Neighbourhood, plaza: Actor
) -> None:
    assert a_concern().agency == plaza.agency
    assert a_concern(where="篠原町1").agency == who.ward.agency


def serving(kind: AgencyKind, *roles: Role, area_kind: AreaKind = AreaKind.PLAZA_AREA) -> Agency:
    """Return an agency that serves the area of 大豆戸町, with somebody in each of these roles."""
    with time_machine.travel(START - timedelta(days=20), tick=False):
        agency = an_agency(kind)
        for role in roles:
            a_member(agency, role)
    area, _new = Area.objects.get_or_create(
        kind=area_kind, name="大豆戸", municipality_code="141097"
    )
    AddressArea.objects.get_or_create(area=area, town="大豆戸町")
    AgencyArea.objects.create(agency=agency, area=area, part=AreaPart.SERVES)
    return agency


@pytest.mark.usefixtures("plaza")
def test_the_plaza_that_serves_a_place_comes_before_who_coordinates_there(
    who: Neighbourhood,
) -> None:
    serves = serving(AgencyKind.CARE_PLAZA, Role.STAFF)
    concern = a_concern()
    assert concern.agency == serves
    assert api(who.desk).get(f"{CONCERNS}{concern.pk}/").status_code == 404
    assert api(who.ward).get(f"{CONCERNS}{concern.pk}/").status_code == 200


def test_a_plaza_comes_before_other_agencies_that_serve_a_narrower_area(
    who: Neighbourhood,  # noqa: ARG001 - there is a ward office
) -> None:
    serving(AgencyKind.COMMISSIONERS_COUNCIL, Role.COORDINATOR)
    serves = serving(AgencyKind.CARE_PLAZA, Role.STAFF, area_kind=AreaKind.FEDERATION)
    assert a_concern().agency == serves


def test_who_serves_a_place_and_could_not_decide_is_passed_over(who: Neighbourhood) -> None:
    serving(AgencyKind.CARE_PLAZA, Role.WATCHER, Role.AUDITOR)
    assert a_concern().agency == who.ward.agency


@pytest.mark.usefixtures("plaza")
def test_the_serving_plaza_then_its_managers_then_the_ward_are_told(who: Neighbourhood) -> None:
    with time_machine.travel(at(1), tick=False):
        serves = serving(AgencyKind.CARE_PLAZA)
        desk, manager = a_member(serves), a_member(serves, Role.MANAGER)
    concern = a_concern()
    steps = []
    for day in (24, 25, 26):
        sweep(at(day, "10:00"))
        steps.append(set(notified(concern)))
    assert steps[0] == {desk.user_id}
    assert steps[1] == {desk.user_id, manager.user_id}
    assert steps[2] == {desk.user_id, manager.user_id, who.ward.user_id}


@pytest.mark.usefixtures("plaza")
def test_another_agency_does_not_see_it(who: Neighbourhood) -> None:
    concern = a_concern()
    for actor, seen in ((who.desk, 200), (who.ward, 200), (a_member(an_agency()), 404)):
        assert api(actor).get(f"{CONCERNS}{concern.pk}/").status_code == seen
        found = api(actor).get(CONCERNS).json()["results"]
        assert len(found) == (seen == 200)
