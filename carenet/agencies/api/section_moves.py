"""`/section-moves/`: what a ward office has goes to its sections: previewed, then confirmed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from carenet.agencies import policy
from carenet.agencies.actions.section_moves import (
    AT_ONCE,
    choose_sections,
    confirm_section_move,
    prepare_section_move,
    withdraw_section_move,
)
from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.api.verbs import (
    ApiVerb,
    VersionedApiVerb,
    create_method,
    list_method,
    retrieve_method,
)
from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.models import SectionMove, SectionMoveLine
from carenet.agencies.selectors.section_moves import section_moves, what_stays_behind
from carenet.agencies.states import SectionMoveState
from carenet.core.errors import Invalid
from carenet.rest.serializers import Input, Nothing


class SectionLineSerializer(serializers.ModelSerializer[SectionMoveLine]):
    """One thing of a batch: what suggests a section, which one was chosen, what stays behind."""

    suggested = serializers.CharField(
        read_only=True, help_text="The kind of section, as of `section` of an agency; empty: none."
    )
    section = AgencyInShortSerializer(
        read_only=True, allow_null=True, help_text="Null: it stays with the office."
    )
    stays_behind = serializers.SerializerMethodField(
        help_text="What of it the section will not read: how much, never what."
    )

    class Meta:
        model = SectionMoveLine
        fields = [
            "id",
            "kind",
            "code",
            "suggested",
            "because",
            "section",
            "outcome",
            "stays_behind",
        ]
        read_only_fields = fields

    def get_stays_behind(self, line: SectionMoveLine) -> list[str]:
        """Return it in words, as far as the actor may know of it."""
        told: list[str] = self.context["stays"].get(line.object_id, [])
        return told


class SectionMoveInShortSerializer(serializers.ModelSerializer[SectionMove]):
    """A batch: where it stands, and who is behind it."""

    prepared_by = ColleagueSerializer(read_only=True)
    confirmed_by = ColleagueSerializer(read_only=True, allow_null=True)

    class Meta:
        model = SectionMove
        fields = ["id", "state", "prepared_at", "prepared_by", "confirmed_by", "ended_at"]
        read_only_fields = fields


class SectionMoveSerializer(SectionMoveInShortSerializer):
    """A batch with its lines."""

    lines = serializers.SerializerMethodField()

    class Meta(SectionMoveInShortSerializer.Meta):
        fields = [*SectionMoveInShortSerializer.Meta.fields, "lines"]
        read_only_fields = fields

    @extend_schema_field(SectionLineSerializer(many=True))
    def get_lines(self, move: SectionMove) -> Any:
        """Return the lines; of a prepared batch with what would stay behind."""
        lines = list(move.lines.all())
        prepared = move.state == SectionMoveState.PREPARED
        stays = what_stays_behind(self.context["request"].actor, lines) if prepared else {}
        return SectionLineSerializer(lines, many=True, context={"stays": stays}).data


class SectionChoiceInput(Input):
    """Where one line goes."""

    line = serializers.UUIDField()
    section = VisibleField(
        policy.visible_to,
        allow_null=True,
        help_text="A section of the office in which somebody works; null: it stays.",
    )


class SectionChoicesInput(Input):
    """Where lines of the batch go; those that are not named stay as they were chosen."""

    choices = serializers.ListField(child=SectionChoiceInput(), min_length=1, max_length=AT_ONCE)


def choose(
    *, actor: Actor, move_id: UUID, choices: list[dict[str, Any]], version: int | None = None
) -> SectionMove:
    """Say for lines which section they go to, each once; raises what `choose_sections` does."""
    chosen = {each["line"]: each["section"] and each["section"].pk for each in choices}
    if len(chosen) < len(choices):
        raise Invalid({"choices": _("Name each line once.")})
    try:
        return choose_sections(actor=actor, move_id=move_id, chosen=chosen, version=version)
    except Invalid as refused:
        at = {f"section_{each['line']}": index for index, each in enumerate(choices)}
        told = {f"choices/{at[name]}/section": why for name, why in refused.fields.items()}
        raise Invalid(told) from refused


class SectionMoveViewSet(ActorViewSet):
    """Batches of what goes from a ward office to its sections: its managers, in a session."""

    serializer_class = SectionMoveSerializer
    queryset = SectionMove.objects.none()
    abilities = dict.fromkeys(["list", "retrieve", "create"], "cases.hand_over")
    id_argument = "move_id"

    def queryset_for(self, actor: Actor) -> QuerySet[SectionMove]:
        found = section_moves(actor)
        return found.prefetch_related(None) if self.action == "list" else found

    def get_serializer_class(self) -> type[SectionMoveInShortSerializer]:
        """Return what shows a batch: in a list without its lines."""
        return SectionMoveInShortSerializer if self.action == "list" else SectionMoveSerializer

    list = list_method("List the batches of your ward office, newest first.")

    retrieve = retrieve_method("Read one batch: the preview, or what became of it.")

    create = create_method(
        prepare_section_move,
        Nothing,
        SectionMoveSerializer,
        "Prepare a batch; nothing changes hands until a person confirms it.",
        looked_up=True,
    )

    choose = ApiVerb(
        choose,
        SectionChoicesInput,
        "Say where lines of a prepared batch go.",
        ability="cases.hand_over",
    )
    confirm = VersionedApiVerb(
        confirm_section_move,
        Nothing,
        "Let it go as the version shows it that you have seen; `If-Match` is required.",
        ability="cases.hand_over",
    )
    withdraw = ApiVerb(
        withdraw_section_move,
        Nothing,
        "Throw a prepared batch away: everything stays where it is.",
        ability="cases.hand_over",
    )
