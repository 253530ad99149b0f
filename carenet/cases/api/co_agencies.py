"""`/cases/{case_id}/agencies/`: who leads a case, who else takes part, and how they are reached."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.agencies.api.serializers import ColleagueSerializer
from carenet.agencies.models import Agency
from carenet.audit.actions import log_read
from carenet.cases import selectors
from carenet.cases.api.notes_and_shares import OfCase
from carenet.cases.models import Case
from carenet.cases.selectors import Part


class CoAgencyContactSerializer(serializers.ModelSerializer[Agency]):
    """How an agency is reached."""

    class Meta:
        model = Agency
        fields = ["id", "kind", "name", "phone", "fax", "address", "building", "url"]
        read_only_fields = fields


class CauseSerializer(serializers.ModelSerializer[Grant]):
    """Through what an agency is in: a referral or a meeting."""

    class Meta:
        model = Grant
        fields = ["cause_kind", "cause_id", "permission", "given_at", "until"]
        read_only_fields = fields

    permission = serializers.CharField(source="permission.codename", read_only=True)


class LeadSerializer(serializers.Serializer[Any]):
    """The agency that leads, and who there is in charge."""

    agency = CoAgencyContactSerializer()
    person_in_charge = ColleagueSerializer(allow_null=True)


class PartSerializer(serializers.Serializer[Any]):
    """Another agency in the case."""

    agency = CoAgencyContactSerializer()
    supports = serializers.BooleanField(help_text="Takes part; otherwise it only reads.")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="Null: as long as its cause.")
    through = CauseSerializer(
        many=True, help_text="Shown to the lead, and to each agency its own; empty otherwise."
    )


class AgenciesSerializer(serializers.Serializer[Any]):
    """Everybody on a case."""

    lead = LeadSerializer()
    others = PartSerializer(many=True)


class CoAgenciesViewSet(OfCase):
    """Everybody on the case knows who else is, and how to reach them."""

    serializer_class = AgenciesSerializer
    abilities = {"retrieve": "cases.view"}

    @extend_schema(responses=AgenciesSerializer)
    def retrieve(self, request: Request, case_id: UUID) -> Response:
        """Read who leads the case, who supports or reads it, and until when."""
        case = self.case
        log_read("case", case.pk)
        return Response(self.get_serializer(on_the_case(self.actor, case)).data)


def on_the_case(actor: Actor, case: Case) -> dict[str, Any]:
    """Return everybody on a visible case, as far as the actor may know how they came to be there."""
    parts = selectors.parts(selectors.live_grants(case.pk))
    return {
        "lead": {"agency": case.lead_agency, "person_in_charge": case.person_in_charge},
        "others": [_shown(actor, case, part) for part in parts],
    }


def _shown(actor: Actor, case: Case, part: Part) -> dict[str, Any]:
    knows = actor.agency_id in {case.lead_agency_id, part.agency.pk}
    return {
        "agency": part.agency,
        "supports": part.supports,
        "since": part.since,
        "until": part.until,
        "through": part.grants if knows else [],
    }
