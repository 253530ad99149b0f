"""By when a step of an abuse report is due: rules of the municipality, and what they came to."""

from __future__ import annotations

from django.db import models

from carenet.abuse.models.report import AbuseReport
from carenet.abuse.states import DEADLINE_STEPS, STEPS_WITH_DEADLINE
from carenet.abuse.states.desks import AllegedOf, Victim
from carenet.agencies.models import Agency
from carenet.deadlines.models import (
    DeadlineModel,
    DeadlineRuleModel,
    deadline_constraints,
    rule_constraints,
)

KIND = ("victim", "alleged")


class DeadlineRule(DeadlineRuleModel):
    """A rule of one municipality for one step of one kind: hours, or working days of the ward office.

    The kind is who may be suffering × by whom; a rule counts for no other.
    """

    step = models.CharField(max_length=20, choices=STEPS_WITH_DEADLINE)
    victim = models.CharField(
        max_length=20,
        choices=Victim,
        default=Victim.OLDER_PERSON,
        db_default=Victim.OLDER_PERSON.value,
    )
    alleged = models.CharField(
        max_length=20,
        choices=AllegedOf,
        default=AllegedOf.CAREGIVER,
        db_default=AllegedOf.CAREGIVER.value,
    )

    steps = DEADLINE_STEPS
    scope = KIND

    class Meta:
        app_label = "cases"
        constraints = rule_constraints(
            KIND,
            counts="rule_counts_hours_or_working_days",
            ends="rule_ends_later",
            lasts="one_lasting_rule_per_step_and_kind",
        )


class AbuseDeadline(DeadlineModel):
    """By when one step of one report is due."""

    report = models.ForeignKey(AbuseReport, on_delete=models.PROTECT, related_name="deadlines")
    step = models.CharField(max_length=20, choices=STEPS_WITH_DEADLINE)
    rule = models.ForeignKey(DeadlineRule, null=True, on_delete=models.PROTECT, related_name="+")

    rules = DeadlineRule
    subject_field = "report"
    reminder = "abuse.deadline"

    class Meta:
        app_label = "cases"
        constraints = deadline_constraints(
            "report", one_open="one_open_deadline_per_step", over="deadline_is_over_for_a_reason"
        )

    @staticmethod
    def office_of(subject: AbuseReport) -> Agency:
        return subject.ward_office

    @staticmethod
    def scope_of(subject: AbuseReport) -> tuple[str, str]:
        return subject.kind
