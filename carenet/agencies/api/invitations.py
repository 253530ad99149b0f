"""`/agencies/{id}/invitations/` for managers, `/me/invitations/` for whoever is invited."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies import actions, policy, selectors
from carenet.agencies.actors import Actor
from carenet.agencies.api.me import MeViewSet
from carenet.agencies.api.members_and_calendar import OfAgency
from carenet.agencies.api.serializers import (
    ROLE_CHOICES,
    AgencyInShortSerializer,
    ColleagueSerializer,
    RolesInput,
)
from carenet.agencies.api.verbs import list_method
from carenet.agencies.models import Invitation, InvitationState, User
from carenet.audit.actions import log_read
from carenet.core.decisions import demand
from carenet.core.errors import Forbidden
from carenet.rest.etags import expected_version
from carenet.rest.serializers import Input


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """An invitation as the inviting agency sees it: never whether anybody bears the name."""

    roles = serializers.ListField(child=serializers.ChoiceField(ROLE_CHOICES), read_only=True)
    state = serializers.ChoiceField(InvitationState.choices, read_only=True)

    class Meta:
        model = Invitation
        fields = ["id", "username", "roles", "made_at", "until", "state", "answered_at"]
        read_only_fields = fields


class OwnInvitationSerializer(serializers.ModelSerializer[Invitation]):
    """An invitation as the invited sees it: to where, by whom, for what."""

    agency = AgencyInShortSerializer(read_only=True)
    invited_by = ColleagueSerializer(
        read_only=True, allow_null=True, help_text="null: the operator of the service."
    )
    roles = serializers.ListField(child=serializers.ChoiceField(ROLE_CHOICES), read_only=True)
    state = serializers.ChoiceField(InvitationState.choices, read_only=True)

    class Meta:
        model = Invitation
        fields = ["id", "agency", "invited_by", "roles", "made_at", "until", "state"]
        read_only_fields = fields

    def to_representation(self, invitation: Invitation) -> dict[str, Any]:
        if invitation.invited_by_id:
            log_read("user", invitation.invited_by_id)
        return super().to_representation(invitation)


class InvitationInput(RolesInput):
    """Whom to invite, by the name under which they sign in."""

    username = serializers.CharField(max_length=150)


class InvitationViewSet(OfAgency):
    """Whom an agency has invited: for its managers alone."""

    serializer_class = InvitationSerializer
    queryset = Invitation.objects.none()
    abilities = {
        "list": "agencies.manage_members",
        "create": "agencies.manage_members",
        "agree": "agencies.manage_members",
        "withdraw": "agencies.manage_members",
    }

    def queryset_for(self, actor: Actor) -> QuerySet[Invitation]:
        demand(policy.can_manage_members(actor, self.agency))
        return selectors.invitations(actor)

    list = list_method("List the invitations, the last first, with what became of each.")

    @extend_schema(request=InvitationInput, responses={201: InvitationSerializer})
    def create(self, request: Request, agency_id: UUID) -> Response:
        """Invite somebody by user name; the answer is the same whether anybody bears it or not."""
        agency = self.agency
        demand(policy.can_manage_members(self.actor, agency))
        invitation = actions.invite(
            actor=self.actor, agency=agency, **self.read_body(InvitationInput)
        )
        return self.respond(invitation, status.HTTP_201_CREATED)

    @extend_schema(request=Input, responses=InvitationSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, agency_id: UUID, id: UUID) -> Response:
        """Agree to the auditor whom the operator of the service proposes: two people make one."""
        self.read_body(Input)
        agreed = actions.agree_to_auditor(
            actor=self.actor, invitation=self.get_object(), version=expected_version(request)
        )
        return self.respond(agreed)

    @extend_schema(request=Input, responses=InvitationSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, agency_id: UUID, id: UUID) -> Response:
        """Take an invitation back before it is answered."""
        self.read_body(Input)
        withdrawn = actions.withdraw_invitation(
            actor=self.actor, invitation=self.get_object(), version=expected_version(request)
        )
        return self.respond(withdrawn)


class OwnInvitationViewSet(MeViewSet):
    """The invitations that wait for oneself, for whichever agency one acts, or for none yet."""

    serializer_class = OwnInvitationSerializer  # type: ignore[assignment]
    queryset = Invitation.objects.none()

    def get_queryset(self) -> QuerySet[Invitation]:
        user = self.request.user
        return selectors.invitations_for(user) if isinstance(user, User) else self.queryset.none()

    def replay_queryset(self) -> QuerySet[Invitation]:
        return selectors.invitations_answered_by(_person(self.request))

    @extend_schema(responses=OwnInvitationSerializer(many=True))
    def list(self, request: Request) -> Response:
        """List the invitations that you may accept or decline."""
        _person(request)
        return self.page_of(self.get_queryset())

    @extend_schema(responses=OwnInvitationSerializer)
    def retrieve(self, request: Request, id: UUID) -> Response:  # type: ignore[override]
        """Read one of the invitations that you may accept or decline."""
        _person(request)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=Input, responses=OwnInvitationSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, id: UUID) -> Response:
        """Become a member of the agency, in the roles that it offers."""
        return self._answer_by(actions.accept_invitation, request)

    @extend_schema(request=Input, responses=OwnInvitationSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, id: UUID) -> Response:
        """Refuse the invitation; the agency sees that you have."""
        return self._answer_by(actions.decline_invitation, request)

    def _answer_by(self, answer: Any, request: Request) -> Response:
        user = _person(request)
        self.read_body(Input)
        answered = answer(user=user, invitation=self.get_object())
        return Response(self.get_serializer(answered).data)


def _person(request: Request) -> User:
    if not isinstance(request.user, User):
        raise Forbidden(
            _("A client is invited nowhere: it belongs to one agency."),
            basis=_("A session of a person."),
            code="not_a_person",
        )
    return request.user
