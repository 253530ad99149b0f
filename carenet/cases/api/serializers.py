"""Cases, notes, shares and members on the wire."""

from __future__ import annotations

from rest_framework import serializers

from carenet.access.models import Grant
from carenet.access.rules import SharingBasis
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.agencies.selectors import colleagues
from carenet.audit.api.serializers import LogReadMixin
from carenet.cases.models import (
    Case,
    CaseMember,
    Confidentiality,
    Counterpart,
    EndReason,
    NoteAudience,
    ProgressNote,
)
from carenet.cases.models.case import MINUTES_OF_DAY
from carenet.residents.api.serializers import PersonSerializer, SaidInput
from carenet.residents.policy import consents_visible_to
from carenet.residents.policy import visible_to as visible_residents
from carenet.rest.serializers import Input, Moment, StrictFields, Until


class CaseSerializer(LogReadMixin, StrictFields, serializers.ModelSerializer[Case]):
    """A case, its person, and what comes next."""

    audit_kind = "case"
    resident = PersonSerializer(read_only=True)
    lead_agency = AgencyInShortSerializer(read_only=True)
    person_in_charge = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Case
        fields = [
            "id", "code", "status", "confidentiality", "resident", "consultation",
            "lead_agency", "person_in_charge", "summary", "plan",
            "next_action", "next_action_on", "opened_at", "ended_at", "end_reason", "end_note",
        ]  # fmt: skip
        read_only_fields = [
            "code", "status", "confidentiality", "consultation",
            "opened_at", "ended_at", "end_reason", "end_note",
        ]  # fmt: skip


class CaseOpening(Input):
    """Opening a case without a consultation."""

    resident = VisibleField(visible_residents)
    summary = serializers.CharField(max_length=10_000)
    confidentiality = serializers.ChoiceField(
        choices=Confidentiality.choices, default=Confidentiality.NORMAL
    )


class Ending(Input):
    """Why a case ends."""

    reason = serializers.ChoiceField(choices=EndReason.choices)
    note = serializers.CharField(max_length=10_000, required=False, allow_blank=True)


class Reassignment(Input):
    """Into whose hands."""

    person = VisibleField(colleagues)


class NoteSerializer(LogReadMixin, StrictFields, serializers.ModelSerializer[ProgressNote]):
    """An entry of the progress record."""

    audit_kind = "note"
    author = ColleagueSerializer(read_only=True, allow_null=True)
    author_agency = AgencyInShortSerializer(read_only=True)
    audience = serializers.ChoiceField(choices=NoteAudience.choices, default=NoteAudience.AGENCY)
    readers = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=50, help_text="User ids."
    )
    with_whom = serializers.ListField(
        child=serializers.ChoiceField(choices=Counterpart.choices),
        required=False,
        max_length=len(Counterpart),
        help_text="With whom the contact was; empty: not recorded.",
    )
    corrected_by = serializers.UUIDField(
        source="corrected_by.pk", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = ProgressNote
        fields = [
            "id", "kind", "audience", "readers", "channel", "with_whom", "minutes", "text",
            "happened_at", "written_at", "author", "author_agency", "corrects", "corrected_by",
        ]  # fmt: skip
        read_only_fields = ["written_at", "corrects"]
        extra_kwargs = {
            "channel": {"help_text": "How the contact came about; empty: not recorded."},
            "minutes": {
                "min_value": 1,
                "max_value": MINUTES_OF_DAY,
                "help_text": "How long the contact took; null: not recorded.",
            },
        }


class NoteInput(NoteSerializer):
    """A new entry; `corrects` names a note of the same case that it replaces."""

    corrects = serializers.UUIDField(required=False, allow_null=True, default=None)


class GrantSerializer(serializers.ModelSerializer[Grant]):
    """One line of the ledger of a case: who is in, why, by whom, until when."""

    agency = AgencyInShortSerializer(source="group.agency", read_only=True)
    permission = serializers.CharField(source="permission.codename", read_only=True)
    given_by = ColleagueSerializer(read_only=True, allow_null=True)
    given_by_agency = AgencyInShortSerializer(read_only=True)

    class Meta:
        model = Grant
        fields = [
            "id", "agency", "permission", "cause_kind", "cause_id", "basis", "reason",
            "given_by", "given_by_agency", "given_at", "until", "revoked_at",
        ]  # fmt: skip
        read_only_fields = fields


class Sharing(Input):
    """Letting an agency in."""

    agency = VisibleField(visible_agencies)
    permission = serializers.ChoiceField(
        choices=["view_case", "co_support_case"],
        help_text="view_case: to read; co_support_case: to take part and write notes.",
    )
    basis = serializers.ChoiceField(choices=SharingBasis.choices)
    reason = serializers.CharField(
        max_length=300,
        help_text="What the basis rests on, in words: the purpose, reason or danger.",
    )
    until = Until(
        required=False,
        help_text="A time, or a date: the end of that day in Japan. Without it, as long as the basis "
        "carries it (docs/permissions.md); never null.",
    )
    consent = VisibleField(
        consents_visible_to,
        required=False,
        allow_null=True,
        default=None,
        help_text="The consent on which the share rests, and with which it ends; without it, the one "
        "on record.",
    )
    consent_said = SaidInput(
        required=False, help_text="What the person has said just now, instead of one on record."
    )


class Prolonging(Input):
    """Giving a share anew."""

    reason = serializers.CharField(max_length=300, help_text="Why it is needed for longer.")
    until = Until(required=False, help_text="As for a new share.")
    consent_said = SaidInput(required=False, help_text="As for a new share.")


class MemberSerializer(serializers.ModelSerializer[CaseMember]):
    """A person named to a restricted case."""

    user = ColleagueSerializer(read_only=True)
    given_by = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = CaseMember
        fields = ["id", "user", "given_by", "given_at", "until"]
        read_only_fields = fields


class Naming(Input):
    """Naming a person to a restricted case."""

    user = VisibleField(colleagues)
    until = Moment(required=False, allow_null=True, default=None)
