"""No action of a manager of one agency changes any answer to somebody who acts for another one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from carenet.accounts.actions.sessions import end_sessions
from carenet.accounts.actions.sign_in import hand_out_code
from carenet.accounts.models import CodePurpose
from carenet.agencies.actions import (
    change_roles,
    end_membership,
    invite,
    record_absence,
    set_settings,
    withdraw_invitation,
)
from carenet.agencies.actors import Actor
from carenet.agencies.models import Invitation, Membership
from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.core.errors import CarenetError
from tests.conftest import rolled_back
from tests.factories import a_member, a_user, an_agency, api
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db
READ = ("agencies/", "agencies/{agency}/members/", "me/notifications/", "reminders/")
PAGES = ("/desk/", "/desk/devices/")


class Reach:
    """A manager of one agency, somebody of another one, and one who is a member of both."""

    def __init__(self) -> None:
        here, there = an_agency(), an_agency()
        self.manager = a_member(here, Role.MANAGER)
        self.stranger = a_member(there, Role.STAFF, user=a_user(username="stranger"))
        self.guest = a_member(there, Role.COORDINATOR)
        self.places = [
            Membership.objects.get(user=a_member(here, Role.STAFF, user=self.guest.user).user,
                                   agency=here),
            Membership.objects.get(user=a_member(here, Role.MANAGER).user),
            Membership.objects.get(user=self.stranger.user),
        ]  # fmt: skip
        self.asking = {actor: self._signed_in(actor) for actor in (self.stranger, self.guest)}

    @staticmethod
    def _signed_in(actor: Actor) -> APIClient:
        client = api()
        client.cookies["sessionid"] = session_of(actor)
        return client

    def answers(self) -> list[tuple[int, bytes]]:
        """Return what those of the other agency are answered; who one is, only to the stranger."""
        found = []
        for actor, client in self.asking.items():
            paths = [f"/api/v1/{path.format(agency=actor.agency_id)}" for path in READ]
            also = ["/api/v1/me/"] if actor is self.stranger else []
            for path in [*paths, *PAGES, *also]:
                answer = client.get(path, headers={"X-By-Itself": "1"})
                found.append((answer.status_code, _without_tokens(answer.content)))
        return found


def _without_tokens(content: bytes) -> bytes:
    """Return a page without what is drawn anew for each."""
    lines = content.split(b"\n")
    return b"\n".join(each for each in lines if b"csrf" not in each.lower() and b"once" not in each)


def _withdraw(reach: Reach, _place: Membership) -> None:
    for each in Invitation.objects.all():
        withdraw_invitation(actor=reach.manager, invitation=each)


DEEDS: dict[str, Callable[[Reach, Membership], object]] = {
    "invite": lambda reach, place: invite(
        actor=reach.manager, agency=reach.manager.agency, username=place.user.username,
        roles=[Role.WATCHER],
    ),
    "withdraw": _withdraw,
    "change roles": lambda reach, place: change_roles(
        actor=reach.manager, membership=place, roles=[Role.WATCHER]
    ),
    "end membership": lambda reach, place: end_membership(actor=reach.manager, membership=place),
    "end sessions": lambda reach, place: end_sessions(actor=reach.manager, membership=place),
    "hand out a code": lambda reach, place: hand_out_code(
        actor=reach.manager, user=place.user, purpose=CodePurpose.PASSWORD, membership=place
    ),
    "say who is away": lambda reach, place: record_absence(
        actor=reach.manager, membership=place, since=clock.now(),
        until=clock.now() + timedelta(days=3),
    ),
    "set quiet hours": lambda reach, _place: set_settings(
        actor=reach.manager, agency=reach.manager.agency, by_email=False, digest=True
    ),
}  # fmt: skip


def test_a_manager_reaches_nobody_who_acts_for_another_agency() -> None:
    with time_machine.travel(clock.now(), tick=False):
        reach = Reach()
        reach.answers()
        before = reach.answers()

        @settings(
            max_examples=6, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 2)), min_size=3,
                        max_size=8))  # fmt: skip
        def holds(deeds: list[tuple[str, int]]) -> None:
            with rolled_back():
                for name, number in deeds:
                    place = Membership.objects.get(pk=reach.places[number].pk)
                    with suppress(CarenetError), transaction.atomic():
                        DEEDS[name](reach, place)
                assert reach.answers() == before, deeds

        holds()
