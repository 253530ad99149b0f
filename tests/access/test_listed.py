"""A page from the access index, whatever names the restricted objects."""

from __future__ import annotations

import pytest

from carenet.access.actor_queries import ActorQuery
from carenet.access.selectors import listed
from carenet.cases.models import Case
from tests.factories import a_case, a_member, an_agency

pytestmark = pytest.mark.django_db


def test_naming_nothing_hides_nothing_else() -> None:
    staff = a_member(an_agency())
    case = a_case(staff)
    nothing = ActorQuery(lambda _actor: Case.objects.none()).sql(staff)
    found = listed(staff, "case", ways=[("lead", case.status)], named=nothing, limit=5)
    assert [pk for _due, pk in found] == [case.pk]
