"""Referrals, their verbs and their story on the wire."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import (
    AgencyInShortSerializer,
    CapacitySerializer,
    ColleagueSerializer,
)
from carenet.agencies.models import Agency
from carenet.agencies.policy import visible_to
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.agencies.selectors import colleagues
from carenet.audit.actions import log_out_of_reach
from carenet.audit.api.serializers import LogReadMixin
from carenet.cases.policy import visible_to as visible_cases
from carenet.core import clock
from carenet.referrals.actions.pools import FEWEST, MOST
from carenet.referrals.api.transition_serializers import (
    ReferralInShortSerializer,
    ReferralPartSerializer,
    Reply,
)
from carenet.referrals.models import (
    DeclineCode,
    DeclinedBy,
    NeedMet,
    Referral,
    ReferralEvent,
    ReferralOutcome,
)
from carenet.referrals.policy import sides
from carenet.referrals.policy import visible_to as visible_referrals
from carenet.referrals.selectors import waited_working_days
from carenet.referrals.states import DueFor, ReferralDelivery, ReferralKind, ReferralStatus, Side
from carenet.residents.api.serializers import PersonSerializer, SaidInput
from carenet.residents.policy import consents_visible_to
from carenet.rest.serializers import Day, Input, StrictFields


class PoolField(serializers.ListField):
    """The ids of a pool's agencies, looked up at once; one that is not in the directory is an error."""

    default_error_messages = {"does_not_exist": _("There is no such object that you may see.")}
    child = serializers.UUIDField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=FEWEST, max_length=MOST, **kwargs)

    def to_internal_value(self, data: Any) -> list[Agency]:
        wanted = set(super().to_internal_value(data))
        found = list(visible_to(self.context["request"].actor).filter(pk__in=wanted).order_by("pk"))
        if len(found) != len(wanted):
            log_out_of_reach("agency", *(wanted - {each.pk for each in found}))
            self.fail("does_not_exist")
        return found


#: What a draft says and `send` freezes.
WORDS = [
    "kind", "need", "need_text", "reason", "summary", "requested_service", "urgency",
    "answer_wanted_by", "wishes_of_person", "wishes_of_family", "how_to_contact",
    "sharing_basis", "basis_words", "consent", "discloses_address",
]  # fmt: skip


class ReferralSerializer(LogReadMixin, serializers.ModelSerializer[Referral]):
    """A referral: what it says, where it stands, how it ended."""

    audit_kind = "referral"
    resident = PersonSerializer(read_only=True)
    sender = AgencyInShortSerializer(read_only=True)
    receiver = AgencyInShortSerializer(read_only=True, allow_null=True)
    pool = AgencyInShortSerializer(
        many=True,
        read_only=True,
        help_text="The open pool that it was sent to; R claimed it there.",
    )
    receiver_capacity = serializers.SerializerMethodField(
        help_text="Of a draft: whether its receiver takes on more. It blocks nothing."
    )
    sender_person = ColleagueSerializer(read_only=True, allow_null=True)
    person_in_charge = ColleagueSerializer(read_only=True, allow_null=True)
    turn = serializers.ChoiceField(
        choices=Side.choices,
        read_only=True,
        allow_null=True,
        help_text="Whose turn it is: S the sender's, R the receiver's, POOL that of whoever claims it. "
        "Status and delivery say so together.",
    )
    delivery = serializers.ChoiceField(
        choices=ReferralDelivery.choices,
        read_only=True,
        allow_blank=True,
        help_text="How what the sender says has reached R; “waiting”: nobody reads it there, and S has "
        "yet to tell them. Empty for a draft.",
    )
    my_turn = serializers.SerializerMethodField(help_text="Whether that is your side.")
    turn_working_days = serializers.SerializerMethodField(
        help_text="Working days since then, of whose turn it is; in an open pool the sender's."
    )
    overdue = serializers.BooleanField(read_only=True)
    put_off = serializers.BooleanField(
        read_only=True, help_text="It is held for longer than usual: REFERRAL_HOLD_LONG_DAYS."
    )
    consent_withdrawn = serializers.BooleanField(
        read_only=True, help_text="The person has taken back the consent on which it rests."
    )
    due_for = serializers.ChoiceField(
        choices=DueFor.choices, read_only=True, allow_null=True, help_text="What is due then."
    )
    part_of = ReferralInShortSerializer(read_only=True, allow_null=True)
    parts = ReferralPartSerializer(source="sent_parts", many=True, read_only=True)
    replaces = ReferralInShortSerializer(read_only=True, allow_null=True)
    replaced_by = ReferralInShortSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Referral
        fields = [
            "id", "code", "status", "turn", "my_turn", "turn_since", "turn_working_days",
            "delivery", "delivered_at", "due_at", "due_for", "overdue", "put_off",
            "case", "resident", "sender", "sender_person",
            "receiver", "receiver_capacity", "pool", "addressee",
            "person_in_charge", "part_of", "parts", "replaces", "replaced_by", *WORDS,
            "consent_withdrawn", "basis_until",
            "created_at", "sent_at", "received_at", "accepted_at", "first_contact_on",
            "review_on", "withdrawal_requested",
            "decline_code", "declined_by", "decline_text", "outcome", "report", "fail_reason",
            "closed_as", "need_met", "need_met_text", "closed_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(CapacitySerializer(allow_null=True))
    def get_receiver_capacity(self, referral: Referral) -> dict[str, Any] | None:
        if referral.receiver is None or referral.status != ReferralStatus.DRAFT:
            return None
        return dict(CapacitySerializer(referral.receiver.capacity_now).data)

    def get_my_turn(self, referral: Referral) -> bool:
        return referral.turn in sides(self.context["request"].actor, referral)

    def get_turn_working_days(self, referral: Referral) -> int | None:
        return waited_working_days(referral, clock.today())


class DraftInput(StrictFields, serializers.ModelSerializer[Referral]):
    """A referral while it is prepared."""

    case = VisibleField(visible_cases)
    receiver = VisibleField(
        visible_agencies,
        required=False,
        help_text="The one agency asked; or leave it out for a pool.",
    )
    pool = PoolField(
        required=False,
        allow_null=True,
        help_text="Two to twenty agencies, of which the first to claim it is asked.",
    )
    addressee = VisibleField(
        colleagues,
        required=False,
        allow_null=True,
        help_text="Whom it is for; required when the case is restricted.",
    )
    part_of = VisibleField(
        visible_referrals,
        required=False,
        allow_null=True,
        help_text="The referral of the same case that your agency works on, when this is a part of it.",
    )
    kind = serializers.ChoiceField(choices=ReferralKind.choices)
    consent = VisibleField(
        consents_visible_to,
        required=False,
        allow_null=True,
        help_text="The consent on which it rests; with the basis CONSENT only. Without it, the one on "
        "record is found when it is sent.",
    )

    class Meta:
        model = Referral
        fields = ["case", "receiver", "pool", "addressee", "part_of", *WORDS]


class DraftChanges(DraftInput):
    """Changes to a draft; its case stays."""

    case = None  # type: ignore[assignment]

    class Meta(DraftInput.Meta):
        fields = ["receiver", "pool", "addressee", "part_of", *WORDS]


class Sending(Input):
    """What there is to say when a draft is sent."""

    duplicate_reason = serializers.CharField(
        max_length=5000,
        required=False,
        allow_blank=True,
        help_text="Why you ask again, where the same has been asked already.",
    )
    consent_said = SaidInput(
        required=False,
        help_text="What the person has said just now; with the basis CONSENT, instead of one on record.",
    )


class Acceptance(Reply):
    """Who takes it on."""

    person_in_charge = VisibleField(
        colleagues,
        required=False,
        allow_null=True,
        default=None,
        help_text="A member of the receiver; you, when you leave it out. API clients name somebody. "
        "Nobody, when you record it for a receiver without accounts.",
    )


class Start(Reply):
    """The first contact."""

    first_contact_on = Day()


class DeclineProposal(Reply):
    """Why it is not taken on."""

    code = serializers.ChoiceField(choices=DeclineCode.choices)
    declined_by = serializers.ChoiceField(choices=DeclinedBy.choices)
    text = serializers.CharField(
        max_length=5000, required=False, allow_blank=True, help_text="Required with code “other”."
    )


class Completion(Reply):
    """What came of the work."""

    outcome = serializers.ChoiceField(choices=ReferralOutcome.choices)
    report = serializers.CharField(max_length=10_000)


class Failure(Reply):
    """Why it did not work out."""

    reason = serializers.CharField(max_length=5000)


class Closure(Input):
    """Whether the need was met, as the sender sees it."""

    need_met = serializers.ChoiceField(choices=NeedMet.choices)
    reason = serializers.CharField(
        max_length=5000,
        required=False,
        allow_blank=True,
        help_text="Required unless the need was met.",
    )


class EventSerializer(LogReadMixin, serializers.ModelSerializer[ReferralEvent]):
    """One thing that happened, in the words of those who did it."""

    audit_kind = "referral"
    audit_id = "referral_id"
    by_agency = AgencyInShortSerializer(read_only=True)
    by_user = ColleagueSerializer(read_only=True, allow_null=True)
    on_behalf_of = AgencyInShortSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ReferralEvent
        fields = [
            "id", "referral", "at", "verb", "from_status", "to_status", "side",
            "by_agency", "by_user", "claimed_person", "on_behalf_of", "channel", "reason", "data",
        ]  # fmt: skip
        read_only_fields = fields
