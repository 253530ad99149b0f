"""An agency's calendar: who changes it, and what the others read from it."""

from __future__ import annotations

from datetime import date

import pytest

from carenet.agencies.actions import (
    add_calendar_exception,
    remove_calendar_exception,
    set_calendar,
)
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.agencies.selectors import calendar_of
from carenet.audit.models import AuditEntry
from carenet.core.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from tests.factories import a_member, an_agency

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)


def test_a_new_agency_is_closed_on_holidays_and_at_new_year() -> None:
    calendar = calendar_of(an_agency())
    assert calendar.is_open(MONDAY)
    assert not calendar.is_open(date(2026, 11, 3))
    assert not calendar.is_open(date(2026, 12, 29))


def test_only_what_is_given_changes() -> None:
    agency = set_calendar(actor=None, agency=an_agency(), closed_weekdays=[6, 5, 6])
    assert agency.closed_weekdays == [5, 6]
    assert (agency.closed_on_holidays, agency.closed_at_new_year) == (True, True)


@pytest.mark.parametrize("weekdays", [[7], [-1], [0, 1, 2, 3, 4, 5, 6]])
def test_a_week_without_an_open_day_is_refused(weekdays: list[int]) -> None:
    with pytest.raises(Invalid) as raised:
        set_calendar(actor=None, agency=an_agency(), closed_weekdays=weekdays)
    assert list(raised.value.fields) == ["closed_weekdays"]


def test_an_exception_closes_one_day_until_it_is_removed() -> None:
    agency = an_agency()
    exception = add_calendar_exception(actor=None, agency=agency, on=MONDAY, reason="研修")
    assert not calendar_of(agency).is_open(MONDAY)
    remove_calendar_exception(actor=None, exception=exception)
    assert calendar_of(agency).is_open(MONDAY)


def test_a_day_has_one_exception() -> None:
    agency = an_agency()
    add_calendar_exception(actor=None, agency=agency, on=MONDAY)
    with pytest.raises(Conflict) as raised:
        add_calendar_exception(actor=None, agency=agency, on=MONDAY, is_open=True)
    assert raised.value.reason_code == "exception_exists"


def test_an_exception_is_removed_once() -> None:
    exception = add_calendar_exception(actor=None, agency=an_agency(), on=MONDAY)
    remove_calendar_exception(actor=None, exception=exception)
    with pytest.raises(NotFound):
        remove_calendar_exception(actor=None, exception=exception)


def test_every_change_is_a_new_version() -> None:
    agency = an_agency()
    exception = add_calendar_exception(actor=None, agency=agency, on=MONDAY, version=1)
    assert remove_calendar_exception(actor=None, exception=exception, version=2).version == 3
    with pytest.raises(PreconditionFailed):
        set_calendar(actor=None, agency=agency, closed_weekdays=[6], version=2)


def test_a_manager_sets_the_calendar_of_the_own_agency() -> None:
    agency = an_agency()
    manager = a_member(agency, Role.MANAGER)
    set_calendar(actor=manager, agency=agency, closed_weekdays=[6])
    entry = AuditEntry.objects.get(action="agency.set_calendar", object_ids=[agency.pk])
    assert entry.actor_id == str(manager.user_id)


@pytest.mark.parametrize("role", [Role.STAFF, Role.COORDINATOR, Role.AUDITOR])
def test_no_other_role_does(role: Role) -> None:
    agency = an_agency()
    with pytest.raises(Forbidden):
        add_calendar_exception(actor=a_member(agency, role), agency=agency, on=MONDAY)


def test_nor_a_manager_of_another_agency() -> None:
    with pytest.raises(Forbidden):
        set_calendar(actor=a_member(an_agency(), Role.MANAGER), agency=an_agency())


def test_a_calendar_costs_one_query_and_none_when_prefetched(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    agency = an_agency()
    with django_assert_num_queries(1):  # type: ignore[operator]
        calendar_of(agency)
    (prefetched,) = Agency.objects.filter(pk=agency.pk).prefetch_related("calendar_exceptions")
    with django_assert_num_queries(0):  # type: ignore[operator]
        calendar_of(prefetched)
