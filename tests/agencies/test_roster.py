"""What is read of an agency at once says the same as each question by itself."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from carenet.accounts.actions.accounts import disable_account
from carenet.agencies.models import Agency, CalendarException
from carenet.agencies.roles import Role
from carenet.agencies.selectors import Roster, actor_of, calendar_of, members_in_roles, on_duty
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
    with django_assert_num_queries(4):
        for _ in range(3):
            assert roster.actor(person, agency)
            roster.staff(agency)
            roster.calendar(agency)


def test_agencies_that_are_expected_are_read_together(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    agencies = [an_agency() for _ in range(3)]
    people = [a_member(each) for each in agencies]
    be_away(people[1])
    for number, each in enumerate(agencies):
        CalendarException.objects.create(agency=each, on=date(2030, 6, 1 + number))
    roster = Roster()
    roster.expect(agencies)
    with django_assert_num_queries(4):
        actors = [roster.actor(*each) for each in zip(people, agencies, strict=True)]
        staff = [roster.staff(each) for each in agencies]
        calendars = [roster.calendar(each) for each in agencies]
    assert actors == [actor_of(*each) for each in zip(people, agencies, strict=True)]
    assert [each.on_duty(people) for each in staff] == [[people[0]], [], [people[2]]]
    fresh = [Agency.objects.get(pk=each.pk) for each in agencies]
    assert calendars == [calendar_of(each) for each in fresh]


def test_one_that_was_not_expected_is_read_all_the_same() -> None:
    expected, other = an_agency(), an_agency()
    person = a_member(other)
    roster = Roster()
    roster.expect([expected])
    assert roster.actor(person, other)
    assert roster.staff(other).actor(person)
