"""Nothing stays with an account that is disabled, or a membership that ends."""

from __future__ import annotations

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.accounts.actions.accounts import disable_account
from carenet.agencies.actions import add_member, change_roles, end_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Membership, User
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.cases.actions.shares import name_member
from carenet.cases.models import Case, CaseHandover, PlanGoal
from carenet.cases.policy import live_members
from carenet.reminders.models import Reminder
from carenet.reminders.registry import kind_named
from tests.cases.paths import at, change, sees, share
from tests.cases.plans import GOAL, agreed, day
from tests.factories import a_case, a_member, an_agency, api

WITHOUT = "case.without_person"


@pytest.fixture
def manager(plaza: Agency) -> Actor:
    return a_member(plaza, Role.MANAGER)


def leave(person: Actor, manager: Actor | None = None) -> None:
    membership = Membership.objects.get(user=person.user, agency=person.agency)
    end_membership(actor=manager, membership=membership)


def user_of(person: Actor) -> User:
    assert person.user
    return person.user


def in_charge(case: Case) -> User | None:
    return Case.objects.get(pk=case.pk).person_in_charge


def told(case: Case) -> set[User]:
    reminder = Reminder.objects.get(kind=WITHOUT, subject_id=case.pk, settled_at=None)
    return {each.user for each in kind_named(WITHOUT).recipients(reminder.occurrence(0))}


def pool(actor: Actor) -> set[str]:
    found = api(actor).get("/api/v1/cases/without-person/").json()["results"]
    return {row["id"] for row in found}


def test_a_case_is_in_nobodys_hands_and_the_managers_are_told(
    worker: Actor, manager: Actor, case: Case
) -> None:
    leave(worker, manager)
    assert in_charge(case) is None
    assert told(case) == {manager.user}
    assert pool(manager) == {str(case.pk)}


def test_the_trail_and_the_case_tell_of_it(worker: Actor, manager: Actor, case: Case) -> None:
    leave(worker, manager)
    (kept,) = CaseHandover.objects.filter(case=case)
    assert (kept.from_person, kept.to_person, kept.cause) == (worker.user, None, "left")
    entry = AuditEntry.objects.get(action="case.lose_person")
    assert (entry.object_ids, entry.actor_id) == ([case.pk], str(manager.user_id))


def test_the_next_action_stays_and_falls_to_the_desk(
    client: APIClient, worker: Actor, manager: Actor, plaza: Agency, case: Case
) -> None:
    colleague = a_member(plaza)
    change(client, case, next_action="電話", next_action_on=day(3))
    leave(worker, manager)
    assert Case.objects.get(pk=case.pk).next_action == "電話"
    reminder = Reminder.objects.get(kind="case.next_action", settled_at=None)
    kind = kind_named("case.next_action")
    assert [each.user for each in kind.recipients(reminder.occurrence(0))] == [colleague.user]


def test_the_managers_hear_of_it_again_until_somebody_is_in_charge(
    worker: Actor, manager: Actor, plaza: Agency, case: Case
) -> None:
    leave(worker, manager)
    kind, reminder = kind_named(WITHOUT), Reminder.objects.get(kind=WITHOUT)
    assert kind.next_due(reminder.occurrence(7), timezone.now())
    api(manager).post(at(case, "reassign"), {"person": str(a_member(plaza).user_id)})
    assert not Reminder.objects.filter(kind=WITHOUT, settled_at=None).exists()
    assert not kind.still_applies(reminder.occurrence(0))
    assert pool(manager) == set()


def test_without_anybody_to_tell_it_waits_for_somebody(
    worker: Actor, manager: Actor, case: Case
) -> None:
    leave(worker, manager)
    leave(manager)
    kind, reminder = kind_named(WITHOUT), Reminder.objects.get(kind=WITHOUT)
    assert kind.next_due(reminder.occurrence(0), timezone.now()) is None
    assert case.person_in_charge


def test_what_is_over_stays_as_it_was_and_is_reopened_without_them(
    client: APIClient, worker: Actor, manager: Actor, plaza: Agency, case: Case
) -> None:
    client.post(at(case, "close"), {"reason": "goal_reached"})
    leave(worker, manager)
    assert in_charge(case) == worker.user
    api(a_member(plaza)).post(at(case, "reopen"), {})
    assert in_charge(case) is None
    assert told(case) == {manager.user}


def test_nothing_of_another_agency_is_touched(
    worker: Actor, manager: Actor, helper: Actor, case: Case
) -> None:
    add_member(actor=None, agency=helper.agency, user=user_of(worker), roles=[Role.STAFF])
    elsewhere = a_case(type(helper)(helper.agency, helper.roles, worker.user))
    leave(worker, manager)
    assert in_charge(elsewhere) == worker.user
    assert in_charge(case) is None


def test_goals_stay_with_the_agency(
    client: APIClient, worker: Actor, manager: Actor, plaza: Agency, case: Case
) -> None:
    agreed(client, case, GOAL | {"agency": str(plaza.pk), "person": str(worker.user_id)})
    leave(worker, manager)
    goal = PlanGoal.objects.get()
    assert (goal.agency, goal.person) == (plaza, None)


def test_who_stops_doing_casework_keeps_nothing_either(
    worker: Actor, manager: Actor, case: Case
) -> None:
    membership = Membership.objects.get(user=worker.user)
    change_roles(actor=manager, membership=membership, roles=[Role.COORDINATOR])
    assert in_charge(case) is None


def test_a_restricted_case_passes_into_a_managers_sight(worker: Actor, manager: Actor) -> None:
    case = a_case(worker, confidentiality="restricted")
    leave(worker, manager)
    assert sees(manager, case)
    assert pool(manager) == {str(case.pk)}
    assert AuditEntry.objects.filter(action="case.name_member", object_ids=[case.pk]).exists()


def test_even_where_the_operator_ends_it(worker: Actor, manager: Actor) -> None:
    case = a_case(worker, confidentiality="restricted")
    leave(worker)
    assert sees(manager, case)


def test_a_naming_ends_where_somebody_else_of_the_agency_stays(
    worker: Actor, manager: Actor, plaza: Agency
) -> None:
    case, colleague = a_case(worker, confidentiality="restricted"), a_member(plaza)
    name_member(actor=worker, case_id=case.pk, user=user_of(colleague))
    leave(colleague, manager)
    assert set(live_members(case).values_list("user", flat=True)) == {worker.user_id}
    assert not sees(manager, case)


def test_a_supporting_agency_keeps_its_sight_of_it(worker: Actor, helper: Actor) -> None:
    boss = a_member(helper.agency, Role.MANAGER)
    case = a_case(worker, confidentiality="restricted")
    share(worker, case, helper.agency_id)
    name_member(actor=worker, case_id=case.pk, user=user_of(helper))
    leave(helper, boss)
    assert sees(boss, case)
    assert not live_members(case).filter(user=helper.user).exists()


def test_who_is_in_the_case_for_another_agency_too_stays_named(
    worker: Actor, manager: Actor, helper: Actor
) -> None:
    case = a_case(worker, confidentiality="restricted")
    share(worker, case, helper.agency_id)
    add_member(actor=None, agency=helper.agency, user=user_of(worker), roles=[Role.STAFF])
    leave(worker, manager)
    assert live_members(case).filter(user=worker.user).exists()
    assert sees(manager, case)


def test_a_disabled_account_leaves_everywhere_at_once(
    client: APIClient, worker: Actor, case: Case
) -> None:
    other = an_agency()
    add_member(actor=None, agency=other, user=user_of(worker), roles=[Role.STAFF])
    disable_account(user=user_of(worker))
    assert in_charge(case) is None
    assert not Membership.objects.current().filter(user=worker.user).exists()
    assert client.get(at(case)).status_code == 401
