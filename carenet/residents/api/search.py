"""Searching people, and looking for likely matches: by POST, as nothing of a person is in a URL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.views import ActorViewSet
from carenet.audit.api.serializers import LogReadMixin
from carenet.residents import actions, matching, policy, selectors
from carenet.residents.api.serializers import PersonSerializer
from carenet.residents.models import EndedBecause, MatchHint, Resident
from carenet.residents.models.facts import VALUES
from carenet.residents.registry import progress_kinds
from carenet.residents.selectors import FEWEST_DIGITS
from carenet.rest.serializers import Input, StrictFields
from carenet.rest.throttles import MatchingThrottle, PrincipalThrottle, SearchThrottle


class Folded(serializers.CharField):
    """Text of which something is left when it is folded."""

    default_error_messages = {"nothing": gettext_lazy("Give more of it to search for.")}

    def __init__(self, fold: Callable[[str], str], fewest: int = 1, **kwargs: Any) -> None:
        self.fold, self.fewest = fold, fewest
        super().__init__(required=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        if len(self.fold(text)) < self.fewest:
            self.fail("nothing")
        return text


class SearchInput(Input):
    """What is known of the person; all of it must be true, however it is written."""

    name = Folded(matching.fold_name, max_length=200, help_text="Part of the name, or of its kana.")
    birth = serializers.CharField(
        required=False, max_length=30, help_text="ISO or Japanese era, a day or a year alone."
    )
    phone = Folded(
        matching.fold_phone,
        FEWEST_DIGITS,
        max_length=30,
        help_text="Part of it: four digits or more.",
    )
    address = Folded(matching.fold_address, 2, max_length=300, help_text="Part of it.")
    insured_number = Folded(matching.fold_number, max_length=20, help_text="The whole number.")
    progress = serializers.DictField(
        child=serializers.ListField(
            child=serializers.CharField(max_length=20), min_length=1, max_length=20
        ),
        required=False,
        help_text='How far the work has come: {"case": ["open"]}, {"referral": ["sent"]}.',
    )

    facts = serializers.DictField(
        child=serializers.ListField(
            child=serializers.CharField(max_length=16), min_length=1, max_length=20
        ),
        required=False,
        help_text='Facts that hold and that you may see: {"power_device": ["ventilator"]}.',
    )

    def validate_birth(self, given: str) -> matching.Born:
        try:
            return matching.read_birth(given)
        except ValueError:
            raise serializers.ValidationError(
                _(
                    "Give a date or a year, for example 1941-12-08, 昭和16年12月8日, S16.12.8 or 昭16."
                )
            ) from None

    def validate_progress(self, given: dict[str, list[str]]) -> dict[str, list[str]]:
        return _demand_known(given, progress_kinds())

    def validate_facts(self, given: dict[str, list[str]]) -> dict[str, list[str]]:
        return _demand_known(
            given, {kind.value: frozenset(codes.values) for kind, codes in VALUES.items() if codes}
        )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.keys() - {"progress", "facts"}:
            raise serializers.ValidationError(
                _("Say something about the person: there is no list of all people.")
            )
        return attrs


def _demand_known(
    given: dict[str, list[str]], known: dict[str, frozenset[str]]
) -> dict[str, list[str]]:
    """Raise `ValidationError` for a kind or code that is not known."""
    for kind, codes in given.items():
        if kind not in known:
            told = _("Unknown. Known are: %(known)s.") % {"known": ", ".join(known)}
            raise serializers.ValidationError({kind: told})
        if not known[kind].issuperset(codes):
            most = ", ".join(sorted(known[kind]))
            raise serializers.ValidationError(
                {kind: _("Give one or more of: %(known)s.") % {"known": most}}
            )
    return given


class FoundSerializer(LogReadMixin, serializers.ModelSerializer[Resident]):
    """Somebody who was found; a protected address is null for all who lack the right."""

    audit_kind = "resident"
    address = serializers.SerializerMethodField()
    address_hidden = serializers.SerializerMethodField(
        help_text="True when there is a protected address that you may not see."
    )

    class Meta:
        model = Resident
        fields = [
            "id", "family_name", "given_name", "family_kana", "given_kana",
            "birth_precision", "birth_date", "birth_year", "address", "address_hidden", "phone",
            "ended_because", "ended_on",
        ]  # fmt: skip
        read_only_fields = fields

    def get_address(self, resident: Resident) -> str | None:
        return resident.address if _address_seen(resident) else None

    def get_address_hidden(self, resident: Resident) -> bool:
        return not _address_seen(resident)


def _address_seen(resident: Resident) -> bool:
    seen: bool = resident.address_seen  # type: ignore[attr-defined]  # annotated by the selector
    return seen


class SearchViewSet(ActorViewSet):
    """`/residents/search/`: among those whom one's own work concerns, nobody else."""

    serializer_class = FoundSerializer
    queryset = Resident.objects.none()
    abilities = {"list": "residents.view"}
    asking = frozenset({"list"})
    throttle_classes = [PrincipalThrottle, SearchThrottle]

    def queryset_for(self, actor: Actor) -> QuerySet[Resident]:
        return policy.visible_to(actor)

    @extend_schema(
        request=SearchInput, responses=FoundSerializer(many=True), operation_id="residents_search"
    )
    def list(self, request: Request) -> Response:
        """Search for people, those registered last first; send the same body to `next`."""
        return self.page_of(selectors.search(self.actor, **self.read_body(SearchInput)))


class MatchInput(StrictFields, serializers.ModelSerializer[Resident]):
    """A person as they would be registered."""

    class Meta:
        model = Resident
        fields = [
            "family_name", "given_name", "family_kana", "given_kana", "birth_date", "birth_year",
            "address", "phone", "insured_number",
        ]  # fmt: skip


class ReasonSerializer(serializers.Serializer[Any]):
    """Why it may be the same person."""

    code = serializers.ChoiceField(choices=matching.Reason.choices, source="value")
    text = serializers.CharField(source="label")


class MatchSerializer(serializers.Serializer[Any]):
    """Somebody who may be meant."""

    resident = PersonSerializer()
    birth_date = serializers.DateField(source="resident.birth_date", allow_null=True)
    birth_year = serializers.IntegerField(source="resident.birth_year", allow_null=True)
    ended_because = serializers.ChoiceField(
        choices=EndedBecause.choices,
        allow_blank=True,
        source="resident.ended_because",
        help_text="Why the record has ended; empty while it has not.",
    )
    score = serializers.IntegerField(min_value=0, max_value=100)
    likely = serializers.SerializerMethodField(
        help_text="Registering this person needs confirmed_new."
    )
    reasons = ReasonSerializer(source="likeness.reasons", many=True)

    def get_likely(self, match: Any) -> bool:
        return bool(match.score >= matching.LIKELY)


class HintSerializer(serializers.ModelSerializer[MatchHint]):
    """Another agency may know this person. Its id opens one inquiry and says nothing else."""

    class Meta:
        model = MatchHint
        fields = ["id", "until"]
        read_only_fields = fields


class FindingsSerializer(serializers.Serializer[Any]):
    """Who may be meant, and whether somebody else may know them."""

    matches = MatchSerializer(many=True)
    hints = HintSerializer(many=True)


class MatchViewSet(ActorViewSet):
    """`/residents/matches/`: is this person known already?"""

    serializer_class = FindingsSerializer
    queryset = Resident.objects.none()
    abilities = {"look_up": "residents.register"}
    asking = frozenset({"look_up"})
    throttle_classes = [PrincipalThrottle, MatchingThrottle]

    def queryset_for(self, actor: Actor) -> QuerySet[Resident]:
        return policy.visible_to(actor)

    @extend_schema(request=MatchInput, responses=FindingsSerializer)
    def look_up(self, request: Request) -> Response:
        """Look for people like this one before registering anybody."""
        found = actions.find_duplicates(actor=self.actor, **self.read_body(MatchInput))
        return Response(self.get_serializer(found).data)
