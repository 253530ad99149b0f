"""`/agencies/{id}/settings/` and `/me/notifications/`: how an agency and a person are told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies import actions, policy
from carenet.agencies.api.me import MeViewSet
from carenet.agencies.api.members_and_calendar import OfAgency
from carenet.agencies.models import Agency, User
from carenet.audit.actions import current_context
from carenet.core.decisions import demand
from carenet.core.errors import Forbidden
from carenet.rest.etags import required_version
from carenet.rest.serializers import Input


@extend_schema_field(
    {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "example": "20:30"}
)
class TimeOfDay(serializers.TimeField):
    """A time on the clocks of Tokyo, to the minute."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **kwargs)


class AgencySettingsSerializer(serializers.ModelSerializer[Agency]):
    """How an agency is told of what waits."""

    quiet_from = TimeOfDay(read_only=True, allow_null=True)
    quiet_until = TimeOfDay(read_only=True, allow_null=True)
    digest_at = TimeOfDay(read_only=True)

    class Meta:
        model = Agency
        fields = ["quiet_from", "quiet_until", "by_email", "digest", "digest_at"]
        read_only_fields = fields


class AgencySettingsInput(Input):
    """The parts to change."""

    quiet_from = TimeOfDay(
        required=False,
        allow_null=True,
        help_text="From here on nothing rings, until `quiet_until`, which may be on the next day.",
    )
    quiet_until = TimeOfDay(required=False, allow_null=True)
    by_email = serializers.BooleanField(
        required=False, help_text="Whether its people get mails at all; the inbox they always have."
    )
    digest = serializers.BooleanField(
        required=False,
        help_text="One mail a day instead of single ones, for whoever has not chosen otherwise.",
    )
    digest_at = TimeOfDay(required=False, help_text="When it goes out, on working days.")


class NotificationsSerializer(serializers.ModelSerializer[User]):
    """How a person is told of what waits for them."""

    class Meta:
        model = User
        fields = ["language", "email", "by_email", "digest"]
        read_only_fields = fields


class NotificationsInput(Input):
    """The whole choice."""

    language = serializers.ChoiceField(settings.LANGUAGES)
    email = serializers.EmailField(
        max_length=254,
        allow_blank=True,
        required=False,
        help_text="Only as it is: another address is asked for at `/me/email/`.",
    )
    by_email = serializers.BooleanField()
    digest = serializers.BooleanField(
        allow_null=True,
        help_text="One mail a day instead of single ones; null: as the agency does.",
    )


class AgencySettingsViewSet(OfAgency):
    """How an agency is told: for its own people to see, for its managers to change."""

    serializer_class = AgencySettingsSerializer
    abilities = {
        "retrieve": "agencies.view_settings",
        "partial_update": "agencies.manage_settings",
    }

    @extend_schema(responses=AgencySettingsSerializer)
    def retrieve(self, request: Request, agency_id: UUID) -> Response:
        """Read quiet hours, ringing channels and the digest."""
        agency = self.agency
        demand(policy.can_view_settings(self.actor, agency))
        return self.respond(agency)

    @extend_schema(request=AgencySettingsInput, responses=AgencySettingsSerializer)
    def partial_update(self, request: Request, agency_id: UUID) -> Response:
        """Change what is sent; the `ETag` is the agency's."""
        version = required_version(request)
        agency = self.agency
        changed = actions.set_settings(
            actor=self.actor, agency=agency, version=version, **self.read_body(AgencySettingsInput)
        )
        return self.respond(changed)


class NotificationsViewSet(MeViewSet):
    """One's own choice, for all agencies that one belongs to."""

    serializer_class = NotificationsSerializer  # type: ignore[assignment]

    @extend_schema(responses=NotificationsSerializer)
    def retrieve(self, request: Request) -> Response:
        """Read how you are told of what waits for you."""
        return Response(self.get_serializer(_person(request)).data)

    @extend_schema(request=NotificationsInput, responses=NotificationsSerializer)
    def replace(self, request: Request) -> Response:
        """Choose how you are told."""
        user = _person(request)
        given = self.read_body(NotificationsInput)
        who = current_context().who
        chosen = actions.choose_notifications(who=who, user=user, **given)
        return Response(self.get_serializer(chosen).data)


def _person(request: Request) -> User:
    if not isinstance(request.user, User):
        raise Forbidden(
            _("A client gets no mails; there is nothing to choose."),
            basis=_("A session of a person."),
            code="not_a_person",
        )
    return request.user
