"""What referrals look like in other referrals, and what the further verbs take."""

from __future__ import annotations

from rest_framework import serializers

from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import AgencyInShortSerializer
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.referrals.models import EventChannel, Referral
from carenet.rest.serializers import CompiledFields, Day, Input

#: How somebody else's words come in.
CHANNELS = [choice for choice in EventChannel.choices if choice[0] != EventChannel.SYSTEM]


class ReferralInShortSerializer(CompiledFields, serializers.ModelSerializer[Referral]):
    """Which referral, in another one's representation; the code grants nothing."""

    code = serializers.CharField(read_only=True)

    class Meta:
        model = Referral
        fields = ["id", "code"]
        read_only_fields = fields


class ReferralPartSerializer(ReferralInShortSerializer):
    """What the receiver has passed on of a referral, to whom, and where that stands."""

    receiver = AgencyInShortSerializer(read_only=True, allow_null=True)

    class Meta(ReferralInShortSerializer.Meta):
        fields = ["id", "code", "receiver", "need", "status"]
        read_only_fields = fields


class Reply(Input):
    """What the receiver says. The sender may record it for a receiver without accounts."""

    channel = serializers.ChoiceField(
        choices=CHANNELS,
        required=False,
        allow_null=True,
        help_text="How the reply came, when you record it for a receiver that has nobody here to "
        "give it. Leave it out when you speak for your own agency.",
    )


class Telling(Input):
    """How the sender has told a receiver that reads nothing here."""

    channel = serializers.ChoiceField(choices=CHANNELS, help_text="How the receiver was told.")
    words = serializers.CharField(
        max_length=300,
        required=False,
        allow_blank=True,
        help_text="Who took it there, for example.",
    )


class Question(Reply):
    """What the receiver must know first."""

    question = serializers.CharField(max_length=10_000)


class Answer(Input):
    """What the sender says to it."""

    answer = serializers.CharField(max_length=10_000)
    channel = serializers.ChoiceField(
        choices=CHANNELS,
        required=False,
        allow_null=True,
        help_text="How the sender's words came, when you are the receiver and record them.",
    )


class Pause(Reply):
    """Why the work rests, and when somebody looks at it again."""

    reason = serializers.CharField(max_length=10_000)
    review_on = Day(help_text="After today. The person in charge is reminded on this day.")


class Contradiction(Input):
    """What the sender has to say to a proposed decline."""

    reply = serializers.CharField(max_length=10_000)


class Reason(Input):
    """Why."""

    reason = serializers.CharField(max_length=10_000)


class Rerouting(Input):
    """Where the need is to go instead."""

    receiver = VisibleField(visible_agencies)
    reason = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
