"""`/agencies/{id}/closure/`: what hangs on an agency; `/agency-closures/`: who closes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies import actions, policy
from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.members_and_calendar import OfAgency
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.api.verbs import ApiVerb, create_method, list_method, retrieve_method
from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.models import AgencyClosure, ClosureSuccessor
from carenet.agencies.selectors.closures import closures, what_hangs_on
from carenet.agencies.states import ClosureOutcome
from carenet.core.decisions import demand
from carenet.rest.serializers import Input, Nothing

#: More kinds than there are.
MOST_SUCCESSORS = 50


class KindFoundSerializer(serializers.Serializer[Any]):
    """One kind of thing that hangs on the agency."""

    kind = serializers.CharField(source="kind.name")
    kind_label = serializers.CharField(source="kind.label")
    count = serializers.IntegerField(help_text="How many there are now.")
    fate = serializers.ChoiceField(ClosureOutcome.choices, source="kind.fate")
    follows = serializers.CharField(
        source="kind.follows",
        help_text="The kind whose successor it goes to, where it has none of its own.",
    )


class ClosurePreviewSerializer(serializers.Serializer[Any]):
    """What hangs on an agency now; numbers only, nobody is named."""

    kinds = KindFoundSerializer(many=True)


class ClosurePreviewViewSet(OfAgency):
    """What hangs on an agency: for its own managers and for its ward office."""

    serializer_class = ClosurePreviewSerializer
    abilities = {"retrieve": "agencies.close"}

    @extend_schema(responses=ClosurePreviewSerializer)
    def retrieve(self, request: Request, agency_id: UUID) -> Response:
        """Count what hangs on an agency, kind by kind, and say what would become of it."""
        agency = self.agency
        demand(policy.can_prepare_closure(self.actor, agency))
        return Response(self.get_serializer({"kinds": what_hangs_on(agency)}).data)


class SuccessorSerializer(serializers.ModelSerializer[ClosureSuccessor]):
    """Which agency takes one kind over; an empty kind stands for all that have none of their own."""

    agency = AgencyInShortSerializer(read_only=True)

    class Meta:
        model = ClosureSuccessor
        fields = ["kind", "agency"]
        read_only_fields = fields


class ClosureSerializer(serializers.ModelSerializer[AgencyClosure]):
    """A closure: where it stands, who is behind it, and who takes over."""

    agency = AgencyInShortSerializer(read_only=True)
    proposed_by = ColleagueSerializer(read_only=True, allow_null=True)
    proposed_by_agency = AgencyInShortSerializer(read_only=True, allow_null=True)
    confirmed_by = ColleagueSerializer(read_only=True, allow_null=True)
    confirmed_by_agency = AgencyInShortSerializer(read_only=True, allow_null=True)
    successors = SuccessorSerializer(many=True, read_only=True)

    class Meta:
        model = AgencyClosure
        fields = [
            "id", "agency", "state", "reason", "suggested_at",
            "proposed_at", "proposed_by", "proposed_by_agency",
            "confirmed_at", "confirmed_by", "confirmed_by_agency", "ended_at", "successors",
        ]  # fmt: skip
        read_only_fields = fields


class SuccessorInput(Input):
    """Which agency takes one kind over."""

    kind = serializers.CharField(max_length=40)
    agency = VisibleField(policy.visible_to)


class ClosureInput(Input):
    """Which agency closes, why, and who takes over what hangs on it."""

    agency = VisibleField(policy.visible_to)
    reason = serializers.CharField(max_length=2000)
    successor = VisibleField(
        policy.visible_to,
        required=False,
        help_text="Takes over every kind for which `successors` names nobody.",
    )
    successors = serializers.ListField(
        child=SuccessorInput(), required=False, max_length=MOST_SUCCESSORS
    )

    def validate_successors(self, value: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the agencies by kind; each kind once."""
        by_kind = {each["kind"]: each["agency"] for each in value}
        if len(by_kind) < len(value):
            raise serializers.ValidationError(_("Name each kind once."))
        return by_kind


class WithdrawalInput(Input):
    """Why it does not close."""

    reason = serializers.CharField(max_length=500)


class ClosureViewSet(ActorViewSet):
    """Closures of agencies: proposed by one person, confirmed by another, then carried out."""

    serializer_class = ClosureSerializer
    queryset = AgencyClosure.objects.none()
    abilities = dict.fromkeys(["list", "retrieve", "create"], "agencies.close")
    id_argument = "closure_id"

    def queryset_for(self, actor: Actor) -> QuerySet[AgencyClosure]:
        return closures(actor)

    list = list_method("List the closures in which the actor has a part, newest first.")

    retrieve = retrieve_method("Read one closure.")

    create = create_method(
        actions.propose_closure,
        ClosureInput,
        ClosureSerializer,
        "Propose to close an agency; nothing changes until a second person confirms it.",
        looked_up=True,
    )

    confirm = ApiVerb(
        actions.confirm_closure,
        Nothing,
        "Agree, as the second person: the agency takes part no more, and its things pass on.",
        ability="agencies.close",
    )
    withdraw = ApiVerb(
        actions.withdraw_closure,
        WithdrawalInput,
        "Call it off, as long as nobody has confirmed it.",
        ability="agencies.close",
    )
