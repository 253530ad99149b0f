"""What the ward office has goes to its sections: a preview, choices, and a person who confirms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from carenet.agencies import policy
from carenet.agencies.actions.section_moves import (
    choose_sections,
    confirm_section_move,
    prepare_section_move,
    withdraw_section_move,
)
from carenet.agencies.models import SectionMove
from carenet.agencies.selectors.section_moves import (
    movable_kinds,
    section_moves,
    sections_of,
    what_could_move,
    what_stays_behind,
)
from carenet.agencies.states import SectionMoveState
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.versions import seen_version

#: As many batches as the list shows.
LATEST = 50
#: The part of a field's name before the line.
OF_LINE = "section_"


class SectionMovesView(StaffView):
    """What is still with the office, and the batches in which it went; prepare the next one."""

    abilities = {"get": "cases.hand_over", "post": "cases.hand_over"}

    def get(self, request: HttpRequest) -> HttpResponse:
        demand(policy.can_move_to_sections(self.actor))
        moves = list(section_moves(self.actor)[:LATEST])
        context = {
            "sections": list(sections_of(self.actor.agency)),
            "left": what_could_move(self.actor.agency),
            "moves": moves,
            "waiting": [each for each in moves if each.state == SectionMoveState.PREPARED],
        }
        return self.show("staff/sections/list.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        move = prepare_section_move(actor=self.actor)
        return redirect_to(request, reverse("staff-section-move", args=[move.pk]))


class OfMove(StaffView):
    """Base of what is about one batch."""

    @cached_property
    def move(self) -> SectionMove:
        """The batch in the address; raises `Http404` out of reach."""
        found: SectionMove = get_object_or_404(section_moves(self.actor), pk=self.kwargs["id"])
        return found

    @property
    def version(self) -> int:
        """The version that was looked at; raises `PreconditionRequired` without."""
        return seen_version(self.request, _("Open the batch again, and decide from there."))

    @property
    def here(self) -> str:
        """The page of the batch."""
        return reverse("staff-section-move", args=[self.move.pk])


class SectionMoveView(OfMove):
    """The preview of a batch: each line with what suggests a section, and the choice."""

    abilities = {"get": "cases.hand_over", "post": "cases.hand_over"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        move = self.move
        labels = {kind.name: kind.label for kind in movable_kinds()}
        prepared = move.state == SectionMoveState.PREPARED
        lines = list(move.lines.all())
        stays = what_stays_behind(self.actor, lines) if prepared else {}
        context = {
            "move": move,
            "prepared": prepared,
            "sections": list(sections_of(move.office)) if prepared else [],
            "lines": [
                (labels.get(each.kind, each.kind), each, stays.get(each.object_id, []))
                for each in lines
            ],
            "stays": bool(stays),
            "going": sum(each.section_id is not None for each in lines),
        }
        return self.show("staff/sections/page.html", context)

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        choose_sections(
            actor=self.actor, move_id=self.move.pk, version=self.version, chosen=_chosen(request)
        )
        return redirect_to(request, self.here)


class ConfirmView(OfMove):
    """Let it go as the page has shown it."""

    abilities = {"post": "cases.hand_over"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        confirm_section_move(actor=self.actor, move_id=self.move.pk, version=self.version)
        return redirect_to(request, self.here)


class WithdrawView(OfMove):
    """Throw the batch away."""

    abilities = {"post": "cases.hand_over"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        withdraw_section_move(actor=self.actor, move_id=self.move.pk, version=self.version)
        return redirect_to(request, reverse("staff-section-moves"))


def _chosen(request: HttpRequest) -> dict[UUID, UUID | None]:
    """Return which section was chosen for which line; raises `Invalid` for what is no id."""
    given: dict[UUID, UUID | None] = {}
    fields: Any = request.POST
    for name, value in fields.items():
        if name.startswith(OF_LINE):
            try:
                given[UUID(name.removeprefix(OF_LINE))] = UUID(value) if value else None
            except ValueError:
                raise Invalid({name: _("Choose one of the list.")}) from None
    return given
