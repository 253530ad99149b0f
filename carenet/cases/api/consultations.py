"""`/consultations/`: intake and triage."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.access.selectors import key_from, key_parts
from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.verbs import create_method, retrieve_method
from carenet.agencies.api.views import ActorViewSet
from carenet.audit.actions import log_read
from carenet.cases import selectors
from carenet.cases.actions import consultations as actions
from carenet.cases.models import (
    Confidentiality,
    Consultation,
    ConsultationChannel,
    Topic,
    Urgency,
)
from carenet.cases.policy import visible_to as visible_cases
from carenet.cases.selectors.consultation_filter import ConsultationFilter, filtered_page
from carenet.cases.states import TRIAGE_OUTCOMES, ConsultationStatus
from carenet.residents.policy import visible_to as visible_residents
from carenet.rest.etags import expected_version, required_version
from carenet.rest.pagination import keyset_page
from carenet.rest.serializers import Day, Input, Nothing, StrictFields


class ConsultationSerializer(StrictFields, serializers.ModelSerializer[Consultation]):
    """What was said, by whom, about whom."""

    topics = serializers.ListField(
        child=serializers.ChoiceField(choices=Topic.choices), min_length=1, max_length=len(Topic)
    )
    subject = VisibleField(
        visible_residents,
        required=False,
        allow_null=True,
        help_text="A person on the register; leave out for somebody anonymous.",
    )
    case = serializers.UUIDField(
        source="led_to.pk",
        read_only=True,
        default=None,
        allow_null=True,
        help_text="The case that it opened, or was joined to.",
    )

    class Meta:
        model = Consultation
        fields = [
            "id", "status", "received_at", "channel", "caller_name", "caller_phone",
            "relationship", "subject", "subject_description", "topics", "main_topic",
            "content", "response", "urgency", "recorded_by", "recorded_at", "triaged_at", "case",
        ]  # fmt: skip
        read_only_fields = ["status", "recorded_by", "recorded_at", "triaged_at"]

    def to_representation(self, consultation: Consultation) -> dict[str, Any]:
        log_read("consultation", consultation.pk)
        if consultation.subject_id:
            log_read("resident", consultation.subject_id)
        return super().to_representation(consultation)


class ConsultationFilterInput(Input):
    """Which consultations, all of what is said."""

    received_from = Day(required=False, help_text="The first day, in Japan.")
    received_until = Day(required=False, help_text="The last day, in Japan.")
    topic = serializers.ChoiceField(
        choices=Topic.choices, required=False, help_text="One of the topics, main or not."
    )
    channel = serializers.ChoiceField(choices=ConsultationChannel.choices, required=False)
    case = VisibleField(
        visible_cases, required=False, help_text="What opened it, and what was joined to it."
    )
    subject = VisibleField(
        visible_residents, required=False, help_text="The person whom it is about."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first, last = attrs.get("received_from"), attrs.get("received_until")
        if first and last and last < first:
            raise serializers.ValidationError(
                {"received_until": _("Give a day that is not before received_from.")}
            )
        return attrs


class TriageInput(Input):
    """What becomes of it."""

    outcome = serializers.ChoiceField(
        choices=[(outcome.value, outcome.label) for outcome in TRIAGE_OUTCOMES]
    )
    urgency = serializers.ChoiceField(choices=Urgency.choices, default=Urgency.NORMAL)
    response = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    summary = serializers.CharField(
        max_length=10_000, required=False, allow_blank=True, help_text="Of the case that is opened."
    )
    confidentiality = serializers.ChoiceField(
        choices=Confidentiality.choices, default=Confidentiality.NORMAL
    )
    another_because = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        help_text="Why another case is opened while one of the agency is open for the same person.",
    )
    case = VisibleField(
        visible_cases,
        required=False,
        allow_null=True,
        default=None,
        help_text="With case_joined only: an open case of the same person.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["outcome"] == ConsultationStatus.CASE_JOINED) != (attrs["case"] is not None):
            raise serializers.ValidationError(
                {"case": _("Name the case to which it is joined, and only for that.")}
            )
        return attrs


class ConsultationViewSet(ActorViewSet):
    """General consultations (総合相談) of the agency that took them."""

    serializer_class = ConsultationSerializer
    filter_names = frozenset(
        {"received_from", "received_until", "topic", "channel", "case", "subject"}
    )
    abilities = {
        "list": "consultations.view",
        "retrieve": "consultations.view",
        "create": "consultations.record",
        "partial_update": "consultations.record",
        "triage": "consultations.triage",
        "take_back": "consultations.triage",
    }

    def queryset_for(self, actor: Actor) -> QuerySet[Consultation]:
        return selectors.consultations(actor)

    @extend_schema(parameters=[ConsultationFilterInput], filters=False)
    def list(self, request: Request) -> Response:
        """List the agency's consultations, newest first; with a filter, last received first."""
        wanted = self._wanted(request)
        if not wanted:
            return self.page_of(self.get_queryset())
        return keyset_page(
            request,
            fetch=partial(filtered_page, self.actor, wanted),
            show=lambda rows: self.get_serializer(rows, many=True).data,
            read_key=key_from,
            write_key=key_parts,
        )

    def _wanted(self, request: Request) -> ConsultationFilter:
        given = {
            name: said for name, said in request.query_params.items() if name in self.filter_names
        }
        shape = ConsultationFilterInput(data=given, context=self.get_serializer_context())
        shape.is_valid(raise_exception=True)
        said = dict(shape.validated_data)
        subject = said.pop("subject", None)
        return ConsultationFilter(**said, subject=subject and subject.pk)

    create = create_method(
        actions.record, ConsultationSerializer, ConsultationSerializer, "Record a consultation."
    )

    retrieve = retrieve_method("Read one consultation.")

    def partial_update(self, request: Request, id: UUID) -> Response:
        """Complete what was recorded, until triage."""
        version = required_version(request)
        consultation = actions.edit(
            actor=self.actor,
            consultation_id=id,
            version=version,
            **self.read_body(ConsultationSerializer, self.get_object(), partial=True),
        )
        return self.respond(consultation)

    @extend_schema(request=TriageInput, responses=ConsultationSerializer)
    @action(detail=True, methods=["post"])
    def triage(self, request: Request, id: UUID) -> Response:
        """Decide: information only, one-off, a case, or joined to one that is open."""
        given = self.read_body(TriageInput)
        case, outcome = given.pop("case"), ConsultationStatus(given.pop("outcome"))
        version = expected_version(request)
        if case:
            words = {name: given[name] for name in ("urgency", "response") if name in given}
            consultation = actions.join(
                actor=self.actor, consultation_id=id, case_id=case.pk, version=version, **words
            )
        else:
            consultation = actions.triage(
                actor=self.actor, consultation_id=id, outcome=outcome, version=version, **given
            )
        return self.respond(consultation)

    @extend_schema(request=Nothing, responses=ConsultationSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, id: UUID) -> Response:
        """Undo a triage of the last minutes that had no effect: it waits for one again."""
        self.read_body(Nothing)
        version = expected_version(request)
        return self.respond(
            actions.take_back(actor=self.actor, consultation_id=id, version=version)
        )
