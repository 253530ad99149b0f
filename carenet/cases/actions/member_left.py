"""Somebody leaves: nothing of a case stays with them, and no restricted case is left to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from carenet.agencies.actions.locks import who_of
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Membership, User
from carenet.agencies.roles import CASEWORK_ROLES, Role
from carenet.agencies.selectors import members_in_roles
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import name_members, remind_of_next_action, save_version
from carenet.cases.actions.next_action import follow_tasks, open_tasks
from carenet.cases.models import Case, CaseHandover, CaseMember, HandoverCause
from carenet.cases.policy import live_members
from carenet.cases.selectors import live_grants, parts
from carenet.cases.selectors.held_work import cases_held, goals_held, tasks_held
from carenet.core import clock
from carenet.core.models import not_ended
from carenet.tasks.actions import Assignee, pass_on
from carenet.tasks.states import HandOnCause


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who leaves which agency, on whose word (None: the operator's), and who else they work for."""

    actor: Actor | None
    membership: Membership
    elsewhere: frozenset[UUID]

    @property
    def user(self) -> User:
        """Who leaves."""
        return self.membership.user

    @property
    def agency(self) -> Agency:
        """Which agency they leave."""
        return self.membership.agency


@transaction.atomic
def release_cases(*, actor: Actor | None, membership: Membership) -> None:
    """Take cases, namings, goals and tasks out of a leaver's hands: registered with `agencies`.

    1. Lock every case that is concerned, always in the same order.
    2. Leave open goals and tasks to the agency. 3. End the naming; where nobody of the agency would be
    left who sees a restricted case, a manager takes it over. 4. Leave nobody in charge: the managers
    are told until somebody is.
    """
    others = Membership.objects.current().filter(user=membership.user).exclude(pk=membership.pk)
    elsewhere = frozenset(others.values_list("agency_id", flat=True))
    leaving = Leaving(actor, membership, elsewhere)
    for case in _concerned(leaving):
        _release_goals(leaving, case)
        in_charge = (case.person_in_charge, case.lead_agency) == (leaving.user, leaving.agency)
        _end_naming(leaving, case, in_charge=in_charge)
        if in_charge and case.is_open:
            _release_person(leaving, case)
        _release_tasks(leaving, case)


def successor_of(agency: Agency, actor: Actor | None) -> User | None:
    """Return who takes over what only few may see: the manager who acts, or the agency's first one.

    Without a manager it is the first caseworker, None in an agency without anybody.
    """
    managers = members_in_roles(agency, {Role.MANAGER})
    if actor and actor.user and managers.filter(pk=actor.user.pk).exists():
        return actor.user
    return managers.first() or members_in_roles(agency, CASEWORK_ROLES).first()


def _concerned(leaving: Leaving) -> list[Case]:
    membership = leaving.membership
    named = CaseMember.objects.filter(not_ended(clock.now()), user=leaving.user).values("case")
    found = Case.objects.filter(
        Q(pk__in=cases_held(membership).values("pk"))
        | Q(pk__in=named)
        | Q(pk__in=goals_held(membership).values("plan__case"))
        | Q(pk__in=tasks_held(membership).values("case"))
    ).select_related("lead_agency", "person_in_charge")
    return list(found.select_for_update(of=("self",)).order_by("pk"))


def _release_goals(leaving: Leaving, case: Case) -> None:
    for goal in goals_held(leaving.membership).filter(plan__case=case):
        goal.person = None
        goal.save_version("person")
        log_write(who_of(leaving.actor), "goal.lose_person", "goal", goal.pk)


def _release_tasks(leaving: Leaving, case: Case) -> None:
    """Leave the leaver's tasks to their agency; its staff, else its managers, are told."""
    to = Assignee(leaving.agency, None, HandOnCause.LEFT)
    elsewhere = leaving.agency.pk != case.lead_agency_id
    for task in open_tasks(case).filter(person=leaving.user, agency=leaving.agency):
        task.case = case
        pass_on(who_of(leaving.actor), task, to, elsewhere=elsewhere)
    if case.is_open:
        follow_tasks(case)


def _end_naming(leaving: Leaving, case: Case, *, in_charge: bool) -> None:
    """End the leaver's naming, unless they are in the case for another agency as well."""
    involved = {case.lead_agency_id, *(part.agency.pk for part in parts(live_grants(case.pk)))}
    named = list(live_members(case).filter(user=leaving.user))
    stays = involved & leaving.elsewhere or (
        leaving.elsewhere and leaving.agency.pk not in involved
    )
    for member in [] if stays else named:
        member.until = clock.now()
        member.save(update_fields=["until"])
        log_write(
            who_of(leaving.actor), "case.end_member", "case", case.pk, person=str(leaving.user.pk)
        )
    if named and case.restricted and leaving.agency.pk in involved:
        _keep_in_sight(leaving, case, in_charge=in_charge)


def _keep_in_sight(leaving: Leaving, case: Case, *, in_charge: bool) -> None:
    """Name a successor where nobody of the agency stays, or a manager has to find somebody."""
    colleagues = members_in_roles(leaving.agency, CASEWORK_ROLES)
    if not in_charge and live_members(case).filter(until=None, user__in=colleagues).exists():
        return
    successor = successor_of(leaving.agency, leaving.actor)
    if successor is None or live_members(case).filter(user=successor).exists():
        return
    name_members(case, leaving.actor.user if leaving.actor else None, successor)
    log_write(who_of(leaving.actor), "case.name_member", "case", case.pk, person=str(successor.pk))


def _release_person(leaving: Leaving, case: Case) -> None:
    case.person_in_charge = None
    CaseHandover.objects.create(
        case=case,
        from_person=leaving.user,
        cause=HandoverCause.LEFT,
        by_user=leaving.actor.user if leaving.actor else None,
    )
    save_version(case)
    remind_of_next_action(case)
    log_write(
        who_of(leaving.actor), "case.lose_person", "case", case.pk, person=str(leaving.user.pk)
    )
