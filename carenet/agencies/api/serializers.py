"""Agencies, their members and calendars, and whoever asks, on the wire."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from carenet.agencies.actors import Actor
from carenet.agencies.models import (
    ATTRIBUTION,
    Agency,
    AgencyService,
    CalendarException,
    Capacity,
    CapacityState,
    Membership,
    Operator,
    User,
)
from carenet.agencies.roles import HUMAN_ROLES, Role
from carenet.audit.api.serializers import LogReadMixin
from carenet.rest.serializers import CompiledFields, Day, Input

ROLE_CHOICES = [(role.value, role.label) for role in Role if role in HUMAN_ROLES]


class OperatorSerializer(serializers.ModelSerializer[Operator]):
    """The corporation that runs an agency."""

    class Meta:
        model = Operator
        fields = ["id", "name", "corporate_number"]
        read_only_fields = fields


class AgencyServiceSerializer(serializers.ModelSerializer[AgencyService]):
    """A service of a care service office."""

    class Meta:
        model = AgencyService
        fields = ["name", "capacity", "weekdays", "weekdays_note"]
        read_only_fields = fields


class CapacitySerializer(serializers.ModelSerializer[Capacity]):
    """Whether an agency takes on more, as it says itself."""

    class Meta:
        model = Capacity
        fields = ["state", "closed_until", "note", "published_at"]
        read_only_fields = fields


class CapacityInput(Input):
    """What an agency says of its capacity; what is left out is empty."""

    state = serializers.ChoiceField(choices=CapacityState.choices)
    closed_until = Day(
        required=False,
        allow_null=True,
        default=None,
        help_text="The last closed day; required with “closed”, and only there.",
    )
    note = serializers.CharField(
        max_length=200, allow_blank=True, default="", help_text="Public: no word about anybody."
    )


class AgencySerializer(serializers.ModelSerializer[Agency]):
    """An agency as the directory shows it."""

    parent = serializers.UUIDField(  # type: ignore[assignment]
        source="parent_id",
        read_only=True,
        allow_null=True,
        help_text="Of a section of the ward office: which office. It opens nothing by itself.",
    )
    operator = OperatorSerializer(read_only=True, allow_null=True)
    services = AgencyServiceSerializer(many=True, read_only=True)
    capacity = CapacitySerializer(read_only=True, source="capacity_now")
    attribution = serializers.SerializerMethodField(
        help_text="Show this line wherever you show the record; null when nothing is owed."
    )

    class Meta:
        model = Agency
        fields = [
            "id", "kind", "parent", "section", "name", "name_kana", "municipality_code",
            "office_number", "address", "building", "latitude", "longitude", "phone", "fax", "url",
            "operator", "services", "capacity", "attribution",
        ]  # fmt: skip
        read_only_fields = fields

    def get_attribution(self, agency: Agency) -> str | None:
        return ATTRIBUTION if agency.shows_open_data else None


class AgencyInShortSerializer(CompiledFields, serializers.ModelSerializer[Agency]):
    """Which agency, in somebody's representation."""

    class Meta:
        model = Agency
        fields = ["id", "name", "kind"]
        read_only_fields = fields


class ColleagueSerializer(CompiledFields, serializers.ModelSerializer[User]):
    """Which colleague, in somebody's representation."""

    class Meta:
        model = User
        fields = ["id", "name"]
        read_only_fields = fields


class AccountSerializer(serializers.ModelSerializer[User]):
    """A person with an account, shown to themselves and to their own agency."""

    class Meta:
        model = User
        fields = ["id", "username", "name", "name_kana", "qualification", "is_active"]
        read_only_fields = fields


class AgencyMemberSerializer(LogReadMixin, serializers.ModelSerializer[Membership]):
    """A person's place in an agency."""

    audit_kind = "user"
    audit_id = "user_id"
    user = AccountSerializer(read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "user", "roles", "since", "until"]
        read_only_fields = fields


class RolesInput(Input):
    """What a member does in the agency."""

    roles = serializers.ListField(
        child=serializers.ChoiceField(ROLE_CHOICES), min_length=1, max_length=len(ROLE_CHOICES)
    )


class CalendarExceptionSerializer(serializers.ModelSerializer[CalendarException]):
    """A day on which an agency is closed, or open, against its rule."""

    class Meta:
        model = CalendarException
        fields = ["id", "on", "is_open", "reason"]
        read_only_fields = fields


class CalendarSerializer(serializers.ModelSerializer[Agency]):
    """When an agency works: its rule, and the exceptions to it."""

    exceptions = CalendarExceptionSerializer(many=True, read_only=True, source="exceptions_by_day")

    class Meta:
        model = Agency
        fields = ["closed_weekdays", "closed_on_holidays", "closed_at_new_year", "exceptions"]
        read_only_fields = fields


class CalendarInput(Input):
    """The parts of the rule to change."""

    closed_weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        required=False,
        max_length=7,
        help_text="Monday = 0. An agency is open on one weekday at least.",
    )
    closed_on_holidays = serializers.BooleanField(required=False)
    closed_at_new_year = serializers.BooleanField(
        required=False, help_text="29 December to 3 January."
    )


class CalendarExceptionInput(Input):
    """The day, and what is different about it."""

    on = Day()
    is_open = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=100, allow_blank=True, default="")


class OwnMembershipSerializer(serializers.ModelSerializer[Membership]):
    """An agency that the person may act for."""

    agency = AgencyInShortSerializer(read_only=True)

    class Meta:
        model = Membership
        fields = ["agency", "roles", "since"]
        read_only_fields = fields


class OwnClientSerializer(serializers.Serializer[Any]):
    """The partner's system that asks."""

    client_id = serializers.CharField()
    name = serializers.CharField()


class MeSerializer(serializers.Serializer[Any]):
    """Who asks, for which agency, and what else they could act for."""

    user = AccountSerializer(allow_null=True)
    client = OwnClientSerializer(allow_null=True)
    agency = AgencyInShortSerializer(allow_null=True)
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices))
    scopes = serializers.ListField(child=serializers.CharField())
    memberships = OwnMembershipSerializer(many=True)


class AgencyChoice(Input):
    """For which agency to act in this session."""

    agency = serializers.UUIDField()


def me(user: User | None, actor: Actor | None, memberships: list[Membership]) -> dict[str, Any]:
    """Return what `MeSerializer` shows; without an actor it is not settled who acts for whom."""
    return {
        "user": user,
        "client": actor.client if actor else None,
        "agency": actor.agency if actor else None,
        "roles": [role for role in Role if role in actor.roles] if actor else [],
        "scopes": sorted(actor.scopes) if actor else [],
        "memberships": memberships,
    }
