"""What is asked about referrals beside their own list: duplicates, and those of one case."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.verbs import list_method
from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.cases.policy import visible_to as visible_cases
from carenet.core.errors import Invalid
from carenet.core.models import get_visible
from carenet.referrals import selectors
from carenet.referrals.api.serializers import ReferralSerializer
from carenet.referrals.models import Need, Referral
from carenet.residents.policy import visible_to as visible_residents
from carenet.rest.serializers import Input

#: More live ones of one person, need and receiver than anybody will ever look through.
MOST_SHOWN = 50


class DuplicateQuestion(Input):
    """What is about to be asked, of whom, and for whom."""

    case = VisibleField(
        visible_cases, required=False, allow_null=True, help_text="Either the case …"
    )
    resident = VisibleField(
        visible_residents, required=False, allow_null=True, help_text="… or the person."
    )
    receiver = VisibleField(visible_agencies)
    need = serializers.ChoiceField(choices=Need.choices)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        case, resident = given.pop("case", None), given.pop("resident", None)
        if (case is None) == (resident is None):
            raise Invalid({"case": _("Name either the case or the person.")})
        given["resident"] = case.resident_id if case else resident.pk
        return given


class Duplicates(serializers.Serializer[Any]):
    """The live referrals that ask the same, as far as one may see them."""

    results = ReferralSerializer(many=True)


class DuplicateViewSet(ActorViewSet):
    """Whether the same has been asked already: to be looked at before a form is filled in."""

    serializer_class = Duplicates
    queryset = Referral.objects.none()
    abilities = {"find": "referrals.draft"}
    asking = frozenset({"find"})

    def queryset_for(self, actor: Actor) -> QuerySet[Referral]:
        return selectors.referrals(actor)

    @extend_schema(request=DuplicateQuestion, responses=Duplicates)
    def find(self, request: Request) -> Response:
        """Show the live referrals of a person that ask a receiver for the same, newest first."""
        given = self.read_body(DuplicateQuestion)
        found = selectors.duplicates(
            self.actor,
            resident_id=given["resident"],
            receivers=[given["receiver"].pk],
            need=given["need"],
        )
        return Response(self.get_serializer({"results": found.order_by("-pk")[:MOST_SHOWN]}).data)


class CaseReferralViewSet(ActorViewSet):
    """The referrals of a case that one sees, as far as one has a part in them."""

    serializer_class = ReferralSerializer
    queryset = Referral.objects.none()
    abilities = {"list": "referrals.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[Referral]:
        case = get_visible(visible_cases(actor), pk=self.kwargs["case_id"])
        return selectors.of_case(actor, case)

    list = list_method("List the referrals of a case, the newest first; ended ones too.")
