"""What hangs on a person, on the wire."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.models import AgencyKind
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.audit.api.serializers import LogReadMixin
from carenet.residents.api.serializers import PersonSerializer
from carenet.residents.models import (
    CareLevel,
    Certification,
    Consent,
    ConsentMethod,
    ConsentPole,
    ConsentWithdrawal,
    Contact,
    DementiaLevel,
    EndedBecause,
    Household,
    HouseholdMember,
    HouseholdRole,
    InformationCategory,
)
from carenet.residents.policy import visible_to
from carenet.rest.serializers import Day, Input, StrictFields

#: More agencies than this by name are a kind of agency.
MOST_AGENCIES = 50


class ContactSerializer(LogReadMixin, StrictFields, serializers.ModelSerializer[Contact]):
    """Somebody to call, and until when that is believed."""

    audit_kind = "contact"

    class Meta:
        model = Contact
        fields = [
            "id", "name", "relationship", "phone", "is_key_person", "is_emergency_contact",
            "holds_key", "note", "confirmed_on", "expires_on", "ended_at",
        ]  # fmt: skip
        read_only_fields = ["confirmed_on", "expires_on", "ended_at"]


class Confirmation(Input):
    """From when a contact is believed (today), and until when (a year)."""

    confirmed_on = Day(required=False, allow_null=True, default=None)
    expires_on = Day(required=False, allow_null=True, default=None)


class ContactInput(ContactSerializer):
    """A new contact."""

    confirmed_on = Day(required=False, allow_null=True, default=None)
    expires_on = Day(required=False, allow_null=True, default=None)

    class Meta(ContactSerializer.Meta):
        read_only_fields = ["ended_at"]


class CertificationSerializer(
    LogReadMixin, StrictFields, serializers.ModelSerializer[Certification]
):
    """A care certification."""

    audit_kind = "certification"
    care_level = serializers.ChoiceField(choices=CareLevel.choices)
    dementia_level = serializers.ChoiceField(
        choices=DementiaLevel.choices, required=False, allow_blank=True, default=""
    )
    insurer = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=6,
        validators=[RegexValidator(r"^[0-9]{6}$", _("Give the six digits of the insurer."))],
    )
    recorded_by = AgencyInShortSerializer(read_only=True)

    class Meta:
        model = Certification
        fields = [
            "id", "care_level", "dementia_level", "certified_from", "certified_until", "insurer",
            "recorded_by", "recorded_at",
        ]  # fmt: skip
        read_only_fields = ["recorded_at"]


class WithdrawalSerializer(serializers.ModelSerializer[ConsentWithdrawal]):
    """How a consent came to its end."""

    recorded_by = AgencyInShortSerializer(read_only=True)

    class Meta:
        model = ConsentWithdrawal
        fields = ["withdrawn_on", "method", "note", "recorded_by", "recorded_at"]
        read_only_fields = fields


class ConsentSerializer(LogReadMixin, serializers.ModelSerializer[Consent]):
    """A word of the person: to whom, about what, and whether it still holds."""

    audit_kind = "consent"
    agencies = serializers.ListField(child=serializers.UUIDField(), help_text="Agency ids.")
    agency_kinds = serializers.ListField(child=serializers.ChoiceField(AgencyKind.choices))
    categories = serializers.ListField(child=serializers.ChoiceField(InformationCategory.choices))
    recorded_by = AgencyInShortSerializer(read_only=True)
    recorded_by_person = ColleagueSerializer(read_only=True, allow_null=True)
    is_live = serializers.BooleanField(read_only=True, help_text="Neither withdrawn nor run out.")
    withdrawal = WithdrawalSerializer(read_only=True, allow_null=True, default=None)

    class Meta:
        model = Consent
        fields = [
            "id", "pole", "agencies", "agency_kinds", "categories", "stated_on", "method", "note",
            "given_by", "expires_on", "is_live", "recorded_by", "recorded_by_person", "recorded_at",
            "withdrawal",
        ]  # fmt: skip
        read_only_fields = fields


class ConsentInput(Input):
    """What the person said: to agencies by name, by kind, or both."""

    pole = serializers.ChoiceField(choices=ConsentPole.choices)
    agencies = VisibleField(visible_agencies, many=True, required=False, default=list)
    agency_kinds = serializers.MultipleChoiceField(
        choices=AgencyKind.choices, required=False, default=set
    )
    categories = serializers.MultipleChoiceField(
        choices=InformationCategory.choices, allow_empty=False
    )
    method = serializers.ChoiceField(choices=ConsentMethod.choices)
    stated_on = Day(required=False, allow_null=True, default=None)
    expires_on = Day(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    given_by = serializers.CharField(
        max_length=100, required=False, allow_blank=True, default="", help_text="Who said it."
    )


class Withdrawal(Input):
    """When and how the person took it back."""

    withdrawn_on = Day(required=False, allow_null=True, default=None)
    method = serializers.ChoiceField(choices=ConsentMethod.choices)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class MemberOfHouseholdSerializer(serializers.ModelSerializer[HouseholdMember]):
    """A person's time in a household."""

    resident = PersonSerializer(read_only=True)

    class Meta:
        model = HouseholdMember
        fields = ["id", "resident", "role", "since", "until"]
        read_only_fields = fields


class HouseholdSerializer(LogReadMixin, serializers.ModelSerializer[Household]):
    """A household: those of its members whom you may see. There may be others."""

    audit_kind = "household"
    members = MemberOfHouseholdSerializer(many=True, read_only=True)

    class Meta:
        model = Household
        fields = ["id", "members"]
        read_only_fields = fields


class Joining(Input):
    """Who lives there, as what, since when."""

    resident = VisibleField(visible_to)
    role = serializers.ChoiceField(choices=HouseholdRole.choices)
    since = Day(required=False, allow_null=True, default=None)


class Leaving(Input):
    """The last day there; today without it."""

    until = Day(required=False, allow_null=True, default=None)


class RecordEnding(Input):
    """Why a person's record ends, and on which day that was."""

    reason = serializers.ChoiceField(choices=EndedBecause.choices)
    on = Day()
