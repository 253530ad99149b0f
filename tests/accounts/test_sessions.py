"""Who may sign whom out everywhere, and that it is done and written down."""

from __future__ import annotations

import pytest
from django.test import Client

from carenet.accounts import selectors
from carenet.accounts.actions.sessions import end_sessions
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core.errors import Forbidden
from tests.factories import a_member, an_agency, api
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


def place(actor: Actor) -> Membership:
    return Membership.objects.get(user=actor.user, agency=actor.agency)


def test_a_manager_signs_a_member_out_everywhere() -> None:
    agency = an_agency()
    manager, watcher = a_member(agency, Role.MANAGER), a_member(agency, Role.WATCHER)
    phone, desk = api(watcher), api(watcher)
    assert end_sessions(actor=manager, membership=place(watcher)) == 2
    assert [client.get(ME).status_code for client in (phone, desk)] == [401, 401]


def test_nobody_elses_session_ends() -> None:
    agency = an_agency()
    manager, watcher = a_member(agency, Role.MANAGER), a_member(agency, Role.WATCHER)
    other = api(a_member(agency, Role.WATCHER))
    end_sessions(actor=manager, membership=place(watcher))
    assert other.get(ME).status_code == 200


def test_the_one_in_which_it_is_done_goes_on() -> None:
    watcher = a_member(an_agency(), Role.WATCHER)
    here, there = session_of(watcher), session_of(watcher)
    end_sessions(actor=watcher, membership=place(watcher), but=here)
    assert [each.session_key for each in selectors.sessions(watcher)] == [here]
    assert here != there


def test_a_session_for_another_agency_is_neither_seen_nor_ended_by_a_manager() -> None:
    office, agency = an_agency(), an_agency()
    coordinator = a_member(office, Role.COORDINATOR)
    theirs = session_of(coordinator)
    guest = a_member(agency, Role.WATCHER, user=coordinator.user)
    ours = session_of(guest)
    manager = a_member(agency, Role.MANAGER)
    assert [each.session_key for each in selectors.sessions(manager, guest.user_id)] == [ours]
    assert end_sessions(actor=manager, membership=place(guest)) == 1
    assert [each.session_key for each in selectors.sessions(coordinator)] == [theirs]


def test_a_session_keeps_the_agency_for_which_it_has_acted() -> None:
    actor = a_member(an_agency(), Role.COORDINATOR)
    client = Client()
    assert actor.user
    client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(ME)
    a_member(an_agency(), Role.WATCHER, user=actor.user)
    assert client.get(ME).json()["agency"]["id"] == str(actor.agency_id)


def test_a_colleague_may_not() -> None:
    agency = an_agency()
    watcher = a_member(agency, Role.WATCHER)
    with pytest.raises(Forbidden):
        end_sessions(actor=a_member(agency), membership=place(watcher))


def test_the_manager_of_another_agency_may_not() -> None:
    watcher = a_member(an_agency(), Role.WATCHER)
    with pytest.raises(Forbidden):
        end_sessions(actor=a_member(an_agency(), Role.MANAGER), membership=place(watcher))


def test_a_manager_sees_the_sessions_of_members_and_nobody_else() -> None:
    agency = an_agency()
    manager, watcher = a_member(agency, Role.MANAGER), a_member(agency, Role.WATCHER)
    stranger = a_member(an_agency(), Role.WATCHER)
    for actor in (watcher, stranger):
        session_of(actor)
    assert selectors.sessions(manager, watcher.user_id).count() == 1
    assert selectors.sessions(manager, stranger.user_id).count() == 0
    assert selectors.sessions(watcher, manager.user_id).count() == 0


def test_the_trail_says_who_was_signed_out_by_whom() -> None:
    agency = an_agency()
    manager, watcher = a_member(agency, Role.MANAGER), a_member(agency, Role.WATCHER)
    end_sessions(actor=manager, membership=place(watcher))
    entry = AuditEntry.objects.get(action="account.end_sessions")
    assert (entry.actor_id, entry.object_ids) == (str(manager.user_id), [watcher.user_id])
