"""Lists, their entries and the funnel on the wire, and what their verbs take."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.agencies.selectors import colleagues
from carenet.areas.models import Area
from carenet.audit.actions import log_read
from carenet.residents.policy import visible_to as visible_residents
from carenet.rest.serializers import Day, Input, Moment
from carenet.watchlists.actions.list_import import MOST_LINES, LineResult
from carenet.watchlists.models import ListEntry, ListEvent, WatchList
from carenet.watchlists.states import ScreenReason
from carenet.watchover.api.input_serializers import MOST_AT_ONCE, WatchRemark
from carenet.watchover.api.review import AreaInShortSerializer
from carenet.watchover.api.serializers import WatchedPersonSerializer, watched_person
from carenet.watchover.suggestions import Nearness

_SMALL = "Null where it is too small to be shown to readers who may not see persons."
_SUM = "Null where a part of it is not shown."


def all_areas(_actor: Actor) -> QuerySet[Area]:
    """Return the areas that may be named: they are as open as the directory."""
    return Area.objects.all()


class LineInput(Input):
    """One line of the list; never the individual number."""

    key = serializers.CharField(
        max_length=50, help_text="The line's number in the list: the same again is the same line."
    )
    family_name = serializers.CharField(max_length=100)
    given_name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    family_kana = serializers.CharField(max_length=100, required=False, allow_blank=True)
    given_kana = serializers.CharField(max_length=100, required=False, allow_blank=True)
    birth = serializers.CharField(
        max_length=30, required=False, allow_blank=True,
        help_text="1941-12-08, 昭和16年12月8日, a year alone; 不明 or nothing where it is not known.",
    )  # fmt: skip
    address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)


@extend_schema_field(LineInput)
class LineField(serializers.DictField):
    """A line as it was sent: what is wrong with it is told in the answer, with what became of it."""


class ListHeadInput(Input):
    """Which list it is, and on which basis it came."""

    name = serializers.CharField(max_length=100)
    delivered_on = Day()
    agency = VisibleField(
        visible_agencies, required=False, allow_null=True, help_text="Your own without it."
    )
    area = VisibleField(all_areas, required=False, allow_null=True)
    sharing_basis = serializers.ChoiceField(choices=SharingBasis.choices)
    basis_until = Day(required=False, allow_null=True)


class ListInput(ListHeadInput):
    """A list as the ward office has delivered it."""

    lines = serializers.ListField(child=LineField(), min_length=1, max_length=MOST_LINES)


class LineMatchInput(WatchRemark):
    """Whom the line means: somebody on the register, or a new person."""

    resident = VisibleField(visible_residents, required=False, allow_null=True)
    new_because = serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text="Why it is another person."
    )


class ScreenInput(WatchRemark):
    """Why nobody needs to call."""

    because = serializers.ChoiceField(choices=ScreenReason.choices)


class ScreenManyInput(ScreenInput):
    """The same reason for many people."""

    entries = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST_AT_ONCE
    )


class SendInput(Input):
    """Who is to make the first visits; null takes them back."""

    entries = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST_AT_ONCE
    )
    visitor = VisibleField(colleagues, allow_null=True)
    visitor_agency = VisibleField(
        visible_agencies, required=False, allow_null=True,
        help_text="The agency for which they go; the one the list was delivered to without it.",
    )  # fmt: skip


class VisitInput(WatchRemark):
    """When the first visit was."""

    at = Moment(required=False, help_text="Now without it.")
    by_visitor = serializers.BooleanField(
        default=False, help_text="You record it for whom it was given to."
    )


class WatchListSerializer(serializers.ModelSerializer[WatchList]):
    """A list, without its people."""

    agency = AgencyInShortSerializer(read_only=True)
    area = AreaInShortSerializer(read_only=True, allow_null=True)
    by_agency = AgencyInShortSerializer(read_only=True)

    class Meta:
        model = WatchList
        fields = [
            "id", "name", "delivered_on", "agency", "area", "sharing_basis", "basis_until",
            "imported_at", "by_agency",
        ]  # fmt: skip
        read_only_fields = fields


class LineFateSerializer(serializers.Serializer[Any]):
    """What became of one line."""

    line = serializers.IntegerField(help_text="Its place in what was sent, from 1.")
    key = serializers.CharField()
    result = serializers.ChoiceField(choices=LineResult.choices)
    words = serializers.CharField(help_text="The same in words, and what to do about it.")
    entry = serializers.UUIDField(allow_null=True)
    errors = serializers.DictField(  # type: ignore[assignment] # a field, not those of the form
        child=serializers.ListField(child=serializers.CharField())
    )
    notes = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="What of a line that was taken is not kept, by field.",
    )


class ListFatesSerializer(serializers.Serializer[Any]):
    """The list, and what became of each line, in the order in which they were sent."""

    watch_list = WatchListSerializer()
    lines = LineFateSerializer(many=True)


class ListInShortSerializer(serializers.ModelSerializer[WatchList]):
    """A list by its name."""

    agency = AgencyInShortSerializer(read_only=True)

    class Meta:
        model = WatchList
        fields = ["id", "name", "delivered_on", "agency"]
        read_only_fields = fields


class EntrySerializer(serializers.ModelSerializer[ListEntry]):
    """Somebody on the list; read from `selectors.lists.entries`."""

    watch_list = ListInShortSerializer(read_only=True)
    resident = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField(
        help_text="What the list says, while it is not clear whom it means."
    )
    visitor = ColleagueSerializer(read_only=True, allow_null=True)
    visitor_agency = AgencyInShortSerializer(read_only=True, allow_null=True)
    visited_by = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ListEntry
        fields = [
            "id", "watch_list", "key", "state", "resident", "words",
            "screened_because", "screened_at", "visitor", "visitor_agency",
            "visited_at", "visited_by", "decided_at", "assignment",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(WatchedPersonSerializer(allow_null=True))
    def get_resident(self, entry: ListEntry) -> dict[str, Any] | None:
        shows_address: bool = entry.shows_address  # type: ignore[attr-defined]
        person = entry.resident
        return watched_person(person, shows_address=shows_address) if person else None

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_words(self, entry: ListEntry) -> dict[str, Any] | None:
        return entry.words

    def to_representation(self, entry: ListEntry) -> dict[str, Any]:
        log_read("listentry", entry.pk)
        shown = super().to_representation(entry)
        if not entry.kept:  # type: ignore[attr-defined]
            shown |= {"key": "", "assignment": None}
        return shown


class EntriesSerializer(serializers.Serializer[Any]):
    """Several entries."""

    entries = EntrySerializer(many=True)


class SuggestedWatcherSerializer(serializers.Serializer[Any]):
    """Who might look in on somebody of a list, and why."""

    entry = serializers.UUIDField(source="wish")
    watcher = ColleagueSerializer()
    watcher_agency = AgencyInShortSerializer()
    nearness = serializers.ChoiceField(
        choices=Nearness.choices, help_text="How near, by where they look in already."
    )
    load = serializers.IntegerField(help_text="On how many they look in now, as you see it.")
    most = serializers.IntegerField(help_text="On how many they may at most.")
    term_ends = serializers.BooleanField(help_text="They leave their agency before long.")


class SuggestedWatchersSerializer(serializers.Serializer[Any]):
    """What is suggested; nothing is done by it."""

    suggestions = SuggestedWatcherSerializer(many=True)
    nobody = serializers.ListField(
        child=serializers.UUIDField(), help_text="Entries near which nobody has room."
    )
    left_out = serializers.IntegerField(help_text="Protected people, left out of everything.")
    complete = serializers.BooleanField(help_text="False: only the first entries were looked at.")


class ListEventSerializer(serializers.ModelSerializer[ListEvent]):
    """One thing that was done with an entry."""

    by_agency = AgencyInShortSerializer(read_only=True)
    by_user = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ListEvent
        fields = ["id", "at", "verb", "came_to", "by_agency", "by_user", "note", "data"]
        read_only_fields = fields


class ScreenedNumberSerializer(serializers.Serializer[Any]):
    """How many were screened out for a reason."""

    reason = serializers.ChoiceField(choices=ScreenReason.choices)
    number = serializers.IntegerField(allow_null=True, help_text=_SMALL)


class FunnelRowSerializer(serializers.Serializer[Any]):
    """How far the listed people of an area have been come to."""

    area = AreaInShortSerializer(allow_null=True, help_text="Null: the address lies in none.")
    listed = serializers.IntegerField(allow_null=True, help_text=_SUM)
    unclear = serializers.IntegerField(allow_null=True, help_text=_SMALL)
    screened = ScreenedNumberSerializer(many=True)
    to_visit = serializers.IntegerField(allow_null=True, help_text=_SMALL)
    visited = serializers.IntegerField(allow_null=True, help_text=_SUM)
    undecided = serializers.IntegerField(allow_null=True, help_text=_SMALL)
    wants = serializers.IntegerField(allow_null=True, help_text=_SMALL)
    refused = serializers.IntegerField(allow_null=True, help_text=_SMALL)
    watched = serializers.IntegerField(allow_null=True, help_text=_SMALL)
    hidden = serializers.BooleanField(help_text="Counts of this row are not shown.")


class FunnelOfListSerializer(serializers.Serializer[Any]):
    """One list, by area of every kind."""

    watch_list = WatchListSerializer()
    areas = FunnelRowSerializer(many=True)


class FunnelSerializer(serializers.Serializer[Any]):
    """Every list of which the reader may know numbers, the newest first."""

    lists = FunnelOfListSerializer(many=True)
    complete = serializers.BooleanField(help_text="False: only the newest entries were counted.")
