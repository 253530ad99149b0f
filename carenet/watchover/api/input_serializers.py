"""What the verbs of the watch take."""

from __future__ import annotations

from rest_framework import serializers

from carenet.agencies.api.fields import VisibleField
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.agencies.selectors import colleagues
from carenet.residents.api.serializers import SaidInput
from carenet.residents.policy import consents_visible_to
from carenet.residents.policy import visible_to as visible_residents
from carenet.rest.serializers import Input, Moment, StrictFields
from carenet.watchover.models import WatchAssignment
from carenet.watchover.models.assignment import LONGEST_MINUTES
from carenet.watchover.policy import visible_to
from carenet.watchover.states import (
    AlertOutcome,
    CheckInOutcome,
    HolidayPolicy,
    PauseReason,
    WatchEndReason,
)

#: As many as one person can look over.
MOST_AT_ONCE = 200
_FIELDS = [
    "method", "sharing_basis", "basis_words", "basis_until", "term_from", "term_until", "safety_note",
]  # fmt: skip
_WHERE = "The agency for which they look in; the responsible one without it."


class People(Input):
    """Who looks in, and who stands by."""

    watcher = VisibleField(colleagues, required=False, allow_null=True)
    watcher_agency = VisibleField(
        visible_agencies, required=False, allow_null=True, help_text=_WHERE
    )
    backup = VisibleField(colleagues, required=False, allow_null=True)
    backup_agency = VisibleField(
        visible_agencies, required=False, allow_null=True, help_text=_WHERE
    )


class WatchChanges(StrictFields, serializers.ModelSerializer[WatchAssignment]):
    """How, on which basis, for which term, and what a watcher should know."""

    class Meta:
        model = WatchAssignment
        fields = _FIELDS


class SameProposal(People, WatchChanges):
    """A watch, but for over whom."""

    responsible_agency = VisibleField(
        visible_agencies, required=False, allow_null=True, help_text="Your own without it."
    )

    class Meta(WatchChanges.Meta):
        fields = [
            "responsible_agency", "watcher", "watcher_agency", "backup", "backup_agency", *_FIELDS,
        ]  # fmt: skip


class Proposal(SameProposal):
    """A watch over one resident."""

    resident = VisibleField(visible_residents)

    class Meta(SameProposal.Meta):
        fields = ["resident", *SameProposal.Meta.fields]


class Proposals(SameProposal):
    """The same watch over many residents."""

    residents = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST_AT_ONCE
    )

    class Meta(SameProposal.Meta):
        fields = ["residents", *SameProposal.Meta.fields]


class ManyReassigned(People):
    """Many watches into the same hands."""

    watcher = VisibleField(colleagues)
    assignments = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST_AT_ONCE
    )


class WatchRemark(Input):
    """What else is to be said."""

    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class WatchAgreement(WatchRemark):
    """What the person has agreed to, or on which consent it rests; with the basis CONSENT only."""

    consent = VisibleField(
        consents_visible_to,
        required=False,
        allow_null=True,
        help_text="The one on record that covers who looks in without it.",
    )
    consent_said = SaidInput(
        required=False, help_text="What the person has said just now, instead of one on record."
    )


class WatchEnding(WatchRemark):
    """Why it is over."""

    reason = serializers.ChoiceField(choices=WatchEndReason.choices)


class RhythmInput(Input):
    """When somebody is to look in."""

    rule = serializers.CharField(
        max_length=200, help_text="A recurrence of RFC 5545: FREQ=WEEKLY;BYDAY=TU"
    )
    begins_at = Moment(help_text="When the first window opens; its time of day is that of all.")
    window_minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_MINUTES)
    grace_minutes = serializers.IntegerField(min_value=0, max_value=LONGEST_MINUTES)
    holiday_policy = serializers.ChoiceField(
        choices=HolidayPolicy.choices, default=HolidayPolicy.KEEP
    )
    effective_from = Moment(required=False, help_text="Now without it; never in the past.")


class CheckInInput(Input):
    """What was found, and when."""

    assignment = VisibleField(visible_to)
    outcome = serializers.ChoiceField(choices=CheckInOutcome.choices)
    observed_at = Moment(required=False, help_text="Now without it.")
    by_proxy = serializers.BooleanField(
        default=False, help_text="You record it for somebody else who looked in."
    )
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    offline = serializers.BooleanField(default=False, help_text="Recorded without a network.")
    client_key = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="Made by the device: the same one again is the same check-in.",
    )


class PauseInput(Input):
    """From when to when, and why."""

    assignment = VisibleField(visible_to, help_text="A watch over the resident.")
    reason = serializers.ChoiceField(choices=PauseReason.choices)
    since = Moment(required=False, help_text="Now without it.")
    until = Moment(required=False, allow_null=True, help_text="Until further notice without it.")


class Acknowledgement(WatchRemark):
    """Until when somebody has taken it on."""

    until = Moment(required=False, help_text="As the ladder says without it; a day at most.")


class Resolution(WatchRemark):
    """What it has come to."""

    outcome = serializers.ChoiceField(choices=AlertOutcome.choices)
