"""`/agencies/{id}/members/{id}/hand-out-code/`: what opens a password or an authenticator once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.accounts.actions.sign_in import hand_out_code
from carenet.accounts.models import HANDED_OUT, CodePurpose
from carenet.agencies.api.members_and_calendar import AgencyMemberViewSet
from carenet.core.models import check_version
from carenet.rest.etags import expected_version
from carenet.rest.serializers import Input


class CodePurposeInput(Input):
    """What the code is to open."""

    purpose = serializers.ChoiceField([(each.value, each.label) for each in HANDED_OUT])


class HandedOutCodeSerializer(serializers.Serializer[Any]):
    """A code that is shown once; whoever gets it uses it once, within so many days."""

    code = serializers.CharField()
    days = serializers.IntegerField()


class HandedOutCodeViewSet(AgencyMemberViewSet):
    """A member, as the manager sees them who hands them a code."""

    abilities = {"hand_out": "agencies.manage_members"}

    @extend_schema(request=CodePurposeInput, responses={201: HandedOutCodeSerializer})
    def hand_out(self, request: Request, agency_id: UUID, id: UUID) -> Response:
        """Hand out a code for a password or an authenticator; it is shown once and works once."""
        given = self.read_body(CodePurposeInput)
        version = expected_version(request)
        member = self.get_object()
        check_version(member, version)
        code = hand_out_code(
            actor=self.actor, user=member.user, membership=member,
            purpose=CodePurpose(given["purpose"]),
        )  # fmt: skip
        shown = HandedOutCodeSerializer({"code": code, "days": settings.SIGN_IN_CODE_DAYS}).data
        return Response(shown, status=status.HTTP_201_CREATED)
