"""The support plan (支援計画): an aim, goals with somebody who does them, and a day of review."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from carenet.cases.states import GoalState, PlanStatus
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel, append_only

#: As many goals as a plan has, as many measures as a goal, and how long one may be.
MOST_GOALS, MOST_MEASURES, LONGEST_MEASURE = 30, 20, 500


class ReviewOutcome(models.TextChoices):
    """What a review (モニタリング) leads to."""

    CONTINUE = "continue", pgettext_lazy("review", "go on")
    CHANGE = "change", pgettext_lazy("review", "make a new plan")
    END = "end", pgettext_lazy("review", "end the plan")


class SupportPlan(UUIDModel, VersionedModel):
    """One plan of a case: a draft until it is agreed on with the person, frozen from then on.

    A case has at most one draft and one agreed plan. `number` counts its plans.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    written_by_agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, related_name="+"
    )
    written_by = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(default=clock.now)
    overall_aim = models.TextField(max_length=5000)
    wishes = models.TextField(max_length=5000, blank=True)  # of the person, in their words
    valid_from = models.DateField(null=True, blank=True)
    agreed_on = models.DateField(null=True, blank=True)  # with the person
    review_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_note = models.TextField(max_length=5000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="plans_are_counted"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(status=PlanStatus.AGREED), name="one_agreed_plan"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(status=PlanStatus.DRAFT), name="one_plan_in_draft"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[PlanStatus.AGREED, PlanStatus.REPLACED])
                | Q(agreed_on__isnull=False, valid_from__isnull=False, review_on__isnull=False),
                name="agreed_plans_have_their_days",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[PlanStatus.DRAFT, PlanStatus.AGREED], ended_at=None, end_note=""
                )
                | Q(status__in=[PlanStatus.REPLACED, PlanStatus.ENDED], ended_at__isnull=False),
                name="ended_plans_say_when",
            ),
            models.CheckConstraint(
                condition=Q(review_on=None)
                | Q(valid_from=None)
                | Q(review_on__gte=F("valid_from")),
                name="plans_are_reviewed_later",
            ),
        ]
        triggers = [pgtrigger.Protect(name="plans_are_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case_id} #{self.number}"


class PlanGoal(UUIDModel, VersionedModel):
    """A goal: what is to be, who sees to it, until when, by which measures, and what became of it.

    Who sees to it is an agency in the case, and a person there if one is known; or somebody without
    an account (the person themself, a son), in words.
    """

    plan = models.ForeignKey(SupportPlan, on_delete=models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField()
    what = models.TextField(max_length=2000)
    measures = ArrayField(models.CharField(max_length=LONGEST_MEASURE), default=list, blank=True)
    agency = models.ForeignKey(
        "agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    others = models.CharField(max_length=200, blank=True)
    until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=GoalState, default=GoalState.OPEN)
    note = models.TextField(max_length=5000, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(
                fields=["person"], condition=Q(state=GoalState.OPEN), name="open_goals_of_person"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="goals_have_an_order"),
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | (~Q(others="") & Q(person=None)),
                name="goals_are_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(state=GoalState.OPEN, settled_at=None)
                | (~Q(state=GoalState.OPEN) & Q(settled_at__isnull=False)),
                name="settled_goals_say_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} goal {self.position}"


class PlanReview(UUIDModel):
    """A review of an agreed plan: what was found, and what follows; added, never changed."""

    plan = models.ForeignKey(SupportPlan, on_delete=models.PROTECT, related_name="reviews")
    reviewed_on = models.DateField()
    outcome = models.CharField(max_length=8, choices=ReviewOutcome)
    note = models.TextField(max_length=10_000)
    next_review_on = models.DateField(null=True, blank=True)
    by_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=ReviewOutcome.END, next_review_on=None)
                | (~Q(outcome=ReviewOutcome.END) & Q(next_review_on__isnull=False)),
                name="reviews_set_the_next_one",
            )
        ]
        triggers = [append_only("reviews_append_only")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.reviewed_on} {self.outcome}"
