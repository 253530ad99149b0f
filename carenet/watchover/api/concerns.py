"""`/concerns/`: what partners and staff report, and what the desk makes of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.api.verbs import retrieve_method
from carenet.audit.api.serializers import LogReadMixin
from carenet.cases.models import Topic, Urgency
from carenet.residents.policy import visible_to as visible_residents
from carenet.rest.etags import expected_version
from carenet.rest.filters import choices_of, codes
from carenet.rest.serializers import Input, Moment
from carenet.watchover.actions import concerns as concerning
from carenet.watchover.api.base import WatchView
from carenet.watchover.api.serializers import CALL_FIRST
from carenet.watchover.models import Concern
from carenet.watchover.models.concern import ConcernOutcome, ConcernState, ReporterKind
from carenet.watchover.policy import visible_to
from carenet.watchover.selectors.concerns import concerns

_DIGITS = 6
#: What may be said beside an outcome.
_GOES_WITH = {
    ConcernOutcome.CONSULTATION: {"resident", "topics", "main_topic", "urgency", "reason"},
    ConcernOutcome.JOINED: {"resident", "assignment", "reason"},
    ConcernOutcome.NOTHING: {"reason"},
}


class ConcernInput(Input):
    """What somebody has noticed, where, and about whom."""

    danger_to_life = serializers.BooleanField(help_text="Call 119 or 110 first.")
    reporter_kind = serializers.ChoiceField(choices=ReporterKind.choices)
    what = serializers.CharField(max_length=2000, help_text="What was seen or heard.")
    where = serializers.CharField(max_length=300, help_text="An address, or a place in words.")
    whom = serializers.CharField(max_length=200, required=False, allow_blank=True)
    observed_at = Moment(required=False, allow_null=True)
    municipality_code = serializers.RegexField(
        rf"^[0-9]{{{_DIGITS}}}\Z", required=False, help_text="With check digit: 141097."
    )
    reporter_name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    reporter_phone = serializers.CharField(max_length=30, required=False, allow_blank=True)


class ReceiptSerializer(serializers.Serializer[Any]):
    """All that a reporter is told, whoever the person is; `call_first` before anything else."""

    call_first = serializers.ListField(child=serializers.CharField())
    message = serializers.CharField()
    receipt = serializers.CharField(help_text="Keep it: with it you can ask what has become of it.")
    state = serializers.ChoiceField(choices=ConcernState.choices)


class ConcernTriage(Input):
    """What becomes of a concern."""

    outcome = serializers.ChoiceField(choices=ConcernOutcome.choices)
    reason = serializers.CharField(
        max_length=500, required=False, help_text="Needed where there is nothing to do."
    )
    resident = VisibleField(
        visible_residents, required=False, allow_null=True, help_text="Whom it is about."
    )
    assignment = VisibleField(
        visible_to, required=False, allow_null=True, help_text="A watch: an alert opens there."
    )
    topics = serializers.ListField(
        child=serializers.ChoiceField(choices=Topic.choices),
        min_length=1,
        max_length=len(Topic),
        required=False,
        help_text="Of the consultation; `other` without them.",
    )
    main_topic = serializers.ChoiceField(choices=Topic.choices, required=False)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given = {name for name, value in attrs.items() if value is not None}
        too_much = given - {"outcome"} - _GOES_WITH[attrs["outcome"]]
        if too_much:
            told = [_("This does not go with that outcome. Leave it out.")]
            raise serializers.ValidationError(dict.fromkeys(sorted(too_much), told))
        return {name: attrs[name] for name in given}


class ConcernSerializer(LogReadMixin, serializers.ModelSerializer[Concern]):
    """A concern as its desk reads it."""

    audit_kind = "concern"
    call_first = serializers.SerializerMethodField(
        help_text="Numbers to call before anything else: there is danger to life."
    )
    state = serializers.ChoiceField(choices=ConcernState.choices, read_only=True)
    agency = AgencyInShortSerializer(read_only=True)
    from_agency = AgencyInShortSerializer(read_only=True, allow_null=True)
    by_user = ColleagueSerializer(read_only=True, allow_null=True)
    triaged_by = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Concern
        fields = [
            "id", "call_first", "code", "state", "danger_to_life", "received_at", "observed_at",
            "reporter_kind", "reporter_name", "reporter_phone", "what", "where", "whom",
            "agency", "from_agency", "by_user", "claimed_person",
            "triaged_at", "triaged_by", "outcome", "reason",
            "consultation", "resident", "assignment",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_call_first(self, concern: Concern) -> list[str]:
        return CALL_FIRST if concern.danger_to_life else []


def receipt_for(concern: Concern, receipt: str) -> dict[str, Any]:
    """Return the answer to a report: it depends on nothing but what the reporter said themselves."""
    urgent = _("Call 119 (ambulance, fire) or 110 (police) now. Do not wait for us.")
    return {
        "call_first": CALL_FIRST if concern.danger_to_life else [],
        "message": urgent if concern.danger_to_life else _("Thank you. The desk will look at it."),
        "receipt": receipt,
        "state": concern.state,
    }


class ConcernViewSet(WatchView):
    """Concerns about people who may not be registered."""

    serializer_class = ConcernSerializer
    queryset = Concern.objects.none()
    filter_names = frozenset({"state"})
    abilities = {
        "list": "concerns.view",
        "retrieve": "concerns.view",
        "create": "concerns.report",
        "triage": "concerns.triage",
    }

    def queryset_for(self, actor: Actor) -> QuerySet[Concern]:
        return concerns(actor)

    @extend_schema(
        parameters=[
            codes("state", ConcernState.values),
        ]
    )
    def list(self, request: Request) -> Response:
        """List the concerns that your desk was sent, received last first."""
        rows = self.get_queryset()
        states = choices_of(request, "state", ConcernState)
        if len(states) == 1:
            rows = rows.filter(triaged_at__isnull=states == [ConcernState.RECEIVED])
        return self.page_of(rows)

    retrieve = retrieve_method("Read one concern.")

    @extend_schema(request=ConcernInput, responses={201: ReceiptSerializer})
    def create(self, request: Request) -> Response:
        """Report that you are worried about somebody; the answer says nothing about the person."""
        concern, receipt = concerning.report(actor=self.actor, **self.read_body(ConcernInput))
        return Response(receipt_for(concern, receipt), status=status.HTTP_201_CREATED)

    @extend_schema(request=ConcernTriage, responses=ConcernSerializer)
    @action(detail=True, methods=["post"])
    def triage(self, request: Request, id: UUID) -> Response:
        """Decide what becomes of it: a consultation, joined to what is known, or nothing to do."""
        given = self.read_body(ConcernTriage)
        assignment = given.pop("assignment", None)
        if given["outcome"] == ConcernOutcome.CONSULTATION:
            given.setdefault("topics", [given.get("main_topic", Topic.OTHER)])
            given.setdefault("main_topic", given["topics"][0])
        concerning.triage(
            actor=self.actor,
            concern_id=id,
            version=expected_version(request),
            assignment_id=assignment.pk if assignment else None,
            **given,
        )
        return self.respond_visible(id)
