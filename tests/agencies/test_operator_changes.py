"""Another corporation runs an agency from a day on: what nobody has confirmed ends on that day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from carenet.access.models import Grant
from carenet.accounts.actions.clients import create_client
from carenet.agencies.actions import (
    add_member,
    confirm_kept,
    plan_operator_change,
    withdraw_operator_change,
)
from carenet.agencies.actions.operator_changes import change_some
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind, ApiClient, Membership, OperatorChange
from carenet.agencies.roles import Role, Scope
from carenet.agencies.selectors.operator_changes import under_review
from carenet.cases.actions.shares import share_case
from carenet.core import clock
from carenet.core.errors import Conflict, Forbidden, Invalid
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry
from tests.factories import a_case, a_member, a_user, an_agency, api

pytestmark = pytest.mark.django_db


class Plaza:
    """A plaza with a manager, staff, a system and a grant.

    The ward office announces a new corporation.
    """

    def __init__(self) -> None:
        self.agency = an_agency(name="樽町地域ケアプラザ")
        self.manager = a_member(self.agency, Role.MANAGER)
        self.staff = a_member(self.agency)
        self.office = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)
        create_client(agency=self.agency, name="記録システム", scopes=[Scope.CASES_READ])
        lead = a_member(an_agency(), Role.STAFF, Role.MANAGER)
        share_case(
            actor=lead, case_id=a_case(lead).pk, agency=self.agency, codename="view_case",
            basis="WITHIN_PURPOSE", reason="支援会議",
        )  # fmt: skip
        self.change = plan_operator_change(
            actor=self.office, agency=self.agency, operator_name="社会福祉法人みほん", on=self.day
        )

    @property
    def day(self) -> date:
        return clock.today() + timedelta(days=30)

    def confirm(self, actor: Actor, kind: str, *whose: Actor) -> OperatorChange:
        ids = [str(place_of(each).pk) for each in whose]
        if not whose:
            ids = [each.id for each in under_review(self.change) if each.kind == kind]
        return confirm_kept(actor=actor, change_id=self.change.pk, kind=kind, ids=ids)


@pytest.fixture
def plaza() -> Plaza:
    return Plaza()


def place_of(actor: Actor) -> Membership:
    return Membership.objects.get(user=actor.user_id, agency=actor.agency_id)


def works(actor: Actor) -> bool:
    current = Membership.objects.current()
    return current.filter(user=actor.user_id, agency=actor.agency_id).exists()


def let_the_day_come(change: OperatorChange) -> None:
    OperatorChange.objects.filter(pk=change.pk).update(on=clock.today())
    while change_some(now=clock.now()):
        pass


def test_everything_that_there_was_is_under_review(plaza: Plaza) -> None:
    kinds = sorted(each.kind for each in under_review(plaza.change))
    assert kinds == ["clients", "grants_received", "members", "members"]
    add_member(actor=None, agency=plaza.agency, user=a_user(), roles=[Role.STAFF])
    assert sorted(each.kind for each in under_review(plaza.change)) == kinds


def test_what_is_confirmed_stays_and_the_rest_ends_on_the_day(plaza: Plaza) -> None:
    plaza.confirm(plaza.office, "members", plaza.manager)
    plaza.confirm(plaza.manager, "grants_received")
    let_the_day_come(plaza.change)
    plaza.change.refresh_from_db()
    assert plaza.change.state == "done"
    assert (works(plaza.manager), works(plaza.staff)) == (True, False)
    assert not ApiClient.objects.filter(agency=plaza.agency).exists()
    assert Grant.objects.live().filter(group=plaza.agency.group_id).count() == 1
    plaza.agency.refresh_from_db()
    assert plaza.agency.active
    assert str(plaza.agency.operator) == "社会福祉法人みほん"


def test_before_the_day_nothing_ends(plaza: Plaza) -> None:
    assert not change_some(now=clock.now())
    assert works(plaza.staff)


def test_nobody_confirms_their_own_account(plaza: Plaza) -> None:
    with pytest.raises(Invalid):
        plaza.confirm(plaza.manager, "members", plaza.manager)
    with pytest.raises(Forbidden):
        plaza.confirm(plaza.staff, "members", plaza.manager)
    assert not plaza.change.reviews.exists()


def test_the_ward_office_announces_it_for_a_day_ahead_and_once(plaza: Plaza) -> None:
    given: Any = {"agency": plaza.agency, "operator_name": "別の法人"}
    with pytest.raises(Forbidden):
        plan_operator_change(actor=plaza.manager, on=plaza.day, **given)
    for wrong in (clock.today(), clock.today() + timedelta(days=400)):
        with pytest.raises(Invalid):
            plan_operator_change(actor=plaza.office, on=wrong, **given)
    with pytest.raises(Conflict):
        plan_operator_change(actor=plaza.office, on=plaza.day, **given)
    withdraw_operator_change(actor=plaza.office, change_id=plaza.change.pk)
    plan_operator_change(actor=plaza.office, on=plaza.day, **given)


def test_whoever_is_not_confirmed_is_told_beforehand(plaza: Plaza) -> None:
    plaza.confirm(plaza.office, "members", plaza.manager)
    while work_once(now=clock.now()):
        pass
    told = InboxEntry.objects.filter(reminder__subject_id=plaza.change.pk, user__isnull=False)
    assert {entry.user for entry in told} == {
        plaza.manager.user, plaza.staff.user, plaza.office.user,
    }  # fmt: skip
    page = api(plaza.staff).get(f"/desk/operator-changes/{plaza.change.pk}/").content.decode()
    assert "Nobody has confirmed your account" in page
    assert "記録システム" not in page


def test_a_batch_that_breaks_off_comes_again(plaza: Plaza, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("carenet.agencies.actions.operator_changes.log_write", _die)
        let_the_day_come(plaza.change)
    plaza.change.refresh_from_db()
    assert (plaza.change.state, plaza.change.failures, works(plaza.staff)) == ("planned", 1, True)
    assert plaza.change.next_try_at
    while change_some(now=plaza.change.next_try_at):
        pass
    assert not works(plaza.staff)


def _die(*_args: object, **_more: object) -> None:
    raise SystemError


@pytest.mark.operation(
    "operator_changes_create", "operator_changes_confirm_create", "operator_changes_withdraw_create"
)
def test_the_pages_lead_from_the_announcement_to_the_review(plaza: Plaza) -> None:
    withdraw_operator_change(actor=plaza.office, change_id=plaza.change.pk)
    office, manager = api(plaza.office), api(plaza.manager)
    path = f"/desk/operator-changes/agencies/{plaza.agency.pk}/"
    typed = {"operator_name": "社会福祉法人みほん", "on": plaza.day.isoformat()}
    page = office.post(path, typed, format="multipart").headers["Location"]
    kept = f"members:{place_of(plaza.staff).pk}"
    assert kept in manager.get(page).content.decode()
    sent = manager.post(f"{page}confirm/", {"version": "1", "kept": [kept]}, format="multipart")
    assert sent.status_code == 303
    assert kept not in manager.get(page).content.decode()
    ended = office.post(f"{page}withdraw/", {"version": "2"}, format="multipart")
    assert ended.status_code == 303
