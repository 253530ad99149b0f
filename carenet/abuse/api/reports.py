"""`/abuse-reports/`: taking a report, and the steps that move it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.abuse import selectors
from carenet.abuse.actions import decisions
from carenet.abuse.actions import report as actions
from carenet.abuse.actions.intake import report_abuse
from carenet.abuse.api.serializers import (
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
from carenet.abuse.models import AbuseEvent, AbuseReport
from carenet.abuse.states import (
    ABUSE_MOVES,
    ABUSE_OPEN,
    AbuseStatus,
    AbuseVerb,
    Evaluation,
    Finding,
)
from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import ApiVerb, list_method, retrieve_method
from carenet.agencies.api.views import ActorViewSet
from carenet.cases.actions.consultation_readers import set_apart
from carenet.cases.models import Consultation
from carenet.core.errors import ForAnotherDesk
from carenet.core.models import get_visible
from carenet.rest.filters import choices_of, codes

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
        "name_person": "abuse.view",
    }
    id_argument = "report_id"
    verb_abilities = {verb.value: move.ability for verb, move in ABUSE_MOVES.items()}

    def queryset_for(self, actor: Actor) -> QuerySet[AbuseReport]:
        return selectors.abuse_reports(actor)

    @extend_schema(parameters=[STATUS], responses=AbuseReportSerializer(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """List the open reports that name you, newest first."""
        statuses = choices_of(request, "status", AbuseStatus) or list(ABUSE_OPEN)
        return self.page_of(self.get_queryset().filter(status__in=statuses))

    @extend_schema(request=AbuseReportInput, responses={201: AbuseReportSerializer})
    def create(self, request: Request) -> Response:
        """Take a report; its case is restricted, and the ward office gets its part."""
        given = self.read_body(AbuseReportInput)
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
        return self.respond_visible(report.pk, status.HTTP_201_CREATED)

    def _effect(self) -> Response:
        """Answer; a consultation that is for another desk is set apart, though its report is refused."""
        response = super()._effect()
        if self._refused:
            set_apart(actor=self.actor, consultation_id=self._refused.pk)
        return response

    retrieve = retrieve_method("Read one report; who made it stands elsewhere.")

    def read_body(self, *args: Any, **options: Any) -> dict[str, Any]:
        given = super().read_body(*args, **options)
        for name, code in (("finding", Finding), ("evaluation", Evaluation)):
            if name in given:
                given[name] = code(given[name])
        return given

    hold_reception = ApiVerb(
        actions.record_reception_meeting, ReceptionInput, "Record the reception meeting."
    )
    check_facts = ApiVerb(actions.check_facts, CheckInput, "Record a fact check.")
    investigate_entry = ApiVerb(
        actions.investigate_entry, EntryInput, "Record an entry investigation: the ward office."
    )
    decide = ApiVerb(
        decisions.propose_decision,
        DecisionInput,
        "Propose the finding of the core-member meeting: the ward office. Another one confirms it.",
        verb=AbuseVerb.PROPOSE_DECISION,
    )
    confirm_decision = ApiVerb(
        decisions.confirm_decision,
        ConfirmationInput,
        "Confirm a finding that another person proposed: from now on it is decided.",
        verb=AbuseVerb.DECIDE,
    )
    reject_decision = ApiVerb(
        decisions.reject_decision,
        TakingBackInput,
        "Reject a finding that another person proposed, with the reason.",
    )
    withdraw_decision = ApiVerb(
        decisions.withdraw_decision,
        TakingBackInput,
        "Take back a finding that you proposed, with the reason.",
    )
    plan = ApiVerb(actions.plan_response, ResponsePlanInput, "Record the response plan.")
    evaluate = ApiVerb(actions.evaluate, EvaluationInput, "Record what the response has come to.")
    close = ApiVerb(actions.close, ClosingInput, "Close the report: the ward office.")
    close_elsewhere = ApiVerb(
        actions.close_elsewhere,
        ClosingElsewhereInput,
        "Close a report for which another desk is competent: the ward office.",
    )

    @extend_schema(request=PersonNaming, responses=AbuseReportSerializer)
    @action(detail=True, methods=["post"], url_path="name")
    def name_person(self, request: Request, id: UUID) -> Response:
        """Name a person of your own agency, who then sees the report and its case."""
        actions.name_person(actor=self.actor, report_id=id, **self.read_body(PersonNaming))
        return self.respond_visible(id)


class OfReport(ActorViewSet):
    """Base of what is reached through a visible report."""

    @property
    def report(self) -> AbuseReport:
        """The report in the address; raises `NotFound` out of reach."""
        return get_visible(selectors.abuse_reports(self.actor), pk=self.kwargs["report_id"])

    def named(self) -> Any:
        return self.get_object() if self.lookup_url_kwarg in self.kwargs else self.report


class AbuseEventViewSet(OfReport):
    """The story of one report."""

    serializer_class = AbuseEventSerializer
    queryset = AbuseEvent.objects.none()
    abilities = {"list": "abuse.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[AbuseEvent]:
        return selectors.abuse_events(self.report)

    list = list_method("List what happened, newest first.")
