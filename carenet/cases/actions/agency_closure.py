"""Cases and consultations of an agency that closes go to its successor."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from carenet.agencies.registry import ClosureBatch
from carenet.agencies.selectors import in_casework
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import name_members, remind_of_next_action, save_version
from carenet.cases.actions.member_left import successor_of
from carenet.cases.actions.next_action import follow_tasks, open_tasks
from carenet.cases.models import Case, CaseHandover, Consultation, HandoverCause, PlanGoal
from carenet.cases.selectors import has_part
from carenet.cases.states import GoalState
from carenet.tasks.actions import Assignee, pass_on
from carenet.tasks.models import Task
from carenet.tasks.states import HandOnCause


def pass_cases(batch: ClosureBatch) -> None:
    """Let the successor lead these cases: registered with `agencies`.

    Whoever is in charge stays it where they work for the successor as well; else nobody there is yet,
    which its managers are told. Of a restricted case one of them is named, so that it is left to nobody.
    """
    held = Case.objects.select_for_update(of=("self",)).filter(pk__in=batch.ids)
    for case in held.select_related("person_in_charge").order_by("pk"):
        stays = in_casework(case.person_in_charge, batch.successor)
        if case.person_in_charge and case.is_open and not stays:
            CaseHandover.objects.create(
                case=case, from_person=case.person_in_charge, cause=HandoverCause.LEFT
            )
        case.lead_agency = batch.successor
        if case.is_open:
            case.person_in_charge = stays
        if case.restricted:
            name_members(case, None, successor_of(batch.successor, None))
        save_version(case)
        remind_of_next_action(case)
        log_write(batch.by.who, "case.pass_on", "case", case.pk, to=str(batch.successor.pk))


def pass_goals(batch: ClosureBatch) -> None:
    """Let the successor see to these goals; by name whoever works there as well, else nobody yet."""
    for goal in (
        PlanGoal.objects.select_for_update(of=("self",)).filter(pk__in=batch.ids).order_by("pk")
    ):
        goal.agency = batch.successor
        goal.person = in_casework(goal.person, batch.successor)
        goal.save_version("agency", "person")
    log_write(batch.by.who, "goal.pass_on", "goal", *batch.ids, to=str(batch.successor.pk))


def settle_tasks(batch: ClosureBatch) -> None:
    """Let the successor have the tasks of the agency's own cases, and other leads theirs again.

    Whoever has one keeps it where they work for the successor as well.
    """
    ids = Task.objects.filter(pk__in=batch.ids).values("case")
    held = Case.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    cases: dict[UUID | None, Case] = {
        each.pk: each for each in held.select_related("lead_agency").order_by("pk")
    }
    rows = Task.objects.select_for_update(of=("self",)).filter(pk__in=batch.ids)
    for task in rows.select_related("agency", "person").order_by("pk"):
        case = task.case = cases[task.case_id]
        own = case.lead_agency_id in {batch.agency.pk, batch.successor.pk}
        to = Assignee(
            batch.successor if own else case.lead_agency,
            in_casework(task.person, batch.successor) if own else case.person_in_charge,
            # A ward office of which a case goes to a section goes on itself.
            HandOnCause.WITH_CASE if batch.agency.active else HandOnCause.AGENCY_CLOSED,
        )
        pass_on(batch.by.who, task, to, elsewhere=to.agency.pk != case.lead_agency_id)
    for case in cases.values():
        follow_tasks(case)


def pass_part(batch: ClosureBatch, case: Case) -> None:
    """Let the successor have what the agency had to do in a locked case of another lead.

    That is where its part there has come to the successor, and it sees the case no more.
    """
    if has_part(case, batch.agency) or not has_part(case, batch.successor):
        return
    goals = PlanGoal.objects.filter(plan__case=case, agency=batch.agency, state=GoalState.OPEN)
    if found := list(goals):
        pass_goals(ClosureBatch(batch.actor, batch.agency, found, batch.to))
    for task in open_tasks(case).filter(agency=batch.agency):
        task.case, person = case, in_casework(task.person, batch.successor)
        to = Assignee(batch.successor, person, HandOnCause.WITH_CASE)
        pass_on(batch.by.who, task, to, elsewhere=batch.successor.pk != case.lead_agency_id)


def pass_consultations(batch: ClosureBatch) -> None:
    """Let the successor keep these consultations, and triage those that nobody has."""
    list(
        Consultation.objects.select_for_update(of=("self",)).filter(pk__in=batch.ids).order_by("pk")
    )
    Consultation.objects.filter(pk__in=batch.ids).update(
        agency=batch.successor, version=F("version") + 1
    )
    log_write(
        batch.by.who, "consultation.pass_on", "consultation", *batch.ids, to=str(batch.successor.pk)
    )
