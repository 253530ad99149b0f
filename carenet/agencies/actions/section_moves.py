"""What the ward office has goes to its sections: a preview, choices, and a person who confirms.

Until then nothing changes hands. A batch is one transaction: all of it goes, or none. What a case
carries goes with it, by the same functions that pass it on when an agency closes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from carenet.agencies import policy
from carenet.agencies.actions.locks import lock_agency
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, SectionMove, SectionMoveLine, User
from carenet.agencies.registry import (
    ClosureBatch,
    ClosureKind,
    closure_kinds,
    moved_to_section,
)
from carenet.agencies.selectors.section_moves import movable, movable_kinds, sections_of
from carenet.agencies.states import SectionGround, SectionMoveState, SectionOutcome
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Forbidden, Invalid
from carenet.core.models import check_version, get_visible

#: As many things as one batch holds: as many as a person looks at, and one transaction carries.
AT_ONCE = 50
#: What the trail calls it.
KIND = "sectionmove"


@transaction.atomic
def prepare_section_move(*, actor: Actor) -> SectionMove:
    """Write down what would go where, for a person to look at; nothing changes by that.

    What was left with the office before comes once nothing else is left. Raises `Conflict` while
    another batch waits, where no section has people, and where nothing is left.
    """
    demand(policy.can_move_to_sections(actor))
    office = lock_agency(actor.agency)
    if SectionMove.objects.filter(office=office, state=SectionMoveState.PREPARED).exists():
        raise Conflict(
            _("A batch is prepared already. Confirm or withdraw that one."), code="move_exists"
        )
    sections = {each.section: each for each in sections_of(office)}
    if not sections:
        raise Conflict(
            _("No section of this office has people yet. Ask the operator of the service."),
            code="no_sections",
        )
    move = SectionMove(office=office, prepared_by=_person(actor))
    lines = list(_lines(move, sections, again=False)) or list(_lines(move, sections, again=True))
    if not lines:
        raise Conflict(_("Nothing is left that could go to a section."), code="nothing_to_move")
    move.save(force_insert=True)
    SectionMoveLine.objects.bulk_create(lines)
    log_write(actor.who, "agency.prepare_sections", KIND, move.pk, lines=len(lines))
    return move


@transaction.atomic
def choose_sections(
    *, actor: Actor, move_id: UUID, chosen: Mapping[UUID, UUID | None], version: int | None = None
) -> SectionMove:
    """Say for lines of a prepared batch which section they go to; None: they stay with the office.

    Raises `Invalid` for anything but a section of the office that has people, and for something
    restricted that the actor does not see.
    """
    move = _lock(actor, move_id, version)
    sections = {each.pk: each for each in sections_of(move.office)}
    lines = {each.pk: each for each in move.lines.all()}
    wrong = {
        f"section_{pk}": _("Choose a section of this office in which somebody works.")
        for pk, section in chosen.items()
        if pk not in lines or (section is not None and section not in sections)
    }
    anew = {pk for pk, section in chosen.items() if section} & lines.keys()
    wrong |= _refused(actor, [lines[pk] for pk in anew if lines[pk].section_id != chosen[pk]])
    if wrong:
        raise Invalid(wrong)
    for pk, section in chosen.items():
        lines[pk].section = sections[section] if section else None
    SectionMoveLine.objects.bulk_update([lines[pk] for pk in chosen], ["section"])
    move.save_version()
    log_write(actor.who, "agency.choose_sections", KIND, move.pk)
    return move


@transaction.atomic
def confirm_section_move(*, actor: Actor, move_id: UUID, version: int) -> SectionMove:
    """Let the lines of a batch go to the sections chosen, as the version shows them that was seen.

    What has changed meanwhile (it ended, was restricted, or somebody else took it over) is left as it
    is, and the line says so. Raises `PreconditionFailed` for another version.
    """
    move = _lock(actor, move_id, version)
    office = lock_agency(move.office)
    able = {each.pk for each in sections_of(office)}
    lines = list(move.lines.select_related("section").order_by("id"))
    if any(each.section_id and each.section_id not in able for each in lines):
        raise Conflict(
            _("A section that was chosen cannot take over any more. Choose again."),
            code="successor_unfit",
        )
    going: dict[tuple[str, UUID], list[SectionMoveLine]] = defaultdict(list)
    for line in lines:
        line.outcome = SectionOutcome.STAYS
        if line.section_id:
            going[line.kind, line.section_id].append(line)
    for kind in movable_kinds():
        for (name, _section), group in sorted(going.items(), key=lambda each: each[0]):
            if name == kind.name:
                _move(actor, office, kind, group)
    SectionMoveLine.objects.bulk_update(lines, ["outcome"])
    move.state, move.ended_at, move.confirmed_by = (
        SectionMoveState.DONE,
        clock.now(),
        _person(actor),
    )
    move.save_version()
    log_write(actor.who, "agency.confirm_sections", KIND, move.pk)
    return move


@transaction.atomic
def withdraw_section_move(
    *, actor: Actor, move_id: UUID, version: int | None = None
) -> SectionMove:
    """Throw a prepared batch away: everything stays where it is."""
    move = _lock(actor, move_id, version)
    move.state, move.ended_at = SectionMoveState.WITHDRAWN, clock.now()
    move.save_version()
    log_write(actor.who, "agency.withdraw_sections", KIND, move.pk)
    return move


def _lock(actor: Actor, move_id: UUID, version: int | None) -> SectionMove:
    demand(policy.can_move_to_sections(actor))
    found = policy.section_moves_visible_to(actor).select_for_update(of=("self",))
    move = get_visible(found.select_related("office"), pk=move_id)
    check_version(move, version)
    if move.state != SectionMoveState.PREPARED:
        raise Conflict(_("This batch is over. Prepare another one."))
    return move


def _lines(
    move: SectionMove, sections: Mapping[str, Agency], *, again: bool
) -> Iterator[SectionMoveLine]:
    """Yield a line for each thing, as many as a batch holds."""
    stayed = SectionMoveLine.objects.filter(
        move__office=move.office, move__state=SectionMoveState.DONE, outcome=SectionOutcome.STAYS
    )
    room = AT_ONCE
    for kind in movable_kinds():
        rows = movable(move.office, kind).order_by("pk")
        if not again:
            rows = rows.exclude(pk__in=stayed.values("object_id"))
        found = list(rows[:room])
        room -= len(found)
        suggested = kind.to_section.suggest(found) if kind.to_section and found else {}
        for row in found:
            said = suggested[row.pk]
            yield SectionMoveLine(
                move=move, kind=kind.name, object_id=row.pk, code=said.code,
                suggested=said.section or "", because=said.because,
                section=sections.get(said.section or ""),
            )  # fmt: skip


def _move(actor: Actor, office: Agency, kind: ClosureKind, lines: list[SectionMoveLine]) -> None:
    """Let the things of one kind go to one section, with what hangs on them."""
    found = movable(office, kind).filter(pk__in=[each.object_id for each in lines])
    if kind.of_cases:
        # Whoever changes one of them meanwhile comes first, or waits.
        list(found.select_for_update(of=("self",)).order_by("pk"))
    unseen = _unseen(actor, kind, lines)
    rows = [row for row in _as_seen(kind, lines, list(found)) if row.pk not in unseen]
    there = {row.pk for row in rows}
    for line in lines:
        if line.object_id in there:
            line.outcome = SectionOutcome.MOVED
        elif line.object_id not in unseen:
            line.outcome = SectionOutcome.CHANGED
    section = lines[0].section
    if not rows or section is None or kind.settle is None:
        return
    batch = ClosureBatch(actor, office, rows, section)
    kind.settle(batch)
    about = set(there)
    if kind.to_section:
        about |= set(kind.to_section.about(batch.ids))
    if kind.of_cases:
        about |= _move_with_cases(batch)
    moved_to_section(batch=batch, about=about)


def _as_seen(kind: ClosureKind, lines: list[SectionMoveLine], rows: list[Any]) -> list[Any]:
    """Return those that are not restricted by now, unless they were so when the choice was made.

    Somebody of the section is named to a restricted case: that is not to come of an earlier preview.
    """
    restricted = SectionGround.RESTRICTED
    known = {each.object_id for each in lines if each.because == restricted}
    suggested = kind.to_section.suggest(rows) if kind.to_section and rows else {}
    return [row for row in rows if row.pk in known or suggested[row.pk].because != restricted]


def _unseen(actor: Actor, kind: ClosureKind, lines: list[SectionMoveLine]) -> set[UUID]:
    """Return what of these is restricted, and not for the actor to see: no manager lets that go.

    Somebody of the section is named to it, who could be the same person.
    """
    wanted = {each.object_id for each in lines if each.because == SectionGround.RESTRICTED}
    if not wanted or kind.to_section is None or kind.to_section.visible_to is None:
        return set()
    seen = kind.to_section.visible_to(actor).filter(pk__in=wanted)
    return wanted - set(seen.values_list("pk", flat=True))


def _refused(actor: Actor, lines: list[SectionMoveLine]) -> dict[str, str]:
    """Return for lines that are to go why one of them does not by this actor's hand."""
    kinds = {kind.name: kind for kind in movable_kinds()}
    told = _("This case is restricted: whoever is named to it says where it goes.")
    return {
        f"section_{each.pk}": told
        for each in lines
        if each.kind in kinds and _unseen(actor, kinds[each.kind], [each])
    }


def _move_with_cases(cases: ClosureBatch) -> set[Any]:
    """Let follow what names these cases, and none that is led elsewhere in the office."""
    elsewhere = [cases.agency.pk]
    elsewhere += [each.pk for each in cases.agency.sections.all() if each != cases.successor]
    about: set[Any] = set()
    for kind in closure_kinds():
        if not kind.by_case or kind.settle is None:
            continue
        theirs, others = Q(pk__in=[]), Q(pk__in=[])
        for lookup in kind.by_case:
            theirs |= Q(**{f"{lookup}__in": cases.ids})
            others |= Q(**{f"{lookup}__lead_agency__in": elsewhere})
        found = kind.found(cases.agency)
        keys = found.filter(theirs).exclude(others).order_by().values("pk")
        rows = list(found.filter(pk__in=keys))
        if rows:
            kind.settle(ClosureBatch(cases.actor, cases.agency, rows, cases.successor))
            about |= {row.pk for row in rows}
    return about


def _person(actor: Actor) -> User:
    if actor.user is None:
        raise Forbidden(_("This is for a person to do, not for a system."))
    return actor.user
