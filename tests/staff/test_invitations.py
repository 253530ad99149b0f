"""The pages of invitations: a manager sends and withdraws, the invited answer in their own account."""

from __future__ import annotations

import pytest
from django.test import Client

from carenet.agencies.actions import invite
from carenet.agencies.models import Invitation, Membership
from carenet.agencies.roles import Role
from tests.factories import a_member, a_user, an_agency
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db


@pytest.mark.operation("agencies_invitations_create", "me_invitations_accept_create")
def test_a_manager_invites_and_the_invited_accepts() -> None:
    manager, guest = a_member(an_agency(name="大豆戸プラザ"), Role.MANAGER), a_member(an_agency())
    assert guest.user
    assert manager.user
    desk, own = (Client(headers={"accept-language": "en"}) for _ in range(2))
    desk.cookies["sessionid"], own.cookies["sessionid"] = session_of(manager), session_of(guest)
    desk.post("/desk/invitations/", {"username": guest.user.username, "roles": ["watcher"]})
    assert guest.user.username in desk.get("/desk/invitations/").content.decode()
    shown = own.get("/account/invitations/").content.decode()
    assert "大豆戸プラザ" in shown
    assert manager.user.name in shown
    assert "watcher" in shown
    invitation = Invitation.objects.get()
    answer = own.post(f"/account/invitations/{invitation.pk}/accept/")
    assert answer["Location"].endswith("?answered=accepted")
    assert Membership.objects.get(user=guest.user, agency=manager.agency).role_set == {Role.WATCHER}


def test_what_was_typed_stays_when_an_invitation_is_refused() -> None:
    manager = a_member(an_agency(), Role.MANAGER)
    desk = Client(headers={"accept-language": "en"})
    desk.cookies["sessionid"] = session_of(manager)
    assert manager.user
    typed = {"username": manager.user.username, "roles": ["staff"]}
    answer = desk.post("/desk/invitations/", typed)
    assert answer.status_code == 409
    assert f'value="{manager.user.username}"' in answer.content.decode()


def test_nobody_accepts_on_half_a_sign_in(settings: pytest.FixtureRequest) -> None:
    settings.STAFF_SECOND_FACTOR = True  # type: ignore[attr-defined]
    manager, person = a_member(an_agency(), Role.MANAGER), a_user()
    invitation = invite(
        actor=manager, agency=manager.agency, username=person.username, roles=["staff"]
    )
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(f"/account/invitations/{invitation.pk}/accept/")
    assert answer["Location"] == "/account/code/"
    assert not Membership.objects.filter(user=person).exists()


@pytest.mark.operation("agencies_invitations_agree_create", "me_invitations_decline_create")
def test_a_manager_agrees_to_the_auditor_and_the_invited_declines() -> None:
    manager, person = a_member(an_agency(), Role.MANAGER), a_member(an_agency())
    assert person.user
    proposed = invite(
        actor=None, agency=manager.agency, username=person.user.username, roles=[Role.AUDITOR]
    )
    desk, own = Client(), Client()
    desk.cookies["sessionid"], own.cookies["sessionid"] = session_of(manager), session_of(person)
    desk.post(f"/desk/invitations/{proposed.pk}/agree/")
    answer = own.post(f"/account/invitations/{proposed.pk}/decline/")
    assert answer["Location"].endswith("?answered=declined")
    assert not Membership.objects.filter(user=person.user, agency=manager.agency).exists()


@pytest.mark.operation("agencies_invitations_withdraw_create")
def test_an_invitation_is_taken_back() -> None:
    manager = a_member(an_agency(), Role.MANAGER)
    offered = invite(
        actor=manager, agency=manager.agency, username=a_user().username, roles=["staff"]
    )
    desk = Client()
    desk.cookies["sessionid"] = session_of(manager)
    assert desk.post(f"/desk/invitations/{offered.pk}/withdraw/").status_code == 303
    offered.refresh_from_db()
    assert offered.answer == "withdrawn"
