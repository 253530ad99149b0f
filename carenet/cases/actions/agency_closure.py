"""Cases and consultations of an agency that closes go to its successor."""

from __future__ import annotations

from django.db.models import F

from carenet.agencies.registry import ClosureBatch
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import name_members, remind_of_next_action, save_version
from carenet.cases.actions.member_left import successor_of
from carenet.cases.models import Case, CaseHandover, Consultation, HandoverCause, PlanGoal


def pass_cases(batch: ClosureBatch) -> None:
    """Let the successor lead these cases: registered with `agencies`.

    Nobody there is in charge yet, which its managers are told. Of a restricted case one of them is
    named, so that it is left to nobody.
    """
    held = Case.objects.select_for_update(of=("self",)).filter(pk__in=batch.ids)
    for case in held.select_related("person_in_charge").order_by("pk"):
        if case.person_in_charge and case.is_open:
            CaseHandover.objects.create(
                case=case, from_person=case.person_in_charge, cause=HandoverCause.LEFT
            )
        case.lead_agency = batch.successor
        if case.is_open:
            case.person_in_charge = None
        if case.restricted:
            name_members(case, None, successor_of(batch.successor, None))
        save_version(case)
        remind_of_next_action(case)
        log_write(batch.by.who, "case.pass_on", "case", case.pk, to=str(batch.successor.pk))


def pass_goals(batch: ClosureBatch) -> None:
    """Let the successor see to these goals; nobody there does by name yet."""
    for goal in (
        PlanGoal.objects.select_for_update(of=("self",)).filter(pk__in=batch.ids).order_by("pk")
    ):
        goal.agency, goal.person = batch.successor, None
        goal.save_version("agency", "person")
    log_write(batch.by.who, "goal.pass_on", "goal", *batch.ids, to=str(batch.successor.pk))


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
