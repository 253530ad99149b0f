"""The clause that every guarded room's `visible_to` builds on, and which bases can hold at all."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carenet.access.registry import object_of, shares_of
from carenet.access.rules import BASES, Giver, Ground, SharingBasis
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.errors import NeedsItsObject
from carenet.core.models import not_ended

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What is said of a basis whose object is not there.
_MISSING = {
    Ground.REPORT: _("This basis rests on an abuse report that your agency holds: take it first."),
    Ground.AGENDA_ITEM: _(
        "This basis rests on an item of a meeting's agenda, and this service keeps no meetings yet."
    ),
    Ground.ROSTER: _(
        "This basis rests on an agreement or consent of the roster for disasters, and this service"
        " keeps no such roster yet."
    ),
    Ground.DECLARATION: _(
        "This basis rests on a declared disaster, and none can be declared in this service yet."
    ),
}


def shared_with(actor: Actor, kind: str, *codenames: str, ref: str = "pk") -> Q:
    """Return the condition "one of these permissions is shared with the actor's agency now".

    `ref` names the column of the outer query that holds the guarded object's id. Only those who do
    casework receive shares: watchers and auditors match nothing.
    """
    if not actor.does_casework:
        return Q(pk__in=[])
    shares = shares_of(kind).objects.filter(
        content_object=OuterRef(ref),
        group=actor.group_id,
        permission__codename__in=codenames,
    )
    return Q(Exists(shares.filter(not_ended(clock.now()))))


def demand_object(basis: str, field: str = "basis") -> None:
    """Raise `NeedsItsObject` for a basis that rests on an object of which no room keeps any.

    Asked wherever a basis is taken down, drafts and proposals too; `field` is what the caller calls it.
    """
    if not basis:
        return
    rule = BASES[SharingBasis(basis)]
    if rule.needs_object and object_of(basis) is None:
        raise needs_object(basis, field)


def needs_object(basis: str, field: str = "basis") -> NeedsItsObject:
    """Return the error that says what is missing, and that a word does not stand in for it."""
    missing = _MISSING[BASES[SharingBasis(basis)].ground]
    return NeedsItsObject({field: f"{missing} {gettext('A word alone opens nothing.')}"})


def bases_that_can_hold() -> list[SharingBasis]:
    """Return the bases that a form offers: those whose object some room keeps, or that need none."""
    return [each for each, rule in BASES.items() if not rule.needs_object or object_of(each)]


def choices_of_basis(
    nothing: StrOrPromise = "",
    *,
    actor: Actor | None = None,
    resident_id: UUID | None = None,
    case_id: UUID | None = None,
) -> list[tuple[str, StrOrPromise]]:
    """Return the bases that a form offers with their names, and first what choosing none is called.

    With an actor those that they may give: an organ's to the ward office and its sections alone, and
    what rests on a report to who holds one about this person.
    """
    offered: list[tuple[str, StrOrPromise]] = [("", nothing)] if nothing else []
    for each in bases_that_can_hold():
        rule, find = BASES[each], object_of(each)
        if actor and rule.giver is Giver.ORGAN and not actor.agency.is_organ:
            continue
        if actor and find:
            if resident_id is None:
                continue
            if find(actor=actor, resident_id=resident_id, case_id=case_id) is None:
                continue
        offered.append((each.value, each.label))
    return offered
