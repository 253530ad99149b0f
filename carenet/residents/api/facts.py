"""Facts of a person on the wire: listed, written down, corrected, ended."""

from __future__ import annotations

from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.api.verbs import ApiVerb, create_method
from carenet.audit.api.serializers import LogReadMixin
from carenet.residents import actions, selectors
from carenet.residents.api.contacts_and_consents import OfResident
from carenet.residents.models import FactAudience, FactKind, FactSource, ResidentFact
from carenet.rest.filters import choices_of, codes
from carenet.rest.serializers import Day, Input, StrictFields

_OF_KIND = "A code of the kind (docs/domain.md); empty for a school."


class FactSerializer(LogReadMixin, StrictFields, serializers.ModelSerializer[ResidentFact]):
    """One version of a fact, who may see it, and whether it holds."""

    audit_kind = "residentfact"
    recorded_by = AgencyInShortSerializer(read_only=True)
    recorded_by_person = ColleagueSerializer(read_only=True, allow_null=True)
    replaces = serializers.UUIDField(
        source="seen_replaces_id",
        read_only=True,
        allow_null=True,
        help_text="The version before it, for whoever sees that.",
    )
    corrected_by = serializers.UUIDField(
        source="replaced_by.pk", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = ResidentFact
        fields = [
            "id", "kind", "value", "detail", "source", "audience", "known_on", "expires_on",
            "ended_on", "replaces", "corrected_by", "recorded_by", "recorded_by_person",
            "recorded_at",
        ]  # fmt: skip
        read_only_fields = fields


class FactInput(Input):
    """A fact as it is known."""

    kind = serializers.ChoiceField(choices=FactKind.choices)
    value = serializers.CharField(
        max_length=16, required=False, allow_blank=True, default="", help_text=_OF_KIND
    )
    detail = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    source = serializers.ChoiceField(choices=FactSource.choices)  # type: ignore[assignment]
    audience = serializers.ChoiceField(
        choices=FactAudience.choices,
        default=FactAudience.WORK,
        help_text="Who may see it, of those who see contacts and certifications of the person.",
    )
    known_on = Day(
        required=False,
        allow_null=True,
        default=None,
        help_text="Since when it is known to hold; today without it.",
    )
    expires_on = Day(
        required=False, allow_null=True, default=None, help_text="The last day that it is said for."
    )


class FactCorrection(Input):
    """What is otherwise; the rest is taken over."""

    value = serializers.CharField(
        max_length=16, required=False, allow_blank=True, help_text=_OF_KIND
    )
    detail = serializers.CharField(max_length=200, required=False, allow_blank=True)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=FactSource.choices, required=False
    )
    audience = serializers.ChoiceField(
        choices=FactAudience.choices, required=False, help_text="As it was, or wider: work."
    )
    known_on = Day(required=False)
    expires_on = Day(required=False, allow_null=True)


class FactEnding(Input):
    """The last day on which it held; today without it."""

    ended_on = Day(required=False, allow_null=True, default=None)


class FactStanding(TextChoices):
    """Which versions of facts."""

    CURRENT = "current", _("holds")
    ENDED = "ended", _("ended")
    CORRECTED = "corrected", _("corrected by another one")


_STANDING = {
    FactStanding.CURRENT: selectors.fact_holds(),
    FactStanding.ENDED: Q(ended_on__isnull=False),
    FactStanding.CORRECTED: Q(replaced_at__isnull=False),
}


class FactViewSet(OfResident):
    """What is known of a person: sex, language, certificates, school, devices, whether alone."""

    serializer_class = FactSerializer
    queryset = ResidentFact.objects.none()
    filter_names = frozenset({"standing", "kind"})
    abilities = {"list": "residents.view_details", "create": "residents.edit"}
    id_argument = "fact_id"

    def queryset_for(self, actor: Actor) -> QuerySet[ResidentFact]:
        return selectors.facts(actor, self.resident)

    @extend_schema(
        parameters=[
            codes("standing", FactStanding.values, "“current” without it."),
            codes("kind", FactKind.values, "All kinds without it."),
        ],
        filters=False,
    )
    def list(self, request: Request, resident_id: UUID) -> Response:
        """List the facts that you may see, newest first."""
        wanted = choices_of(request, "standing", FactStanding) or [FactStanding.CURRENT]
        rows = self.get_queryset().filter(reduce(or_, (_STANDING[each] for each in wanted)))
        if kinds := choices_of(request, "kind", FactKind):
            rows = rows.filter(kind__in=kinds)
        return self.page_of(rows)

    create = create_method(actions.record_fact, FactInput, FactSerializer, "Write down a fact.")

    correct = ApiVerb(
        actions.correct_fact,
        FactCorrection,
        "Correct a fact: a new version stands in its place, which is the answer.",
        ability="residents.edit",
        looked_up=False,
    )
    end = ApiVerb(
        actions.end_fact,
        FactEnding,
        "Say until which day a fact held.",
        ability="residents.edit",
    )
