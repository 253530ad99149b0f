"""`/abuse-reports/`: taking a report, and the steps that move it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from carenet.agencies.api.views import ActorViewSet
from carenet.cases import selectors
from carenet.cases.actions import abuse as actions
from carenet.cases.actions import abuse_decisions as decisions
from carenet.cases.actions.abuse_intake import report_abuse
from carenet.cases.actions.desk_calls import set_apart
from carenet.cases.api.abuse_serializers import (
    AbuseEventSerializer,
    AbuseReportInput,
    AbuseReportSerializer,
    CheckInput,
    ClosingElsewhereInput,
    ClosingInput,
    ConfirmationInput,
    DecisionInput,
    EntryInput,
    EvaluationInput,
    PersonNaming,
    ReceptionInput,
    ResponsePlanInput,
    TakingBackInput,
)
from carenet.cases.models import AbuseEvent
from carenet.cases.states.abuse import ABUSE_OPEN, AbuseStatus, Evaluation, Finding
from carenet.errors import ForAnotherDesk, NotFound
from carenet.rest.etags import etag, expected_version
from carenet.rest.filters import choices_of, codes

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from carenet.agencies.actors import Actor
    from carenet.cases.models import AbuseReport, Consultation
    from carenet.rest.serializers import Input

STATUS = codes("status", AbuseStatus.values, "One or more; the open ones without it.")


class AbuseReportViewSet(ActorViewSet):
    """Abuse reports (虐待通報) that name the reader."""

    serializer_class = AbuseReportSerializer
    filter_names = frozenset({"status"})
    #: From which consultation a report was refused that is for another desk.
    _refused: Consultation | None = None
    abilities = {
        "list": "abuse.view",
        "retrieve": "abuse.view",
        "create": "abuse.report",
        "hold_reception": "abuse.record",
        "check_facts": "abuse.record",
        "investigate_entry": "abuse.record",
        "decide": "abuse.decide",
        "confirm_decision": "abuse.confirm",
        "reject_decision": "abuse.confirm",
        "withdraw_decision": "abuse.decide",
        "plan": "abuse.record",
        "evaluate": "abuse.record",
        "close": "abuse.decide",
        "close_elsewhere": "abuse.decide",
        "name_person": "abuse.view",
    }

    def queryset_for(self, actor: Actor) -> QuerySet[AbuseReport]:
        return selectors.abuse_reports(actor)

    @extend_schema(parameters=[STATUS], responses=AbuseReportSerializer(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """List the open reports that name you, newest first."""
        statuses = choices_of(request, "status", AbuseStatus) or list(ABUSE_OPEN)
        page = self.paginate_queryset(self.get_queryset().filter(status__in=statuses))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=AbuseReportInput, responses={201: AbuseReportSerializer})
    def create(self, request: Request) -> Response:
        """Take a report; its case is restricted, and the ward office gets its part."""
        given = self._read(AbuseReportInput, request)
        case, consultation = given.pop("case"), given.pop("consultation")
        try:
            report = report_abuse(
                actor=self.actor,
                case_id=case and case.pk,
                consultation_id=consultation and consultation.pk,
                **given,
            )
        except ForAnotherDesk:
            self._refused = consultation
            raise
        return self._answer(report.pk, status.HTTP_201_CREATED)

    def _effect(self) -> Response:
        """Answer; a consultation that is for another desk is set apart, though its report is refused."""
        response = super()._effect()
        if self._refused:
            set_apart(actor=self.actor, consultation_id=self._refused.pk)
        return response

    def retrieve(self, request: Request, id: UUID) -> Response:
        """Read one report; who made it stands elsewhere."""
        return self._answer(id)

    @extend_schema(request=ReceptionInput, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"], url_path="hold-reception")
    def hold_reception(self, request: Request, id: UUID) -> Response:
        """Record the reception meeting."""
        return self._step(actions.record_reception_meeting, ReceptionInput, request, id)

    @extend_schema(request=CheckInput, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"], url_path="check-facts")
    def check_facts(self, request: Request, id: UUID) -> Response:
        """Record a fact check."""
        return self._step(actions.check_facts, CheckInput, request, id)

    @extend_schema(request=EntryInput, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"], url_path="investigate-entry")
    def investigate_entry(self, request: Request, id: UUID) -> Response:
        """Record an entry investigation: the ward office."""
        return self._step(actions.investigate_entry, EntryInput, request, id)

    @extend_schema(request=DecisionInput, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, id: UUID) -> Response:
        """Propose the finding of the core-member meeting: the ward office. Another one confirms it."""
        return self._step(decisions.propose_decision, DecisionInput, request, id)

    @extend_schema(request=ConfirmationInput, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"], url_path="confirm-decision")
    def confirm_decision(self, request: Request, id: UUID) -> Response:
        """Confirm a finding that another person proposed: from now on it is decided."""
        return self._step(decisions.confirm_decision, ConfirmationInput, request, id)

    @extend_schema(request=TakingBackInput, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"], url_path="reject-decision")
    def reject_decision(self, request: Request, id: UUID) -> Response:
        """Reject a finding that another person proposed, with the reason."""
        return self._step(decisions.reject_decision, TakingBackInput, request, id)

    @extend_schema(request=TakingBackInput, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"], url_path="withdraw-decision")
    def withdraw_decision(self, request: Request, id: UUID) -> Response:
        """Take back a finding that you proposed, with the reason."""
        return self._step(decisions.withdraw_decision, TakingBackInput, request, id)

    @extend_schema(request=ResponsePlanInput, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, id: UUID) -> Response:
        """Record the response plan."""
        return self._step(actions.plan_response, ResponsePlanInput, request, id)

    @extend_schema(request=EvaluationInput, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"])
    def evaluate(self, request: Request, id: UUID) -> Response:
        """Record what the response has come to."""
        return self._step(actions.evaluate, EvaluationInput, request, id)

    @extend_schema(request=ClosingInput, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, id: UUID) -> Response:
        """Close the report: the ward office."""
        return self._step(actions.close, ClosingInput, request, id)

    @extend_schema(request=ClosingElsewhereInput, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"], url_path="close-elsewhere")
    def close_elsewhere(self, request: Request, id: UUID) -> Response:
        """Close a report for which another desk is competent: the ward office."""
        return self._step(actions.close_elsewhere, ClosingElsewhereInput, request, id)

    @extend_schema(request=PersonNaming, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"], url_path="name")
    def name_person(self, request: Request, id: UUID) -> Response:
        """Name a person of your own agency, who then sees the report and its case."""
        actions.name_person(actor=self.actor, report_id=id, **self._read(PersonNaming, request))
        return self._answer(id)

    def _step(
        self, act: Callable[..., AbuseReport], shape: type[Input], request: Request, pk: UUID
    ) -> Response:
        given = self._read(shape, request)
        for name, code in (("finding", Finding), ("evaluation", Evaluation)):
            if name in given:
                given[name] = code(given[name])
        act(actor=self.actor, report_id=pk, version=expected_version(request), **given)
        return self._answer(pk)

    def _read(self, shape: type[Any], request: Request) -> dict[str, Any]:
        body = shape(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def _answer(self, pk: UUID, code: int = status.HTTP_200_OK) -> Response:
        report = self.still_visible(pk)
        body = self.get_serializer(report).data
        return Response(body, status=code, headers={"ETag": etag(report)})


class OfReport(ActorViewSet):
    """Base of what is reached through a visible report."""

    @property
    def report(self) -> AbuseReport:
        """The report in the address; raises `NotFound` out of reach."""
        found = selectors.abuse_reports(self.actor).filter(pk=self.kwargs["report_id"]).first()
        if found is None:
            raise NotFound
        return found

    def named(self) -> Any:
        return self.get_object() if self.lookup_url_kwarg in self.kwargs else self.report

    def _page(self, rows: QuerySet[Any]) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class AbuseEventViewSet(OfReport):
    """The story of one report."""

    serializer_class = AbuseEventSerializer
    queryset = AbuseEvent.objects.none()
    abilities = {"list": "abuse.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[AbuseEvent]:
        return selectors.abuse_events(self.report)

    def list(self, request: Request, report_id: UUID) -> Response:
        """List what happened, newest first."""
        return self._page(self.get_queryset())
