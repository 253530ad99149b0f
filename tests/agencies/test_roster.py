"""What is read of an agency at once says the same as each question by itself."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from carenet.accounts.actions.accounts import disable_account
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.agencies.selectors import Roster, actor_of, members_in_roles, on_duty
from tests.reminders.people import a_member, an_agency, be_away

pytestmark = pytest.mark.django_db


def test_it_knows_the_members_their_roles_and_who_stands_in() -> None:
    agency = an_agency()
    here, deputy, away, gone = (a_member(agency, Role.STAFF) for _ in range(4))
    manager, stranger = a_member(agency, Role.MANAGER, Role.STAFF), a_member(an_agency())
    be_away(away, deputy=deputy)
    disable_account(actor=None, user=gone)
    people = [here, deputy, away, gone, manager, stranger]
    staff = Roster().staff(agency)
    assert staff.on_duty(people) == on_duty(agency, people) == [here, deputy, manager]
    for roles in ({Role.STAFF}, {Role.MANAGER}, {Role.STAFF, Role.COORDINATOR}, {Role.AUDITOR}):
        assert staff.in_roles(roles) == list(members_in_roles(agency, roles))
    assert [staff.actor(each) for each in people] == [actor_of(each, agency) for each in people]


def test_nobody_acts_for_an_agency_that_is_no_longer_active() -> None:
    agency = an_agency()
    person = a_member(agency)
    Agency.objects.filter(pk=agency.pk).update(active=False)
    assert Roster().actor(person, agency) is None


def test_an_agency_is_read_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    agency = an_agency()
    person = a_member(agency)
    roster = Roster()
    with django_assert_num_queries(3):
        for _ in range(3):
            assert roster.actor(person, agency)
            roster.calendar(agency)
