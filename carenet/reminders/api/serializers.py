"""A reminder as its reader finds it in the inbox."""

from __future__ import annotations

import logging
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import ColleagueSerializer
from carenet.agencies.selectors import colleagues
from carenet.reminders.models import Delivery, InboxEntry, ReminderEvent
from carenet.reminders.registry import kind_named
from carenet.reminders.states import DeliveryState, Verb
from carenet.rest.serializers import Day, Input

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


class ResponseSerializer(serializers.ModelSerializer[ReminderEvent]):
    """What somebody who was told has done; names and words stay within their agency."""

    verb = serializers.ChoiceField(choices=Verb.choices)
    agency = serializers.UUIDField(source="by_agency_id")
    by = ColleagueSerializer(source="by_user", allow_null=True)
    person = ColleagueSerializer(allow_null=True)

    class Meta:
        model = ReminderEvent
        fields = ["verb", "at", "agency", "by", "person", "until", "reason"]
        read_only_fields = fields

    def to_representation(self, event: ReminderEvent) -> dict[str, Any]:
        shown = super().to_representation(event)
        if event.by_agency_id != self.context["for_agency"]:
            shown |= {"by": None, "person": None, "reason": ""}
        return shown


class SnoozeInput(Input):
    """Until when, and why."""

    until = Day(
        help_text="A day after today; how far ahead at most, the answer to a later one says."
    )
    reason = serializers.CharField(max_length=500)


class AcknowledgeInput(Input):
    """Words for the colleagues, if any."""

    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class DelegateInput(AcknowledgeInput):
    """To whom."""

    person = VisibleField(colleagues)


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

    holder = serializers.SerializerMethodField(
        help_text="The colleague who has taken it on, or was handed it."
    )
    held_until = serializers.SerializerMethodField(
        help_text="Until then nobody else is chased; null when it is not held back."
    )
    responses = serializers.SerializerMethodField(
        help_text="What those who were told have done about it, earliest first."
    )

    class Meta:
        model = InboxEntry
        fields = [
            "id", "kind", "text", "subject", "agency", "step",
            "arrived_at", "read_at", "settled_at", "settled_because", "deliveries",
            "holder", "held_until", "responses",
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
        occurrence = (entry.delivery.step, entry.delivery.turn)
        same = [message for message in messages if (message.step, message.turn) == occurrence]
        return MessageSerializer(same, many=True).data

    @extend_schema_field(ColleagueSerializer(allow_null=True))
    def get_holder(self, entry: InboxEntry) -> Any:
        reminder = entry.reminder
        if reminder.holder is None or reminder.holder_agency_id != entry.agency_id:
            return None
        return ColleagueSerializer(reminder.holder).data

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_held_until(self, entry: InboxEntry) -> Any:
        reminder = entry.reminder
        if reminder.settled_at or reminder.due_at is None or not reminder.holds:
            return None
        return serializers.DateTimeField().to_representation(reminder.due_at)

    @extend_schema_field(ResponseSerializer(many=True))
    def get_responses(self, entry: InboxEntry) -> Any:
        events: list[ReminderEvent] = entry.reminder.history  # type: ignore[attr-defined]
        context = {"for_agency": entry.agency_id}
        return ResponseSerializer(events, many=True, context=context).data
