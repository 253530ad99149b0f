"""Plans, goals and reviews on the wire."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.agencies.selectors import colleagues
from carenet.audit.api.serializers import LogReadMixin
from carenet.cases.models import PlanGoal, PlanReview, ReviewOutcome, SupportPlan
from carenet.cases.models.plan import LONGEST_MEASURE, MOST_GOALS, MOST_MEASURES
from carenet.rest.serializers import Day, Input


class GoalSerializer(LogReadMixin, serializers.ModelSerializer[PlanGoal]):
    """A goal, who sees to it, and what has become of it."""

    audit_kind = "goal"
    agency = AgencyInShortSerializer(read_only=True, allow_null=True)
    person = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = PlanGoal
        fields = [
            "id", "position", "what", "measures", "agency", "person", "others", "until",
            "state", "note", "settled_at",
        ]  # fmt: skip
        read_only_fields = fields


class ReviewSerializer(serializers.ModelSerializer[PlanReview]):
    """One review of the plan."""

    by_agency = AgencyInShortSerializer(read_only=True)
    by_user = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = PlanReview
        fields = [
            "id", "reviewed_on", "outcome", "note", "next_review_on",
            "by_agency", "by_user", "written_at",
        ]  # fmt: skip
        read_only_fields = fields


class PlanSerializer(LogReadMixin, serializers.ModelSerializer[SupportPlan]):
    """A plan with its goals, and its reviews, newest first."""

    audit_kind = "plan"
    goals = GoalSerializer(many=True, read_only=True)
    reviews = ReviewSerializer(many=True, read_only=True)
    written_by = ColleagueSerializer(read_only=True, allow_null=True)
    written_by_agency = AgencyInShortSerializer(read_only=True)

    class Meta:
        model = SupportPlan
        fields = [
            "id", "number", "status", "overall_aim", "wishes", "goals",
            "agreed_on", "valid_from", "review_on", "reviews",
            "written_by", "written_by_agency", "written_at", "ended_at", "end_note",
        ]  # fmt: skip
        read_only_fields = fields


class Whose(Input):
    """Who sees to a goal: an agency in the case, a person there, or others in words."""

    agency = VisibleField(visible_agencies, required=False, allow_null=True, default=None)
    person = VisibleField(colleagues, required=False, allow_null=True, default=None)
    others = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        default="",
        help_text="Who has no account: the person themself, family, neighbours.",
    )


class GoalInput(Whose):
    """A goal of a draft."""

    what = serializers.CharField(max_length=2000)
    measures = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_MEASURE),
        required=False,
        max_length=MOST_MEASURES,
    )
    until = Day(required=False, allow_null=True, default=None)


class PlanInput(Input):
    """A draft; in a change, `goals` replace all that it has."""

    overall_aim = serializers.CharField(max_length=5000)
    wishes = serializers.CharField(
        max_length=5000, required=False, allow_blank=True, help_text="In the person's own words."
    )
    goals: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=GoalInput(), max_length=MOST_GOALS
    )


class Agreement(Input):
    """That the person agrees, and from when to when the plan holds."""

    agreed_on = Day()
    valid_from = Day()
    review_on = Day()


class ReviewInput(Input):
    """What a review found; `next_review_on` is null when the plan ends, and only then."""

    reviewed_on = Day()
    outcome = serializers.ChoiceField(choices=ReviewOutcome.choices)
    note = serializers.CharField(max_length=10_000)
    next_review_on = Day(allow_null=True)


class Remark(Input):
    """A word on what has become of it."""

    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)
