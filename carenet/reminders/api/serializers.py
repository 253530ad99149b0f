"""A reminder as its reader finds it in the inbox."""

from __future__ import annotations

import logging
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from carenet.reminders.models import Delivery, InboxEntry
from carenet.reminders.registry import kind_named
from carenet.reminders.states import DeliveryState

logger = logging.getLogger(__name__)


class SubjectSerializer(serializers.Serializer[Any]):
    """What the reminder is about; the code grants nothing."""

    kind = serializers.CharField(source="subject_kind")
    id = serializers.UUIDField(source="subject_id")
    code = serializers.CharField(source="subject_code")


class MessageSerializer(serializers.ModelSerializer[Delivery]):
    """The same reminder to the same reader, on one channel."""

    state = serializers.ChoiceField(choices=DeliveryState.choices)

    class Meta:
        model = Delivery
        fields = ["channel", "state"]
        read_only_fields = fields


class ReminderSerializer(serializers.ModelSerializer[InboxEntry]):
    """One entry of an inbox."""

    kind = serializers.CharField(source="reminder.kind", read_only=True)
    text = serializers.SerializerMethodField(help_text="One line in the reader's language.")
    subject = SubjectSerializer(source="reminder", read_only=True)
    step = serializers.IntegerField(
        source="delivery.step", read_only=True, help_text="How often it has escalated, from 0."
    )
    settled_at = serializers.DateTimeField(
        source="reminder.settled_at", read_only=True, allow_null=True
    )
    settled_because = serializers.CharField(source="reminder.settled_because", read_only=True)
    deliveries = serializers.SerializerMethodField(
        help_text="What became of it on each channel; “unknown” may or may not have gone out."
    )

    class Meta:
        model = InboxEntry
        fields = [
            "id", "kind", "text", "subject", "agency", "step",
            "arrived_at", "settled_at", "settled_because", "deliveries",
        ]  # fmt: skip
        read_only_fields = fields

    def get_text(self, entry: InboxEntry) -> str:
        reminder, step = entry.reminder, entry.delivery.step
        try:
            return str(kind_named(reminder.kind).text(reminder.occurrence(step)))
        except KeyError:
            # Rows outlive the release that wrote them: a kind that is gone must not hide the rest.
            logger.warning("reminder %s: no kind is called %s", reminder.pk, reminder.kind)
            return reminder.subject_code

    @extend_schema_field(MessageSerializer(many=True))
    def get_deliveries(self, entry: InboxEntry) -> Any:
        messages: list[Delivery] = entry.reminder.for_reader  # type: ignore[attr-defined]
        same_step = [message for message in messages if message.step == entry.delivery.step]
        return MessageSerializer(same_step, many=True).data
