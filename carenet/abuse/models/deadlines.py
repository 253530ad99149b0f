"""By when a step of an abuse report is due: rules of the municipality, and what they came to."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from carenet.abuse.states import STEPS_WITH_DEADLINE
from carenet.abuse.states.desks import AllegedOf, Victim
from carenet.core import clock
from carenet.core.models import UUIDModel


class RuleBasis(models.TextChoices):
    """What a deadline rests on: most are not law."""

    LAW = "law", _("law")
    GUIDELINE = "guideline", _("guideline")
    LOCAL_RULE = "local_rule", _("local rule")


class DeadlineOver(models.TextChoices):
    """Why nobody waits for it any more."""

    MET = "met", _("step taken")
    LAPSED = "lapsed", _("no longer needed")


class DeadlineRule(UUIDModel):
    """A rule of one municipality for one step of one kind: hours by the clock, or working days.

    The kind is who may be suffering × by whom; a rule counts for no other.

    Dated. A rule that begins or ends never moves deadlines that were set already.
    """

    municipality_code = models.CharField(max_length=6)
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
    hours = models.PositiveSmallIntegerField(null=True, blank=True)
    working_days = models.PositiveSmallIntegerField(null=True, blank=True)  # of the ward office
    basis = models.CharField(max_length=12, choices=RuleBasis)
    basis_text = models.CharField(max_length=300)
    valid_from = models.DateTimeField(default=clock.now)
    valid_until = models.DateTimeField(null=True, blank=True)
    set_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "cases"
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0, working_days=None) | Q(hours=None, working_days__gt=0),
                name="rule_counts_hours_or_working_days",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="rule_ends_later",
            ),
            models.UniqueConstraint(
                fields=["municipality_code", "step", "victim", "alleged"],
                condition=Q(valid_until=None),
                name="one_lasting_rule_per_step_and_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_code} {self.step}"


class AbuseDeadline(UUIDModel):
    """By when one step of one report is due, as the rule stood when it was set.

    `rule` is null for the service's own default.
    """

    report = models.ForeignKey(
        "cases.AbuseReport", on_delete=models.PROTECT, related_name="deadlines"
    )
    step = models.CharField(max_length=20, choices=STEPS_WITH_DEADLINE)
    rule = models.ForeignKey(DeadlineRule, null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    set_at = models.DateTimeField(default=clock.now)
    over_at = models.DateTimeField(null=True)
    over_because = models.CharField(max_length=8, choices=DeadlineOver, blank=True)

    class Meta:
        app_label = "cases"
        constraints = [
            models.UniqueConstraint(
                fields=["report", "step"],
                condition=Q(over_at=None),
                name="one_open_deadline_per_step",
            ),
            models.CheckConstraint(
                condition=Q(over_at=None, over_because="")
                | (Q(over_at__isnull=False) & ~Q(over_because="")),
                name="deadline_is_over_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.step} {self.due_at:%Y-%m-%d %H:%M}"
