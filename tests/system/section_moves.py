"""What stands behind the addresses of what goes from a ward office to its sections."""

from __future__ import annotations

from typing import Any

from carenet.agencies.actions.section_moves import prepare_section_move, withdraw_section_move
from carenet.agencies.actors import Actor
from carenet.agencies.models import SectionMove
from carenet.agencies.selectors.section_moves import sections_of
from carenet.agencies.states import SectionMoveState
from tests.agencies.sections import a_section
from tests.factories import a_member
from tests.system.people import BASE

OF_SECTIONS = f"{BASE}/section-moves/"


def section_move_at(actor: Actor, address: str) -> dict[str, Any]:
    """Return the batch that an address names.

    An office prepares one at a time: behind the address of all of them none is prepared.
    """
    prepared = SectionMove.objects.filter(office=actor.agency, state=SectionMoveState.PREPARED)
    found = prepared.first()
    if "{id}" in address:
        return {"id": found or _prepared(actor)}
    if found:
        withdraw_section_move(actor=actor, move_id=found.pk)
    _section(actor)
    return {}


def meant_of_sections(actor: Actor, address: str) -> dict[str, Any]:
    """Return what a body would say if somebody meant it."""
    if "{id}" not in address:
        return {}
    move = SectionMove.objects.filter(office=actor.agency).latest("id")
    line = move.lines.first()
    return {"choices": [{"line": str(line.pk if line else move.pk), "section": None}]}


def _prepared(actor: Actor) -> SectionMove:
    _section(actor)
    return prepare_section_move(actor=actor)


def _section(actor: Actor) -> None:
    """Let the office have a section in which somebody works."""
    if not sections_of(actor.agency):
        a_member(a_section(actor.agency))
