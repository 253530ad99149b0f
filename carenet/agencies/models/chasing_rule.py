"""How an agency's own people are chased, in general and for single partners."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models.agency import Agency
from carenet.core.models import UUIDModel, VersionedModel

#: A month of working days until something is due, a week between two steps: longer is silence.
LONGEST_TO_DUE, LONGEST_BETWEEN = 20, 5


class ChasingStage(models.TextChoices):
    """What somebody is chased for."""

    ANSWER = "answer", _("an answer to a referral")
    START = "start", _("the start of the work")
    PROGRESS = "progress", _("a sign of progress")
    SENDER = "sender", _("the sender's next step")


class ChasingRule(UUIDModel, VersionedModel):
    """An agency's own pace at one stage: with one partner, or with all that have no rule of their own.

    It speaks of `agency`'s people alone: whoever else is told of a silence stays told. Days are
    working days of `agency`; without a number the installation's own counts.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="chasing_rules")
    partner = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stage = models.CharField(max_length=10, choices=ChasingStage)
    days_to_due = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_TO_DUE)]
    )
    days_between = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_BETWEEN)]
    )
    switched_off = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "partner", "stage"],
                nulls_distinct=False,
                name="one_chasing_rule_per_pair",
            ),
            models.CheckConstraint(
                condition=Q(partner=None) | ~Q(partner=F("agency")), name="partner_is_another"
            ),
            models.CheckConstraint(
                condition=(Q(days_to_due=None) | Q(days_to_due__range=(1, LONGEST_TO_DUE)))
                & (Q(days_between=None) | Q(days_between__range=(1, LONGEST_BETWEEN))),
                name="chasing_days_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.stage} {self.partner_id or '*'}"
