"""The first watch of a person is proposed from their page."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.residents.models import Resident
from carenet.watchover.models import WatchAssignment
from tests.factories import a_resident
from tests.staff.review_requests import as_, assert_few, post, read
from tests.watchover.watches import Neighbourhood, a_neighbourhood

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(db: None) -> Neighbourhood:  # noqa: ARG001
    return a_neighbourhood()


@pytest.fixture
def person(who: Neighbourhood) -> Resident:
    return a_resident(who.desk)


def proposal(who: Neighbourhood) -> dict[str, Any]:
    looks_in = f"{who.watcher.user_id}.{who.watcher.agency_id}"
    return {"watcher": looks_in, "method": "visit", "sharing_basis": "CONSENT"}


def test_the_first_watch_is_proposed_and_the_page_leads_on(
    who: Neighbourhood, person: Resident
) -> None:
    address = f"/desk/people/{person.pk}/watch/"
    assert address in read(who.desk, f"/desk/people/{person.pk}/")
    assert_few(who.desk, address)
    answer = post(who.desk, address, **proposal(who))
    watch = WatchAssignment.objects.get()
    assert (watch.resident, watch.responsible_agency) == (person, who.desk.agency)
    assert answer["Location"] == f"/review/watches/{watch.pk}/?done=propose"
    page = read(who.desk, answer["Location"])
    assert "The watch was proposed." in page
    assert f'class="button" href="/review/watches/{watch.pk}/rhythm/"' in " ".join(page.split())


def test_who_watches_already_is_told_before(who: Neighbourhood, person: Resident) -> None:
    address = f"/desk/people/{person.pk}/watch/"
    post(who.desk, address, **proposal(who))
    assert "Somebody looks in already" in read(who.desk, address)
    assert post(who.desk, address, **proposal(who)).status_code == 409


def test_a_coordinator_of_the_ward_says_which_agency_answers(
    who: Neighbourhood, person: Resident
) -> None:
    address = f"/desk/people/{person.pk}/watch/"
    if as_(who.ward).get(address).status_code == 404:
        post(who.desk, address, **proposal(who))
    given = {**proposal(who), "responsible_agency": str(who.desk.agency_id), "method": "phone"}
    given["watcher"] = f"{who.backup.user_id}.{who.backup.agency_id}"
    assert post(who.ward, address, **given).status_code == 303
    latest = WatchAssignment.objects.latest("pk")
    assert latest.responsible_agency == who.desk.agency
