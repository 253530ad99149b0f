"""A person on the wire."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from carenet.agencies.actors import Actor
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.audit.actions import log_read
from carenet.audit.api.serializers import LogReadMixin
from carenet.residents.models import ConsentMethod, Resident
from carenet.residents.policy import can_see_address
from carenet.rest.serializers import Day, Input, StrictFields


class ResidentSerializer(StrictFields, serializers.ModelSerializer[Resident]):
    """The record; a protected address is null for all who lack the right."""

    address_hidden = serializers.SerializerMethodField(
        help_text="True when there is a protected address that you may not see."
    )
    birth_year = serializers.IntegerField(
        required=False,
        allow_null=True,
        validators=[MinValueValidator(1), MaxValueValidator(9999)],
    )

    class Meta:
        model = Resident
        fields = [
            "id", "family_name", "given_name", "family_kana", "given_kana",
            "birth_precision", "birth_date", "birth_year",
            "address", "address_protected", "address_hidden", "phone", "insured_number",
            "registered_by", "registered_at", "ended_because", "ended_on",
        ]  # fmt: skip
        read_only_fields = [
            "birth_precision", "registered_by", "registered_at", "ended_because", "ended_on",
        ]  # fmt: skip

    def get_address_hidden(self, resident: Resident) -> bool:
        return not can_see_address(self._actor, resident)

    def to_representation(self, resident: Resident) -> dict[str, Any]:
        log_read("resident", resident.pk)
        shown = super().to_representation(resident)
        if shown["address_hidden"]:
            shown["address"] = None
        return shown

    @property
    def _actor(self) -> Actor:
        actor: Actor = self.context["request"].actor
        return actor


class DownloadSerializer(serializers.Serializer[Any]):
    """Somebody who has taken a file along, and when."""

    user = ColleagueSerializer()
    agency = AgencyInShortSerializer()
    at = serializers.DateTimeField()


class CorrectionSerializer(ResidentSerializer):
    """The record as it was corrected, and what to know about that."""

    downloads = serializers.SerializerMethodField(
        help_text="Where the address is protected from now on: who has downloaded a file with it."
    )

    class Meta(ResidentSerializer.Meta):
        fields = [*ResidentSerializer.Meta.fields, "downloads"]

    @extend_schema_field(DownloadSerializer(many=True))
    def get_downloads(self, _resident: Resident) -> Any:
        return DownloadSerializer(self.context.get("downloads", []), many=True).data


class RegistrationSerializer(ResidentSerializer):
    """A new record; somebody who is probably there already needs a word why this is another person."""

    confirmed_new = serializers.BooleanField(
        default=False, write_only=True, help_text="You have looked at the likely matches."
    )
    confirmed_because = serializers.CharField(
        required=False,
        write_only=True,
        max_length=500,
        help_text="Why this is another person; with confirmed_new.",
    )

    class Meta(ResidentSerializer.Meta):
        fields = [*ResidentSerializer.Meta.fields, "confirmed_new", "confirmed_because"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        because = attrs.pop("confirmed_because", "")
        if attrs.pop("confirmed_new") and not because:
            raise serializers.ValidationError(
                {"confirmed_because": _("Say why this is another person.")}
            )
        return {**attrs, "new_because": because}


class PersonSerializer(LogReadMixin, serializers.ModelSerializer[Resident]):
    """Who it is, in somebody's list: name and kana."""

    audit_kind = "resident"

    class Meta:
        model = Resident
        fields = ["id", "name", "kana"]
        read_only_fields = fields


class SaidInput(Input):
    """A consent that is written down in the same breath: how, when, and by whom it was given."""

    method = serializers.ChoiceField(choices=ConsentMethod.choices)
    given_by = serializers.CharField(
        max_length=100, help_text="Who said it: the person, or who may speak for them."
    )
    stated_on = Day(required=False, help_text="Today without it.")
    expires_on = Day(required=False, help_text="The last day on which it holds.")
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
