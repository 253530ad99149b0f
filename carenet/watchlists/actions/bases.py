"""On which lawful basis the city's list is delivered, and on which somebody calls for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from carenet.access.policy import demand_object
from carenet.access.rules import BASES, End, Giver, Ground, SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import ORGAN_KINDS, Agency
from carenet.core import clock
from carenet.core.errors import Conflict, Invalid
from carenet.residents.actions import Claim, Known, demand_basis, demand_not_refused
from carenet.residents.actions.bases import not_yours
from carenet.residents.models import Resident
from carenet.residents.models.consents import day_after
from carenet.watchlists.models import ListEntry, ListEvent
from carenet.watchlists.states import ListVerb
from carenet.watchover.actions.bases import FIELDS, READ, learn_of

#: What a list may be delivered on: a danger, a report or an object is one person's, not a list's.
OF_LISTS = frozenset(
    basis
    for basis, rule in BASES.items()
    if rule.ground in {Ground.CONSENT, Ground.PURPOSE, Ground.REASON}
)


def demand_of_list(basis: str) -> None:
    """Demand that a whole list can be delivered on a basis; raises `Invalid`, `NeedsItsObject`."""
    demand_object(basis, FIELDS.basis)
    if basis not in OF_LISTS:
        raise Invalid(
            {
                FIELDS.basis: _(
                    "This basis is about one person, not about a list. Choose the one on which the "
                    "ward office has delivered it."
                )
            }
        )


def end_of_list(basis: str, wanted: date | None) -> date | None:
    """Return the last day of a list: as wanted, but no later than the table lets its basis last."""
    if BASES[SharingBasis(basis)].end is not End.ORGAN:
        return wanted
    latest = clock.today() + timedelta(days=settings.BASIS_ORGAN_DAYS)
    return min(wanted or latest, latest)


def demand_visits(actor: Actor, entries: Sequence[ListEntry], agency: Agency | None) -> None:
    """Demand that the basis of their lists lets an agency call on these people for the first time.

    What an administrative organ alone gives, the ward office has given with the lines that it took in
    itself, or gives by sending somebody; a line that came in otherwise opens its person to another
    agency by a consent alone. Refused stays refused. Raises what `demand_basis` does.
    """
    given = from_ward_office(entries)
    people = [each.resident for each in entries if each.resident]
    known = learn_of(actor, people)
    for entry in entries:
        watch_list, person = entry.watch_list, entry.resident
        if person is None:
            continue
        to = [agency or watch_list.agency]
        until = day_after(watch_list.basis_until) if watch_list.basis_until else None
        claim = Claim(watch_list.sharing_basis, words=watch_list.name, categories=READ)
        by_organ = BASES[SharingBasis(claim.basis)].giver is Giver.ORGAN
        if to == [watch_list.agency] or (by_organ and (entry.pk in given or is_organ(actor))):
            demand_not_refused(person, to, claim, known)
        elif by_organ:
            _demand_consent(actor, person, to, known)
        else:
            demand_of_list(claim.basis)
            demand_basis(
                actor=actor, resident=person, agencies=to, claim=claim, fields=FIELDS, known=known
            )
        if until and until <= clock.now():
            raise Conflict(
                _("The lawful basis of this list has run out. Ask the ward office for a new one."),
                code="basis_over",
            )


def from_ward_office(entries: Sequence[ListEntry]) -> set[UUID]:
    """Return which of these lines the ward office, or one of its sections, has taken in itself."""
    taken_in = ListEvent.objects.filter(
        entry__in=[each.pk for each in entries],
        verb=ListVerb.IMPORT,
        by_agency__kind__in=ORGAN_KINDS,
    )
    return set(taken_in.values_list("entry", flat=True))


def is_organ(actor: Actor) -> bool:
    """Whether somebody acts for the ward office or one of its sections."""
    return actor.agency.is_organ


def _demand_consent(
    actor: Actor, person: Resident, agencies: Sequence[Agency], known: Known
) -> None:
    claim = Claim(SharingBasis.CONSENT, categories=READ)
    try:
        demand_basis(
            actor=actor, resident=person, agencies=agencies, claim=claim, fields=FIELDS, known=known
        )
    except Invalid:
        raise not_yours(
            _("The ward office takes in this line or sends the visit, or the person consents.")
        ) from None
