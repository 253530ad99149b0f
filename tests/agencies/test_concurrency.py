"""What two people do at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from carenet.agencies.actions import add_member, end_membership
from carenet.agencies.models import Agency, Membership
from carenet.agencies.roles import Role
from carenet.areas.actions.office_import import import_offices
from carenet.areas.open_data import read
from carenet.core.errors import Conflict
from tests.areas.published import a_file, a_row
from tests.factories import a_member, a_user, an_agency

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


def at_once(*deeds: Callable[[], T]) -> list[T | Conflict]:
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], T]) -> T | Conflict:
        barrier.wait()
        try:
            return deed()
        except Conflict as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_two_managers_cannot_dismiss_each_other() -> None:
    agency = an_agency()
    one, other = a_member(agency, Role.MANAGER), a_member(agency, Role.MANAGER)
    places = {m.user_id: m for m in Membership.objects.filter(agency=agency)}
    assert one.user
    assert other.user
    theirs, mine = places[other.user.pk], places[one.user.pk]
    outcomes = at_once(
        lambda: end_membership(actor=one, membership=theirs),
        lambda: end_membership(actor=other, membership=mine),
    )
    assert [isinstance(outcome, Conflict) for outcome in outcomes].count(True) == 1
    assert Membership.objects.current().filter(agency=agency).count() == 1


def test_a_person_is_added_once() -> None:
    agency, user = an_agency(), a_user()
    outcomes = at_once(
        *[lambda: add_member(actor=None, agency=agency, user=user, roles=["staff"])] * 5
    )
    assert [isinstance(outcome, Conflict) for outcome in outcomes].count(True) == 4


def test_two_imports_enter_an_office_once() -> None:
    data = read(a_file(a_row()))
    outcomes = at_once(*[lambda: import_offices(actor=None, data=data)] * 2)
    created = [len(outcome.created) for outcome in outcomes if not isinstance(outcome, Conflict)]
    assert sorted(created) == [0, 1]
    assert Agency.objects.count() == 1
