"""Taking whoever reported abuse out of what is written of a person besides cases, calls and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.access.models import Grant
from carenet.cases.actions.reporter import strike_out
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
    ResidentMerge,
    ResidentVersion,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID


def forget_in_copies(person: UUID, strike: Callable[[str], str]) -> None:
    """Strike the reporter out of plans, assessments and shares, and of what the rooms below keep.

    `strike` returns a text without them.
    """
    cases = list(Case.objects.filter(resident=person).values_list("pk", flat=True))
    calls = Consultation.objects.filter(subject=person).values_list("pk", flat=True)
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
            Consent.objects.filter(resident=person), ("note",),
            "residents.Consent:consents_are_append_only",
        ),
        (
            ConsentWithdrawal.objects.filter(consent__resident=person), ("note",),
            "residents.ConsentWithdrawal:withdrawals_are_append_only",
        ),
        (
            ResidentVersion.objects.filter(resident=person), ("reason",),
            "residents.ResidentVersion:versions_are_append_only",
        ),
        (ResidentMerge.objects.filter(survivor=person), ("reason", "undone_reason"), ""),
    )  # fmt: skip
    for rows, names, guard in in_words:
        strike_out(rows.order_by("pk"), strike, *names, guard=guard)
    told_of = [person, *cases, *calls, *inquiries.values_list("pk", flat=True)]
    forget_in_reminders(told_of, strike)


def forget_in_reminders(subjects: Iterable[UUID], strike: Callable[[str], str]) -> None:
    """Strike the reporter out of what people have answered to reminders about these subjects."""
    answered = ReminderEvent.objects.filter(reminder__subject_id__in=list(subjects))
    strike_out(
        answered.exclude(reason="").order_by("pk"), strike, "reason",
        guard="reminders.ReminderEvent:responses_are_append_only",
    )  # fmt: skip
