"""Abuse reports, their steps and their story on the wire. Who reported has a module of its own."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from carenet.abuse.models import (
    AbuseDeadline,
    AbuseEvent,
    AbuseReport,
    CheckMethod,
    ReporterIdentity,
    SuspectedAbuse,
)
from carenet.abuse.states import Evaluation, Finding
from carenet.abuse.states.desks import AlsoVictim
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.selectors import colleagues
from carenet.audit.api.serializers import LogReadMixin
from carenet.cases.models import CallerRelationship, Urgency
from carenet.cases.policy import consultations_visible_to
from carenet.cases.policy import visible_to as visible_cases
from carenet.deadlines.api.serializers import DeadlineFields
from carenet.residents.api.serializers import PersonSerializer
from carenet.rest.serializers import Input, Moment, StrictFields


class Attendees(serializers.ListField):
    """Names or offices of those who took part, with an account or without."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            child=serializers.CharField(max_length=100), min_length=1, max_length=50, **kwargs
        )


class DeadlineSerializer(DeadlineFields):
    """By when a step is due, and by which rule."""

    class Meta(DeadlineFields.Meta):
        model = AbuseDeadline


class ProposalSerializer(serializers.ModelSerializer[AbuseReport]):
    """A finding that one person proposes."""

    finding = serializers.ChoiceField(choices=Finding.choices, source="proposed_finding")
    grounds = serializers.CharField(source="proposed_grounds")
    deciders = serializers.ListField(child=serializers.UUIDField(), source="proposed_deciders")
    proposed_by = ColleagueSerializer(read_only=True)

    class Meta:
        model = AbuseReport
        fields = ["finding", "grounds", "deciders", "proposed_by", "proposed_at"]
        read_only_fields = fields


class AbuseReportSerializer(LogReadMixin, serializers.ModelSerializer[AbuseReport]):
    """An abuse report: what was reported, where it stands, what is due."""

    audit_kind = "abuse_report"
    suspected = serializers.ListField(child=serializers.ChoiceField(choices=SuspectedAbuse.choices))
    resident = PersonSerializer(source="case.resident", read_only=True)
    taken_by = AgencyInShortSerializer(read_only=True)
    recorded_by = ColleagueSerializer(read_only=True)
    ward_office = AgencyInShortSerializer(read_only=True)
    deciders = serializers.ListField(
        child=serializers.UUIDField(), help_text="User ids of those who decided."
    )
    by_partner = serializers.BooleanField(
        read_only=True, help_text="Violence by a partner: the partners' desk is competent, too."
    )
    closed_for_desk = serializers.CharField(
        read_only=True, help_text="Which other desk sees to it instead; empty otherwise."
    )
    proposal = serializers.SerializerMethodField(
        help_text="A finding that waits for another person to confirm it; null without one."
    )
    deadlines = DeadlineSerializer(many=True, read_only=True)
    members = serializers.SerializerMethodField(help_text="Who is named to the case now.")

    class Meta:
        model = AbuseReport
        fields = [
            "id", "code", "status", "case", "resident", "consultation", "taken_by",
            "recorded_by", "recorded_at", "ward_office", "received_at", "channel", "victim",
            "suspected", "alleged", "content", "urgency", "to_check", "finding", "grounds",
            "deciders", "decided_at", "evaluation", "closed_at", "by_partner", "closed_for_desk",
            "proposal", "deadlines", "members",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ColleagueSerializer(many=True))
    def get_members(self, report: AbuseReport) -> Any:
        people = [member.user for member in report.case.named_now]  # type: ignore[attr-defined]
        return ColleagueSerializer(people, many=True).data

    @extend_schema_field(ProposalSerializer(allow_null=True))
    def get_proposal(self, report: AbuseReport) -> Any:
        return ProposalSerializer(report).data if report.proposed_by_id else None


class AbuseEventSerializer(LogReadMixin, serializers.ModelSerializer[AbuseEvent]):
    """One step of a report."""

    audit_kind = "abuse_report"
    audit_id = "report_id"
    by_agency = AgencyInShortSerializer(read_only=True)
    by_user = ColleagueSerializer(read_only=True)

    class Meta:
        model = AbuseEvent
        fields = [
            "id", "verb", "from_status", "to_status", "happened_at", "recorded_at",
            "by_agency", "by_user", "text", "data",
        ]  # fmt: skip
        read_only_fields = fields


class ReporterInput(StrictFields, serializers.ModelSerializer[ReporterIdentity]):
    """Who reported; all of it may be left out."""

    relationship = serializers.ChoiceField(choices=CallerRelationship.choices, required=False)

    class Meta:
        model = ReporterIdentity
        fields = ["name", "relationship", "phone", "wishes_anonymity", "callback"]


class AbuseReportInput(StrictFields, serializers.ModelSerializer[AbuseReport]):
    """A report as it comes in, from a consultation or on a case."""

    case = VisibleField(visible_cases, required=False, allow_null=True, default=None)
    consultation = VisibleField(
        consultations_visible_to,
        required=False,
        allow_null=True,
        default=None,
        help_text="Its caller moves to the compartment; a case of its subject is opened if need be.",
    )
    also = serializers.ChoiceField(
        choices=AlsoVictim.choices,
        required=False,
        allow_blank=True,
        default="",
        help_text="Of a partner only: what they are besides. An older person or a person with a "
        "disability is reported as that.",
    )
    suspected = serializers.ListField(
        child=serializers.ChoiceField(choices=SuspectedAbuse.choices),
        min_length=1,
        max_length=len(SuspectedAbuse),
    )
    reporter = ReporterInput(
        required=False,
        allow_null=True,
        default=None,
        help_text="Kept apart from the report, and shown in no answer of it.",
    )
    members = serializers.ListField(
        child=VisibleField(colleagues),
        required=False,
        max_length=50,
        help_text="People of the own agency and of the ward office who must know. If none of them "
        "can decide for the ward office, its managers are named besides.",
    )

    class Meta:
        model = AbuseReport
        fields = [
            "case", "consultation", "received_at", "channel", "victim", "also", "suspected",
            "alleged", "content", "reporter", "members",
        ]  # fmt: skip


class StepInput(Input):
    """What every step says."""

    happened_at = Moment(help_text="When the step was taken.")
    text = serializers.CharField(max_length=10_000, required=False, allow_blank=True)


class ReceptionInput(StepInput):
    """The reception meeting."""

    urgency = serializers.ChoiceField(choices=Urgency.choices)
    to_check = serializers.BooleanField(help_text="Whether the facts are to be checked.")
    attendees = Attendees()


class CheckInput(StepInput):
    """A fact check."""

    method = serializers.ChoiceField(choices=CheckMethod.choices)
    seen_in_person = serializers.BooleanField()
    not_seen_because = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class EntryInput(StepInput):
    """An entry investigation."""

    attendees = Attendees()
    with_police = serializers.BooleanField()


class DecisionInput(Input):
    """What the core-member meeting decided: proposed by one, confirmed by another."""

    happened_at = Moment(help_text="When it was decided.")
    finding = serializers.ChoiceField(choices=Finding.choices)
    text = serializers.CharField(max_length=10_000, help_text="The grounds.")
    deciders = serializers.ListField(
        child=VisibleField(colleagues),
        min_length=1,
        max_length=50,
        help_text="Those who decided: at least two people of the ward office. One of them who is "
        "named to the report and is not you confirms it.",
    )


class ResponsePlanInput(Input):
    """The response plan."""

    happened_at = Moment(help_text="When it was made.")
    text = serializers.CharField(max_length=10_000, help_text="The plan.")


class EvaluationInput(ResponsePlanInput):
    """What the response has come to."""

    evaluation = serializers.ChoiceField(choices=Evaluation.choices)
    text = serializers.CharField(max_length=10_000, help_text="The evaluation.")


class ClosingInput(ResponsePlanInput):
    """Why the report is closed."""

    text = serializers.CharField(max_length=10_000, help_text="Why.")


class ConfirmationInput(Input):
    """Confirming what another person proposed."""

    text = serializers.CharField(max_length=10_000, required=False, allow_blank=True)


class TakingBackInput(Input):
    """Why a proposed decision is rejected, or taken back."""

    text = serializers.CharField(max_length=10_000, help_text="Why.")


class ClosingElsewhereInput(ClosingInput):
    """Closing what the procedure is not for: why, and which desk sees to it."""

    desk = serializers.CharField(
        max_length=200, help_text="Which desk, and whom of it you reached."
    )


class PersonNaming(Input):
    """Naming a person of the own agency."""

    user = VisibleField(colleagues)
