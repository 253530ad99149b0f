"""Who lives with whom: `/households/`, and those of one person."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import list_method, retrieve_method
from carenet.agencies.api.views import ActorViewSet
from carenet.core.models import get_visible
from carenet.residents import actions, selectors
from carenet.residents.api.contacts_and_consents import OfResident
from carenet.residents.api.nested_serializers import (
    HouseholdSerializer,
    Joining,
    Leaving,
    MemberOfHouseholdSerializer,
)
from carenet.residents.models import Household, HouseholdMember


class HouseholdViewSet(ActorViewSet):
    """Households, as far as their members are visible. There is no list of all of them."""

    serializer_class = HouseholdSerializer
    queryset = Household.objects.none()
    abilities = {"retrieve": "residents.view_details", "create": "residents.edit"}

    def queryset_for(self, actor: Actor) -> QuerySet[Household]:
        return selectors.households(actor)

    @extend_schema(request=Joining, responses={201: HouseholdSerializer})
    def create(self, request: Request) -> Response:
        """Begin a household with its first member."""
        member = actions.found_household(actor=self.actor, **self.read_body(Joining))
        shown = self.get_serializer(self.still_visible(member.household_id)).data
        return Response(shown, status=status.HTTP_201_CREATED)

    retrieve = retrieve_method(
        "Read a household: the members whom you may see, with those who have left."
    )


class HouseholdMemberViewSet(ActorViewSet):
    """The members of a visible household."""

    serializer_class = MemberOfHouseholdSerializer
    queryset = HouseholdMember.objects.none()
    abilities = {"create": "residents.edit", "end": "residents.edit"}

    def queryset_for(self, actor: Actor) -> QuerySet[HouseholdMember]:
        return selectors.members(actor).filter(household=self.kwargs["household_id"])

    @extend_schema(request=Joining, responses={201: MemberOfHouseholdSerializer})
    def create(self, request: Request, household_id: UUID) -> Response:
        """Put a person into the household."""
        household = get_visible(selectors.households(self.actor), pk=household_id)
        member = actions.join_household(
            actor=self.actor, household=household, **self.read_body(Joining)
        )
        shown = self.get_serializer(self.still_visible(member.pk)).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(request=Leaving, responses=MemberOfHouseholdSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, household_id: UUID, id: UUID) -> Response:
        """Say that a member does not live there any more."""
        actions.leave_household(
            actor=self.actor, household_id=household_id, member_id=id, **self.read_body(Leaving)
        )
        return Response(self.get_serializer(self.get_object()).data)


class HouseholdsOfResidentViewSet(OfResident):
    """The households of a person, present and past."""

    serializer_class = HouseholdSerializer
    queryset = Household.objects.none()
    abilities = {"list": "residents.view_details"}

    def queryset_for(self, actor: Actor) -> QuerySet[Household]:
        lived_in = selectors.members(actor, self.resident)
        return selectors.households(actor).filter(pk__in=lived_in.values("household"))

    list = list_method("List the households in which a person lives or has lived, newest first.")
