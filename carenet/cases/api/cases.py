"""`/cases/`: the agency's cases, next due first, and the verbs that move them."""

from __future__ import annotations

from functools import partial

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.access.selectors import key_from, key_parts
from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import ApiVerb, create_method, retrieve_method, update_method
from carenet.agencies.api.views import ActorViewSet
from carenet.cases import selectors
from carenet.cases.actions import cases, new_case, reassignments
from carenet.cases.api.serializers import (
    CaseOpening,
    CaseSerializer,
    Ending,
    Reassignment,
)
from carenet.cases.models import Case
from carenet.cases.selectors import case_list
from carenet.cases.states import OPEN, CaseStatus, CaseVerb
from carenet.rest.filters import choices_of, codes
from carenet.rest.pagination import keyset_page
from carenet.rest.serializers import Nothing

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
    }
    id_argument = "case_id"

    def queryset_for(self, actor: Actor) -> QuerySet[Case]:
        return selectors.cases(actor)

    @extend_schema(parameters=[STATUS], responses=CaseSerializer(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """List the agency's open cases, next due first."""
        statuses = choices_of(request, "status", CaseStatus) or OPEN
        return keyset_page(
            request,
            fetch=partial(case_list.case_page, self.actor, statuses=statuses),
            show=lambda rows: self.get_serializer(rows, many=True).data,
            read_key=key_from,
            write_key=key_parts,
        )

    create = create_method(
        new_case.open_case, CaseOpening, CaseSerializer, "Open a case without a consultation."
    )

    retrieve = retrieve_method("Read one case.")

    partial_update = update_method(
        cases.edit, CaseSerializer, CaseSerializer, "Change summary, plan or next action."
    )

    plan = ApiVerb(
        partial(cases.move, verb=CaseVerb.PLAN),
        Nothing,
        "From assessing to planned.",
        ability="cases.change_state",
    )
    support = ApiVerb(
        partial(cases.move, verb=CaseVerb.SUPPORT),
        Nothing,
        "From planned or monitoring to supporting.",
        ability="cases.change_state",
    )
    monitor = ApiVerb(
        partial(cases.move, verb=CaseVerb.MONITOR),
        Nothing,
        "From supporting to monitoring.",
        ability="cases.change_state",
    )
    close = ApiVerb(
        partial(cases.move, verb=CaseVerb.CLOSE),
        Ending,
        "End the case; what is open on it is settled.",
        ability="cases.change_state",
    )
    discontinue = ApiVerb(
        partial(cases.move, verb=CaseVerb.DISCONTINUE),
        Ending,
        "Break the case off; what is open on it is settled.",
        ability="cases.change_state",
    )
    reopen = ApiVerb(
        partial(cases.move, verb=CaseVerb.REOPEN),
        Nothing,
        "Take an ended case up again, from the assessment on.",
        ability="cases.change_state",
    )
    reassign = ApiVerb(
        cases.reassign,
        Reassignment,
        "Put the case into the hands of another member of the lead agency.",
        ability="cases.reassign",
    )
    take_back = ApiVerb(
        reassignments.take_back,
        Nothing,
        "Undo one's own `reassign`: what came with the case goes back, what else they have stays.",
        ability="cases.reassign",
    )
    restrict = ApiVerb(
        cases.restrict, Nothing, "Restrict the case to named members.", ability="cases.restrict"
    )
    unrestrict = ApiVerb(
        cases.unrestrict,
        Nothing,
        "Open the case to the agencies involved again.",
        ability="cases.restrict",
    )
