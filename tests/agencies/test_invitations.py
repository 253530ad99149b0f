"""A membership is an invitation that the person accepts: until then it has no effect on anybody."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPConnectError
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import override_settings
from pytest_django import Settings

from carenet.agencies import selectors
from carenet.agencies.actions import (
    accept_invitation,
    agree_to_auditor,
    decline_invitation,
    end_membership,
    invite,
    withdraw_invitation,
)
from carenet.agencies.actions.invitations import mail_invited
from carenet.agencies.actors import Actor
from carenet.agencies.models import Invitation, Membership, User
from carenet.agencies.roles import HUMAN_ROLES, Role
from carenet.audit.models import AuditEntry
from carenet.core.errors import Conflict, Forbidden, Invalid, TooManyTries
from tests.factories import a_member, a_user, an_agency, api

pytestmark = pytest.mark.django_db
ME, OWN = "/api/v1/me/", "/api/v1/me/invitations/"


@pytest.fixture
def manager() -> Actor:
    return a_member(an_agency(), Role.MANAGER)


@pytest.fixture
def coordinator() -> Actor:
    return a_member(an_agency(), Role.COORDINATOR, user=a_user(username="kuyakusho-coordinator"))


def sent(by: Actor, to: User, *roles: Role) -> Invitation:
    return invite(actor=by, agency=by.agency, username=to.username, roles=roles or {Role.WATCHER})


def url(manager: Actor, *more: object) -> str:
    return "/".join(
        ["/api/v1/agencies", str(manager.agency_id), "invitations", *map(str, more), ""]
    )


def user_of(actor: Actor) -> User:
    assert actor.user
    return actor.user


def test_an_invitation_changes_nothing_for_the_invited(manager: Actor, coordinator: Actor) -> None:
    client = api(coordinator)
    before = client.get(ME).content
    sent(manager, user_of(coordinator))
    client.credentials()
    answer = client.get(ME)
    assert (answer.status_code, answer.content) == (200, before)
    assert client.get("/api/v1/agencies/").status_code == 200, "no ambiguous_agency"


def test_an_invitation_makes_nobody_a_member(manager: Actor, coordinator: Actor) -> None:
    sent(manager, user_of(coordinator))
    assert list(selectors.members(manager).values_list("user", flat=True)) == [manager.user_id]
    assert selectors.actor_of(user_of(coordinator), manager.agency) is None
    assert not user_of(coordinator).groups.filter(pk=manager.agency.group_id).exists()


def test_a_known_and_an_unknown_name_get_the_same_answer(
    manager: Actor, coordinator: Actor
) -> None:
    client = api(manager)
    names = (user_of(coordinator).username, "nobody-at-all")
    posted = [client.post(url(manager), {"username": n, "roles": ["watcher"]}) for n in names]
    rows = client.get(url(manager)).json()["results"]
    assert [answer.status_code for answer in posted] == [201, 201]
    told = [answer.json() for answer in posted]
    assert [[row[name] for name in ("username", "roles", "state")] for row in told] == [
        [name, ["watcher"], "open"] for name in names
    ]
    assert set(told[0]) == set(told[1])
    assert user_of(coordinator).name not in str(rows)
    assert str(user_of(coordinator).pk) not in str(rows)


def test_a_disabled_account_is_answered_like_any_other(manager: Actor) -> None:
    gone = a_user()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert sent(manager, gone).state == "open"


def test_so_many_a_day_and_no_more(manager: Actor) -> None:
    other = a_member(an_agency(), Role.MANAGER)
    with override_settings(INVITATIONS_A_DAY=2):
        for _ in range(2):
            sent(manager, a_user())
        with pytest.raises(TooManyTries):
            sent(manager, a_user())
        assert sent(other, a_user()).state == "open"
        Invitation.objects.update(
            made_at=Invitation.objects.earliest("made_at").made_at - timedelta(days=1)
        )
        assert sent(manager, a_user()).state == "open"


def test_the_invited_see_who_invites_and_as_what(manager: Actor, coordinator: Actor) -> None:
    sent(manager, user_of(coordinator), Role.WATCHER)
    (row,) = api(coordinator).get(OWN).json()["results"]
    assert row["agency"]["id"] == str(manager.agency_id)
    assert row["invited_by"]["name"] == user_of(manager).name
    assert row["roles"] == ["watcher"]
    assert api(manager).get(OWN).json()["results"] == []


def test_whoever_accepts_is_a_member(manager: Actor, coordinator: Actor) -> None:
    invitation = sent(manager, user_of(coordinator), Role.STAFF)
    answer = api(coordinator).post(f"{OWN}{invitation.pk}/accept/", {})
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    place = Membership.objects.current().get(user=coordinator.user, agency=manager.agency)
    assert place.role_set == {Role.STAFF}
    assert user_of(coordinator).groups.filter(pk=manager.agency.group_id).exists()
    entry = AuditEntry.objects.get(action="agency.accept_invitation")
    assert (entry.actor_id, entry.agency_id) == (str(coordinator.user_id), manager.agency_id)


def test_a_session_goes_on_for_its_agency_after_an_acceptance(
    manager: Actor, coordinator: Actor
) -> None:
    client = api(coordinator)
    client.credentials()
    client.get(ME)
    accept_invitation(user=user_of(coordinator), invitation=sent(manager, user_of(coordinator)))
    assert client.get(ME).json()["agency"]["id"] == str(coordinator.agency_id)


def test_whoever_declines_is_none(manager: Actor, coordinator: Actor) -> None:
    invitation = sent(manager, user_of(coordinator))
    decline_invitation(user=user_of(coordinator), invitation=invitation)
    assert not Membership.objects.filter(agency=manager.agency, user=coordinator.user).exists()
    assert selectors.invitations(manager).get().state == "declined"
    with pytest.raises(Conflict):
        accept_invitation(user=user_of(coordinator), invitation=invitation)


def test_an_invitation_is_answered_by_the_invited_alone(manager: Actor, coordinator: Actor) -> None:
    invitation = sent(manager, a_user())
    for verb in ("accept", "decline"):
        assert api(coordinator).post(f"{OWN}{invitation.pk}/{verb}/", {}).status_code == 404
    with pytest.raises(Conflict) as refused:
        accept_invitation(user=user_of(coordinator), invitation=invitation)
    assert refused.value.reason_code == "invitation_over"


def _withdrawn(manager: Actor, invitation: Invitation) -> None:
    withdraw_invitation(actor=manager, invitation=invitation)


def _expired(_manager: Actor, invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(until=invitation.made_at)


def _inviter_gone(manager: Actor, _invitation: Invitation) -> None:
    place = Membership.objects.get(user=manager.user)
    end_membership(actor=None, membership=place)


def _agency_gone(manager: Actor, _invitation: Invitation) -> None:
    type(manager.agency).objects.filter(pk=manager.agency_id).update(active=False)


@pytest.mark.parametrize("end", [_withdrawn, _expired, _inviter_gone, _agency_gone])
def test_an_invitation_that_is_over_opens_nothing(
    manager: Actor, coordinator: Actor, end: Any
) -> None:
    invitation = sent(manager, user_of(coordinator))
    end(manager, invitation)
    assert not selectors.invitations_for(user_of(coordinator)).exists()
    with pytest.raises(Conflict):
        accept_invitation(user=user_of(coordinator), invitation=invitation)


def test_nobody_is_invited_twice_at_a_time(manager: Actor, coordinator: Actor) -> None:
    first = sent(manager, user_of(coordinator))
    with pytest.raises(Conflict) as refused:
        sent(manager, user_of(coordinator))
    assert refused.value.reason_code == "already_invited"
    _expired(manager, first)
    assert sent(manager, user_of(coordinator)).state == "open"
    first.refresh_from_db()
    assert first.state == "expired"


def test_a_member_is_not_invited(manager: Actor) -> None:
    with pytest.raises(Conflict) as refused:
        sent(manager, user_of(a_member(manager.agency)))
    assert refused.value.reason_code == "already_member"


@pytest.mark.parametrize("roles", [[], ["integration"], ["staff", "emperor"]])
def test_roles_that_nobody_can_hold_are_refused(manager: Actor, roles: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        invite(actor=manager, agency=manager.agency, username="hanako", roles=roles)
    assert list(refused.value.fields) == ["roles"]


@pytest.mark.parametrize("username", ["", "ﷺ" * 150])
def test_a_name_that_no_account_could_bear_is_refused(manager: Actor, username: str) -> None:
    with pytest.raises(Invalid) as refused:
        invite(actor=manager, agency=manager.agency, username=username, roles=["staff"])
    assert list(refused.value.fields) == ["username"]


@pytest.mark.parametrize("role", sorted(HUMAN_ROLES - {Role.MANAGER}))
def test_no_other_role_invites(role: Role) -> None:
    with pytest.raises(Forbidden) as refused:
        sent(a_member(an_agency(), role), a_user())
    assert refused.value.reason_code == "role_missing"


def test_a_manager_invites_to_no_other_agency(manager: Actor) -> None:
    with pytest.raises(Forbidden) as refused:
        invite(actor=manager, agency=an_agency(), username="hanako", roles=["staff"])
    assert refused.value.reason_code == "other_agency"


def test_the_trail_holds_no_user_name(manager: Actor, coordinator: Actor) -> None:
    invitation = sent(manager, user_of(coordinator))
    entry = AuditEntry.objects.get(action="agency.invite")
    assert entry.detail == {"invitation": str(invitation.pk), "roles": ["watcher"]}


def test_a_manager_proposes_no_auditor(manager: Actor) -> None:
    with pytest.raises(Forbidden) as refused:
        sent(manager, a_user(), Role.AUDITOR)
    assert refused.value.reason_code == "auditor_by_operator"


def test_an_auditor_is_made_by_the_operator_and_a_manager(manager: Actor) -> None:
    person = a_user()
    proposed = invite(
        actor=None, agency=manager.agency, username=person.username, roles=[Role.AUDITOR]
    )
    assert not selectors.invitations_for(person).exists()
    with pytest.raises(Conflict):
        accept_invitation(user=person, invitation=proposed)
    agree_to_auditor(actor=manager, invitation=proposed)
    accept_invitation(user=person, invitation=proposed)
    assert Membership.objects.get(user=person).role_set == {Role.AUDITOR}


def test_nobody_agrees_to_themselves_as_an_auditor() -> None:
    agency, person = an_agency(), a_user()
    proposed = invite(actor=None, agency=agency, username=person.username, roles=[Role.AUDITOR])
    manager = a_member(agency, Role.MANAGER, user=person)
    with pytest.raises(Forbidden) as refused:
        agree_to_auditor(actor=manager, invitation=proposed)
    assert refused.value.reason_code == "own_roles"


def test_the_operator_needs_a_manager_for_an_auditor_alone(manager: Actor) -> None:
    person = a_user()
    invitation = invite(
        actor=None, agency=manager.agency, username=person.username, roles=[Role.STAFF]
    )
    with pytest.raises(Conflict):
        agree_to_auditor(actor=manager, invitation=invitation)
    accept_invitation(user=person, invitation=invitation)


@pytest.fixture
def _sends_mail(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_FROM = "mail.example.jp", "carenet@example.jp"
    settings.PUBLIC_URL = "https://carenet.example.jp"


@pytest.mark.usefixtures("_sends_mail")
def test_who_is_invited_is_told_once_by_mail_that_names_nobody(
    manager: Actor, coordinator: Actor
) -> None:
    User.objects.filter(pk=user_of(coordinator).pk).update(email="c@example.jp", language="en")
    sent(manager, user_of(coordinator))
    sent(manager, a_user())  # has no address
    invite(actor=manager, agency=manager.agency, username="nobody-at-all", roles=[Role.WATCHER])
    invite(actor=None, agency=an_agency(), username=user_of(coordinator).username, roles=[Role.AUDITOR])  # fmt: skip
    assert not mail.outbox, "nothing of it is seen by who invites"
    assert [mail_invited(), mail_invited()] == [1, 0]
    (letter,) = mail.outbox
    assert letter.to == ["c@example.jp"]
    assert "https://carenet.example.jp/account/invitations/" in letter.body
    said = f"{letter.subject} {letter.body}"
    for name in (manager.agency.name, user_of(manager).name, user_of(coordinator).name):
        assert name not in said


@pytest.mark.usefixtures("_sends_mail")
def test_a_mail_that_cannot_be_sent_now_is_sent_later(
    manager: Actor, coordinator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=user_of(coordinator).pk).update(email="c@example.jp")
    sent(manager, user_of(coordinator))
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", _refuse)
        assert mail_invited() == 0
    assert mail_invited() == 1


def _refuse(*_args: object) -> int:
    raise SMTPConnectError(421, "busy")
