"""Taking whoever reported abuse out of what is written of a person besides cases, calls and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import pgtrigger

from carenet.abuse.actions.reporter import forget_claimed_person, strike_out
from carenet.access.models import Grant
from carenet.cases.models import (
    Assessment,
    AssessmentFinding,
    Case,
    CaseHandover,
    Consultation,
    PlanGoal,
    PlanReview,
    SupportPlan,
)
from carenet.reminders.models import ReminderEvent
from carenet.residents.models import (
    Consent,
    ConsentWithdrawal,
    Contact,
    Inquiry,
    Resident,
    ResidentFact,
    ResidentMerge,
    ResidentVersion,
)
from carenet.residents.selectors import records_of
from carenet.tasks.models import Task, TaskHandover

_VERSIONS_STAY = "residents.ResidentVersion:versions_are_append_only"


def forget_in_copies(resident: Resident, strike: Callable[[str], str]) -> None:
    """Strike the reporter out of plans, assessments and shares, and of what the rooms below keep.

    `strike` returns a text without them. What the record says of the person now stays: it is no word
    of whoever reports, and to take it out would tell who that was.
    """
    person = resident.pk
    cases = list(Case.objects.filter(resident=person).values_list("pk", flat=True))
    calls = Consultation.objects.filter(subject=person).values_list("pk", flat=True)
    tasks = Task.objects.filter(case__in=cases)
    inquiries = Inquiry.objects.filter(resident=person)
    in_words = (
        (
            Assessment.objects.filter(case__in=cases), ("overall",),
            "cases.Assessment:assessments_append_only",
        ),
        (
            AssessmentFinding.objects.filter(assessment__case__in=cases), ("text",),
            "cases.AssessmentFinding:findings_append_only",
        ),
        (SupportPlan.objects.filter(case__in=cases), ("overall_aim", "wishes", "end_note"), ""),
        (PlanGoal.objects.filter(plan__case__in=cases), ("what", "measures", "others", "note"), ""),
        (tasks, ("what", "reason"), ""),
        (
            TaskHandover.objects.filter(task__case__in=cases), ("reason",),
            "tasks.TaskHandover:task_handovers_append_only",
        ),
        (
            PlanReview.objects.filter(plan__case__in=cases), ("note",),
            "cases.PlanReview:reviews_append_only",
        ),
        (
            CaseHandover.objects.filter(case__in=cases), ("reason",),
            "cases.CaseHandover:handovers_append_only",
        ),
        (Grant.objects.filter(subject_id__in=[*cases, person]), ("reason",), ""),
        (inquiries, ("words", "answer"), ""),
        (Contact.objects.filter(resident=person), ("note",), ""),
        (
            ResidentFact.objects.filter(resident=person), ("detail",),
            "residents.ResidentFact:facts_are_corrected_anew",
        ),
        (
            Consent.objects.filter(resident=person), ("note",),
            "residents.Consent:consents_are_append_only",
        ),
        (
            ConsentWithdrawal.objects.filter(consent__resident=person), ("note",),
            "residents.ConsentWithdrawal:withdrawals_are_append_only",
        ),
        (
            ResidentVersion.objects.filter(resident__in=records_of(resident)), ("reason",),
            _VERSIONS_STAY,
        ),
        (
            ResidentMerge.objects.filter(survivor__in=records_of(resident)),
            ("reason", "undone_reason"), "",
        ),
    )  # fmt: skip
    for rows, names, guard in in_words:
        strike_out(rows.order_by("pk"), strike, *names, guard=guard)
    _forget_in_history(resident, strike)
    history = ResidentVersion.objects.filter(resident__in=records_of(resident))
    forget_claimed_person(history, strike, guard=_VERSIONS_STAY)
    forget_claimed_person(tasks, strike)
    told_of = [person, *cases, *calls, *inquiries.values_list("pk", flat=True)]
    forget_in_reminders(told_of, strike)


def _forget_in_history(resident: Resident, strike: Callable[[str], str]) -> None:
    """Take out of the record's history what names the reporter and does not stand in it any more."""
    history = ResidentVersion.objects.filter(resident__in=records_of(resident)).order_by("pk")
    for version in history.select_for_update(of=("self",)):
        changes = {
            name: {end: _kept(resident, name, value, strike) for end, value in change.items()}
            for name, change in version.changes.items()
        }
        if changes != version.changes:
            version.changes = changes
            with pgtrigger.ignore(_VERSIONS_STAY):
                version.save(update_fields=["changes"])


def _kept(resident: Resident, name: str, value: Any, strike: Callable[[str], str]) -> Any:
    """Return what stays of a value in the history: nothing of one that names the reporter."""
    if not isinstance(value, str) or value == getattr(resident, name, None):
        return value
    return value if strike(value) == value else None


def forget_in_reminders(subjects: Iterable[UUID], strike: Callable[[str], str]) -> None:
    """Strike the reporter out of what people have answered to reminders about these subjects."""
    answered = ReminderEvent.objects.filter(reminder__subject_id__in=list(subjects))
    strike_out(
        answered.exclude(reason="").order_by("pk"), strike, "reason",
        guard="reminders.ReminderEvent:responses_are_append_only",
    )  # fmt: skip
