"""Memberships, and the group that follows them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command

from carenet.accounts.actions.sign_in import hand_out_code
from carenet.accounts.models import CodePurpose
from carenet.agencies.actions import add_member, change_roles, end_membership
from carenet.agencies.models import Agency, Membership, User
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core.errors import Conflict, Forbidden, Invalid, PreconditionFailed
from tests.factories import a_member, a_user, an_agency

pytestmark = pytest.mark.django_db


def in_group(user: User, agency: Agency) -> bool:
    return user.groups.filter(pk=agency.group_id).exists()


def a_place(agency: Agency, *roles: Role) -> Membership:
    return add_member(actor=None, agency=agency, user=a_user(), roles=roles)


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
def test_whoever_does_casework_stands_in_the_agencys_group(role: Role) -> None:
    agency = an_agency()
    assert in_group(a_place(agency, role).user, agency)


@pytest.mark.parametrize("role", [Role.WATCHER, Role.COORDINATOR])
def test_others_do_not_stand_in_it(role: Role) -> None:
    agency = an_agency()
    assert not in_group(a_place(agency, role).user, agency)


def test_the_group_follows_a_change_of_roles() -> None:
    agency = an_agency()
    membership = a_place(agency, Role.STAFF)
    change_roles(actor=None, membership=membership, roles=[Role.WATCHER])
    assert not in_group(membership.user, agency)
    change_roles(actor=None, membership=membership, roles=[Role.STAFF, Role.WATCHER])
    assert in_group(membership.user, agency)


def test_the_end_of_a_membership_takes_the_group_with_it() -> None:
    agency = an_agency()
    ended = end_membership(actor=None, membership=a_place(agency, Role.STAFF))
    assert not in_group(ended.user, agency)
    assert not Membership.objects.current().filter(pk=ended.pk).exists()


def test_another_agencys_group_is_left_alone() -> None:
    here, there = an_agency(), an_agency()
    membership = a_place(here, Role.STAFF)
    add_member(actor=None, agency=there, user=membership.user, roles=[Role.STAFF])
    end_membership(actor=None, membership=membership)
    assert in_group(membership.user, there)


def test_nobody_is_a_member_twice() -> None:
    agency = an_agency()
    membership = a_place(agency, Role.STAFF)
    with pytest.raises(Conflict) as raised:
        add_member(actor=None, agency=agency, user=membership.user, roles=[Role.WATCHER])
    assert raised.value.reason_code == "already_member"


def test_whoever_comes_back_takes_up_the_old_place() -> None:
    agency = an_agency()
    ended = end_membership(actor=None, membership=a_place(agency, Role.STAFF))
    back = add_member(actor=None, agency=agency, user=ended.user, roles=[Role.WATCHER])
    assert (back.pk, back.until) == (ended.pk, None)
    assert back.role_set == {Role.WATCHER}


def test_an_ended_membership_cannot_be_changed() -> None:
    ended = end_membership(actor=None, membership=a_place(an_agency(), Role.STAFF))
    with pytest.raises(Conflict) as raised:
        change_roles(actor=None, membership=ended, roles=[Role.STAFF])
    assert raised.value.reason_code == "membership_ended"


@pytest.mark.parametrize("roles", [[], ["integration"], ["staff", "emperor"]])
def test_roles_that_nobody_can_hold_are_refused(roles: list[str]) -> None:
    with pytest.raises(Invalid) as raised:
        add_member(actor=None, agency=an_agency(), user=a_user(), roles=roles)
    assert list(raised.value.fields) == ["roles"]


def test_a_manager_makes_nobody_a_member_unasked() -> None:
    manager = a_member(an_agency(), Role.MANAGER)
    with pytest.raises(Forbidden) as raised:
        add_member(actor=manager, agency=manager.agency, user=a_user(), roles=["staff"])
    assert raised.value.reason_code == "operator_only"


def test_a_manager_does_not_manage_another_agency() -> None:
    manager, elsewhere = a_member(an_agency(), Role.MANAGER), a_place(an_agency(), Role.STAFF)
    with pytest.raises(Forbidden) as raised:
        end_membership(actor=manager, membership=elsewhere)
    assert raised.value.reason_code == "other_agency"


def test_the_last_manager_stays_one() -> None:
    manager = a_member(an_agency(), Role.MANAGER, Role.STAFF)
    own = Membership.objects.get(user=manager.user)
    with pytest.raises(Conflict) as raised:
        end_membership(actor=manager, membership=own)
    assert raised.value.reason_code == "last_manager"


def test_a_manager_whose_account_is_disabled_does_not_count() -> None:
    agency = an_agency()
    manager, other = a_member(agency, Role.MANAGER), a_member(agency, Role.MANAGER)
    assert other.user
    User.objects.filter(pk=other.user.pk).update(is_active=False)
    with pytest.raises(Conflict):
        end_membership(actor=manager, membership=Membership.objects.get(user=manager.user))


def test_one_of_two_managers_may_go() -> None:
    agency = an_agency()
    manager, _other = a_member(agency, Role.MANAGER), a_member(agency, Role.MANAGER)
    own = Membership.objects.get(user=manager.user)
    assert end_membership(actor=manager, membership=own).until


def test_the_operator_may_dismiss_the_last_manager() -> None:
    assert end_membership(actor=None, membership=a_place(an_agency(), Role.MANAGER)).until


def test_whoever_has_not_seen_the_latest_version_changes_nothing() -> None:
    membership = a_place(an_agency(), Role.STAFF)
    change_roles(actor=None, membership=membership, roles=[Role.WATCHER], version=1)
    with pytest.raises(PreconditionFailed):
        change_roles(actor=None, membership=membership, roles=[Role.STAFF], version=1)
    membership.refresh_from_db()
    assert membership.role_set == {Role.WATCHER}


def test_nobody_changes_their_own_roles() -> None:
    agency = an_agency()
    manager = a_member(agency, Role.MANAGER)
    a_member(agency, Role.MANAGER)
    own = Membership.objects.get(user=manager.user)
    with pytest.raises(Forbidden) as refused:
        change_roles(actor=manager, membership=own, roles=[Role.MANAGER, Role.STAFF])
    assert refused.value.reason_code == "own_roles"


def test_a_manager_makes_nobody_an_auditor() -> None:
    agency = an_agency()
    manager, member = a_member(agency, Role.MANAGER), a_member(agency)
    place = Membership.objects.get(user=member.user)
    with pytest.raises(Forbidden):
        change_roles(actor=manager, membership=place, roles=[Role.AUDITOR])


def test_the_operator_makes_nobody_an_auditor_alone() -> None:
    agency = an_agency()
    place = a_place(agency, Role.STAFF)
    with pytest.raises(Forbidden):
        change_roles(actor=None, membership=place, roles=[Role.AUDITOR])
    with pytest.raises(Forbidden) as refused:
        add_member(actor=None, agency=agency, user=a_user(), roles=[Role.AUDITOR])
    assert refused.value.reason_code == "auditor_by_operator"


def test_an_auditor_goes_by_the_operator_and_a_manager_together() -> None:
    agency = an_agency()
    manager, auditor = a_member(agency, Role.MANAGER), a_member(agency, Role.AUDITOR)
    place = Membership.objects.get(user=auditor.user)
    assert auditor.user
    assert manager.user
    alone: tuple[Callable[[], object], ...] = (
        lambda: end_membership(actor=manager, membership=place, agreed_by=manager.user),
        lambda: change_roles(actor=manager, membership=place, roles=[Role.STAFF]),
        lambda: hand_out_code(
            actor=manager, user=place.user, purpose=CodePurpose.PASSWORD, membership=place
        ),
        lambda: change_roles(actor=None, membership=place, roles=[Role.STAFF]),
        lambda: end_membership(actor=None, membership=place),
        lambda: end_membership(actor=None, membership=place, agreed_by=a_member(agency).user),
    )
    for try_it in alone:
        with pytest.raises(Forbidden) as refused:
            try_it()
        assert refused.value.reason_code == "auditor_by_operator"
    named = {"agency": agency.name, "agreed_by": manager.user.username}
    call_command("end_member", auditor.user.username, **named)
    place.refresh_from_db()
    assert place.until
    line = AuditEntry.objects.get(action="agency.end_membership")
    assert line.detail["agreed_by"] == str(manager.user_id)


def test_an_auditor_has_no_other_role() -> None:
    with pytest.raises(Invalid):
        add_member(actor=None, agency=an_agency(), user=a_user(), roles=[Role.AUDITOR, Role.STAFF])
