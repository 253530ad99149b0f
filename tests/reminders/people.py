"""The people of these tests: those of `tests.factories`, in agencies that never close."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import Absence, Agency, Membership, User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of
from tests import factories


def an_agency(*, closed_weekdays: Sequence[int] = ()) -> Agency:
    return factories.an_agency(
        closed_weekdays=list(closed_weekdays), closed_on_holidays=False, closed_at_new_year=False
    )


def a_member(agency: Agency, *roles: Role) -> User:
    user = factories.a_member(agency, *roles).user
    assert user
    return user


def acting(user: User, agency: Agency) -> Actor:
    actor = actor_of(user, agency)
    assert actor
    return actor


def systems(agency: Agency) -> Actor:
    return Actor(agency=agency, roles=frozenset({Role.INTEGRATION}))


def be_away(user: User, deputy: User | None = None) -> None:
    """Let somebody be away from now on, until further notice."""
    membership = Membership.objects.get(user=user)
    Absence.objects.create(membership=membership, since=timezone.now(), deputy=deputy)
