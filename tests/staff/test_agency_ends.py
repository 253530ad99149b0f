"""An agency closes, or gets another corporation: on the pages, by two people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from carenet.agencies.models import AgencyClosure, AgencyKind, Membership, OperatorChange
from carenet.agencies.roles import Role
from carenet.agencies.states import ClosureState, OperatorChangeState
from carenet.core import clock
from tests.factories import a_member, an_agency
from tests.staff.members import Plaza, a_plaza

pytestmark = pytest.mark.django_db


@pytest.fixture
def plaza() -> Plaza:
    return a_plaza()


def an_office() -> Any:
    return a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)


def proposed(plaza: Plaza) -> AgencyClosure:
    """Propose to close the plaza, over its page."""
    heir = a_member(an_agency())
    there = f"/desk/closures/agencies/{plaza.manager.agency_id}/propose/"
    plaza.desk().post(there, {"reason": "統合のため", "successor": str(heir.agency_id)})
    return AgencyClosure.objects.get(agency=plaza.manager.agency)


@pytest.mark.operation("agency_closures_create", "agency_closures_confirm_create")
def test_a_manager_proposes_and_the_ward_office_confirms(plaza: Plaza) -> None:
    office = an_office()
    closure = proposed(plaza)
    here = f"/desk/closures/{closure.pk}/"
    plaza.desk(office).post(f"{here}confirm/", {"version": str(closure.version)})
    closure.refresh_from_db()
    assert closure.state == ClosureState.CONFIRMED


def test_what_hangs_on_an_agency_is_shown_before_it_is_proposed(plaza: Plaza) -> None:
    plaza.case()
    here = f"/desk/closures/agencies/{plaza.manager.agency_id}/"
    assert "cases" in plaza.desk().get(here).content.decode()
    assert not AgencyClosure.objects.exists()


@pytest.mark.operation("agency_closures_withdraw_create")
def test_a_closure_is_called_off_with_a_reason(plaza: Plaza) -> None:
    closure = proposed(plaza)
    given = {"version": str(closure.version), "reason": "統合は見送り"}
    plaza.desk().post(f"/desk/closures/{closure.pk}/withdraw/", given)
    closure.refresh_from_db()
    assert closure.state == ClosureState.WITHDRAWN


@pytest.mark.operation(
    "operator_changes_create", "operator_changes_confirm_create", "operator_changes_withdraw_create"
)
def test_another_corporation_is_announced_its_people_reviewed_and_it_is_called_off(
    plaza: Plaza,
) -> None:
    office = plaza.desk(an_office())
    day = clock.today() + timedelta(days=30)
    office.post(
        f"/desk/operator-changes/agencies/{plaza.manager.agency_id}/",
        {"operator_name": "社会福祉法人みほん", "on": f"{day.year}/{day.month}/{day.day}"},
    )
    change = OperatorChange.objects.get(agency=plaza.manager.agency)
    here = f"/desk/operator-changes/{change.pk}/"
    staff = Membership.objects.get(user=plaza.stays.user_id, agency=plaza.stays.agency_id)
    kept = {"version": str(change.version), "kept": [f"members:{staff.pk}"]}
    plaza.desk().post(f"{here}confirm/", kept)
    assert change.reviews.count() == 1
    change.refresh_from_db()
    office.post(f"{here}withdraw/", {"version": str(change.version)})
    change.refresh_from_db()
    assert change.state == OperatorChangeState.WITHDRAWN
