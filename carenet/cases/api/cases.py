"""`/cases/`: the agency's cases, next due first, and the verbs that move them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from carenet.access.selectors import key_from, key_parts
from carenet.agencies.api.views import ActorViewSet
from carenet.cases import selectors
from carenet.cases.actions import cases, new_case
from carenet.cases.api.serializers import (
    CaseOpening,
    CaseSerializer,
    Ending,
    Reassignment,
)
from carenet.cases.states import OPEN, CaseStatus, CaseVerb
from carenet.rest.etags import etag, expected_version, required_version
from carenet.rest.filters import choices_of, codes
from carenet.rest.pagination import keyset_page
from carenet.rest.serializers import Nothing

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from carenet.agencies.actors import Actor
    from carenet.cases.models import Case

STATUS = codes("status", CaseStatus.values, "One or more; the open ones without it.")


class CaseViewSet(ActorViewSet):
    """Cases that the agency leads or that are shared with it."""

    serializer_class = CaseSerializer
    filter_names = frozenset({"status"})
    abilities = {
        "list": "cases.view",
        "retrieve": "cases.view",
        "create": "cases.open",
        "partial_update": "cases.edit",
        "plan": "cases.change_state",
        "support": "cases.change_state",
        "monitor": "cases.change_state",
        "close": "cases.change_state",
        "discontinue": "cases.change_state",
        "reopen": "cases.change_state",
        "reassign": "cases.reassign",
        "restrict": "cases.restrict",
        "unrestrict": "cases.restrict",
    }

    def queryset_for(self, actor: Actor) -> QuerySet[Case]:
        return selectors.cases(actor)

    @extend_schema(parameters=[STATUS], responses=CaseSerializer(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """List the agency's open cases, next due first."""
        statuses = choices_of(request, "status", CaseStatus) or OPEN
        return keyset_page(
            request,
            fetch=partial(selectors.case_page, self.actor, statuses=statuses),
            show=lambda rows: self.get_serializer(rows, many=True).data,
            read_key=key_from,
            write_key=key_parts,
        )

    @extend_schema(request=CaseOpening, responses={201: CaseSerializer})
    def create(self, request: Request) -> Response:
        """Open a case without a consultation."""
        body = CaseOpening(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        case = new_case.open_case(actor=self.actor, **body.validated_data)
        return self._answer(case, status.HTTP_201_CREATED)

    def retrieve(self, request: Request, id: UUID) -> Response:
        """Read one case."""
        return self._answer(self.get_object())

    def partial_update(self, request: Request, id: UUID) -> Response:
        """Change summary, plan or next action."""
        version = required_version(request)
        body = self.get_serializer(self.get_object(), data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        cases.edit(actor=self.actor, case_id=id, version=version, **body.validated_data)
        return self._answer(self.get_object())

    @extend_schema(request=Nothing, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, id: UUID) -> Response:
        """From assessing to planned."""
        return self._move(request, id, CaseVerb.PLAN)

    @extend_schema(request=Nothing, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def support(self, request: Request, id: UUID) -> Response:
        """From planned or monitoring to supporting."""
        return self._move(request, id, CaseVerb.SUPPORT)

    @extend_schema(request=Nothing, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def monitor(self, request: Request, id: UUID) -> Response:
        """From supporting to monitoring."""
        return self._move(request, id, CaseVerb.MONITOR)

    @extend_schema(request=Ending, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, id: UUID) -> Response:
        """End the case; what is open on it is settled."""
        return self._move(request, id, CaseVerb.CLOSE)

    @extend_schema(request=Ending, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def discontinue(self, request: Request, id: UUID) -> Response:
        """Break the case off; what is open on it is settled."""
        return self._move(request, id, CaseVerb.DISCONTINUE)

    @extend_schema(request=Nothing, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, id: UUID) -> Response:
        """Take an ended case up again, from the assessment on."""
        return self._move(request, id, CaseVerb.REOPEN)

    @extend_schema(request=Reassignment, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def reassign(self, request: Request, id: UUID) -> Response:
        """Put the case into the hands of another member of the lead agency."""
        body = Reassignment(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        version = expected_version(request)
        cases.reassign(actor=self.actor, case_id=id, version=version, **body.validated_data)
        return self._answer(self.get_object())

    @extend_schema(request=Nothing, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def restrict(self, request: Request, id: UUID) -> Response:
        """Restrict the case to named members."""
        Nothing(data=request.data).is_valid(raise_exception=True)
        cases.restrict(actor=self.actor, case_id=id, version=expected_version(request))
        return self._answer(self.get_object())

    @extend_schema(request=Nothing, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def unrestrict(self, request: Request, id: UUID) -> Response:
        """Open the case to the agencies involved again."""
        Nothing(data=request.data).is_valid(raise_exception=True)
        cases.unrestrict(actor=self.actor, case_id=id, version=expected_version(request))
        return self._answer(self.get_object())

    def _move(self, request: Request, case_id: UUID, verb: CaseVerb) -> Response:
        ends = verb in {CaseVerb.CLOSE, CaseVerb.DISCONTINUE}
        body = (Ending if ends else Nothing)(data=request.data)
        body.is_valid(raise_exception=True)
        cases.move(
            actor=self.actor,
            case_id=case_id,
            verb=verb,
            version=expected_version(request),
            **body.validated_data,
        )
        return self._answer(self.get_object())

    def _answer(self, case: Case, code: int = status.HTTP_200_OK) -> Response:
        body = self.get_serializer(case).data
        return Response(body, status=code, headers={"ETag": etag(case)})
