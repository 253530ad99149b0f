"""Who sees whom: the list rule and the object rule say the same."""

from __future__ import annotations

import pytest

from carenet.agencies import policy
from carenet.agencies.actions import add_chasing_rule, end_membership, record_absence
from carenet.agencies.actors import Actor
from carenet.agencies.models import Absence, Agency, ChasingRule, Membership, User
from carenet.agencies.roles import HUMAN_ROLES, Role, Scope
from carenet.agencies.selectors import actor_of, members_in_roles
from tests.factories import a_member, an_agency

pytestmark = pytest.mark.django_db


def every_actor(agency: Agency) -> list[Actor]:
    people = [a_member(agency, role) for role in HUMAN_ROLES]
    system = Actor(agency, frozenset({Role.INTEGRATION}), scopes=frozenset({Scope.AGENCIES_READ}))
    return [*people, system]


def test_list_and_object_agree_on_agencies() -> None:
    an_agency(active=False)
    for actor in every_actor(an_agency()):
        seen = set(policy.visible_to(actor))
        for agency in Agency.objects.all():
            assert bool(policy.can_view(actor, agency)) == (agency in seen)


def test_list_and_object_agree_on_members() -> None:
    here, there = an_agency(), an_agency()
    gone = a_member(here, Role.STAFF)
    actors = [*every_actor(here), *every_actor(there)]
    end_membership(actor=None, membership=Membership.objects.get(user=gone.user_id))
    for actor in actors:
        seen = set(policy.members_visible_to(actor))
        for membership in Membership.objects.all():
            assert bool(policy.can_view_member(actor, membership)) == (membership in seen)


def test_list_and_object_agree_on_absences_and_chasing_rules() -> None:
    here, there = an_agency(), an_agency()
    actors = [*every_actor(here), *every_actor(there)]
    managers = [each for each in actors if Role.MANAGER in each.roles]
    for manager in managers:
        for membership in Membership.objects.filter(agency=manager.agency):
            record_absence(actor=manager, membership=membership)
        add_chasing_rule(actor=manager, agency=manager.agency, stage="start", days_to_due=2)
    for actor in actors:
        seen = set(policy.absences_visible_to(actor))
        for absence in Absence.objects.all():
            assert bool(policy.can_view_absence(actor, absence)) == (absence in seen)
        rules = set(policy.chasing_rules_visible_to(actor))
        for rule in ChasingRule.objects.all():
            assert bool(policy.can_manage_chasing(actor, rule.agency)) == (rule in rules)


def test_everybody_sees_the_directory() -> None:
    for actor in every_actor(an_agency()):
        assert actor.agency in policy.visible_to(actor)


def test_members_are_seen_by_their_own_agency() -> None:
    actor, elsewhere = a_member(an_agency()), a_member(an_agency())
    seen = policy.members_visible_to(actor).values_list("user", flat=True)
    assert actor.user_id in seen
    assert elsewhere.user_id not in seen


def test_a_watcher_sees_no_colleagues() -> None:
    watcher = a_member(an_agency(), Role.WATCHER)
    assert not policy.members_visible_to(watcher)


def test_the_role_table_knows_whoever_holds_a_role_now() -> None:
    agency = an_agency()
    staff, manager = a_member(agency, Role.STAFF), a_member(agency, Role.MANAGER)
    a_member(an_agency(), Role.STAFF)
    assert list(members_in_roles(agency, [Role.STAFF])) == [staff.user]
    both = members_in_roles(agency, [Role.STAFF, Role.MANAGER])
    assert set(both) == {staff.user, manager.user}


def test_neither_an_ended_membership_nor_a_disabled_account_holds_a_role() -> None:
    agency = an_agency()
    ended, disabled = a_member(agency), a_member(agency)
    end_membership(actor=None, membership=Membership.objects.get(user=ended.user))
    assert disabled.user
    User.objects.filter(pk=disabled.user.pk).update(is_active=False)
    assert not members_in_roles(agency, [Role.STAFF])
    for actor in (ended, disabled):
        assert actor.user
        assert actor_of(actor.user, agency) is None


def test_a_member_acts_in_the_roles_held_there() -> None:
    agency = an_agency()
    member = a_member(agency, Role.STAFF, Role.COORDINATOR)
    assert member.user
    assert actor_of(member.user, agency) == member
    assert actor_of(member.user, an_agency()) is None


def test_nobody_acts_for_an_agency_that_no_longer_takes_part() -> None:
    agency = an_agency()
    member = a_member(agency)
    agency.active = False
    assert member.user
    assert actor_of(member.user, agency) is None
