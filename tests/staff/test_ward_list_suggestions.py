"""Suggested watchers of a list: with their reasons, and applied by a person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from carenet.areas.models import AddressArea, Area, AreaKind
from carenet.residents.models import Resident
from carenet.watchlists.models import ListEntry
from carenet.watchover.models import WatchAssignment
from tests.factories import a_resident
from tests.staff.markup import without_layout
from tests.staff.review_requests import assert_few, post, read
from tests.watchlists.lists import TOWN, come_to, listed
from tests.watchover.watches import Neighbourhood, a_neighbourhood, a_proposal

pytestmark = pytest.mark.django_db
PAGE = "/desk/ward-lists/suggestions/"


@pytest.fixture
def who(db: None) -> Neighbourhood:  # noqa: ARG001
    return a_neighbourhood()


@pytest.fixture
def entries(who: Neighbourhood) -> list[ListEntry]:
    """Two who want it, in the town where the watcher looks in on somebody already."""
    code = who.desk.agency.municipality_code
    area = Area.objects.create(kind=AreaKind.FEDERATION, name="霧立", municipality_code=code)
    AddressArea.objects.create(area=area, town=TOWN, since=date(2020, 1, 1))
    a_proposal(who, resident=a_resident(who.desk, address=f"大阪市{TOWN}9番"))
    return [come_to(who.desk, each, "wants") for each in listed(who.desk, 2)]


def picks(who: Neighbourhood, entries: list[ListEntry]) -> list[str]:
    return [f"{each.pk}/{who.watcher.user_id}.{who.watcher.agency_id}" for each in entries]


def test_who_looks_in_nearby_is_suggested_with_the_reasons(
    who: Neighbourhood, entries: list[ListEntry]
) -> None:
    page = without_layout(read(who.desk, PAGE))
    for pick in picks(who, entries):
        assert f'value="{pick}"' in page
    assert "looks in on somebody in the same" in page
    assert "looks in on 1 now, 15 at most" in page
    assert WatchAssignment.objects.count() == 1


def test_what_is_ticked_is_proposed_and_nothing_else(
    who: Neighbourhood, entries: list[ListEntry]
) -> None:
    given: dict[str, Any] = {"method": "visit", "sharing_basis": "CONSENT"}
    answer = post(who.desk, PAGE, pick=picks(who, entries[:1]), **given)
    assert answer.status_code == 303, answer.content.decode()
    found = ListEntry.objects.order_by("pk")
    assert [each.assignment is not None for each in found] == [True, False]
    assert post(who.desk, PAGE, **given).status_code == 409


def test_protected_people_are_left_out_of_everything(
    who: Neighbourhood, entries: list[ListEntry]
) -> None:
    assert entries[0].resident_id
    Resident.objects.filter(pk=entries[0].resident_id).update(address_protected=True)
    page = read(who.desk, PAGE)
    assert picks(who, entries)[0] not in page
    assert picks(who, entries)[1] in page
    assert "are left out of suggestions" in page
    Resident.objects.filter(address__endswith="9番").update(address_protected=True)
    assert "pick" not in without_layout(read(who.desk, PAGE))


def test_the_page_asks_little(who: Neighbourhood, entries: list[ListEntry]) -> None:
    assert len(entries) == 2
    assert_few(who.desk, PAGE)
