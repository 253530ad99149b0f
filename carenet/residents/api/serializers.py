"""A person on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework import serializers

from carenet.audit.actions import saw
from carenet.residents.models import Resident
from carenet.residents.policy import can_see_address
from carenet.rest.serializers import StrictFields

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor


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
            "address", "address_protected", "address_hidden", "phone",
            "registered_by", "registered_at", "ended_because", "ended_on",
        ]  # fmt: skip
        read_only_fields = [
            "birth_precision", "registered_by", "registered_at", "ended_because", "ended_on",
        ]  # fmt: skip

    def get_address_hidden(self, resident: Resident) -> bool:
        return not can_see_address(self._actor, resident)

    def to_representation(self, resident: Resident) -> dict[str, Any]:
        saw("resident", resident.pk)
        shown = super().to_representation(resident)
        if shown["address_hidden"]:
            shown["address"] = None
        return shown

    @property
    def _actor(self) -> Actor:
        actor: Actor = self.context["request"].actor
        return actor


class PersonSerializer(serializers.ModelSerializer[Resident]):
    """Who it is, in somebody's list: name and kana."""

    class Meta:
        model = Resident
        fields = ["id", "name", "kana"]
        read_only_fields = fields

    def to_representation(self, resident: Resident) -> dict[str, Any]:
        saw("resident", resident.pk)
        return super().to_representation(resident)
