"""Who sees, records and corrects the facts of a person: whoever works with them, and fewer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core.decisions import ALLOWED, Decision, Denied, needs_ability
from carenet.residents.models import FactAudience, Resident, ResidentFact
from carenet.residents.models.facts import TELL_WHERE
from carenet.residents.policy.contacts_and_consents import can_view_details, of_visible
from carenet.residents.policy.resident import address_seen_by, can_edit, can_see_address
from carenet.residents.registry import resident_visibilities


def facts_visible_to(actor: Actor, of: Resident | None = None) -> QuerySet[ResidentFact]:
    """Return the facts of the residents whom the actor sees, as far as each is meant for the actor.

    Earlier versions and ended ones too. `of` is the one person about whom it is asked.
    """
    return ResidentFact.objects.filter(of_visible(actor, of) & shown_facts(actor))


def can_view_fact(actor: Actor, fact: ResidentFact) -> Decision:
    """Whether the actor may see this fact; the object rule of `facts_visible_to`."""
    seen = can_view_details(actor, fact.resident)
    if seen and fact.kind in TELL_WHERE:
        seen = can_see_address(actor, fact.resident)
    if not seen or fact.audience == FactAudience.WORK:
        return seen
    if fact.audience == FactAudience.AGENCY:
        if fact.recorded_by_id == actor.agency_id:
            return ALLOWED
        return Denied(_("This fact is for the agency that recorded it."))
    if sees_case_of(actor, fact.resident):
        return ALLOWED
    return Denied(_("This fact is for those who see a case of the person."), _("A case."))


@needs_ability("residents.edit")
def can_record_fact(actor: Actor, resident: Resident, kind: str = "") -> Decision:
    """Whether the actor may write down a fact, of a kind: whoever works with the person."""
    seen = can_view_details(actor, resident)
    return can_see_address(actor, resident) if seen and kind in TELL_WHERE else seen


@needs_ability("residents.edit")
def can_correct_fact(actor: Actor, fact: ResidentFact) -> Decision:
    """Whether the actor may correct or end a fact: who recorded it, and who keeps the record."""
    seen = can_view_fact(actor, fact)
    if not seen or fact.recorded_by_id == actor.agency_id:
        return seen
    return can_edit(actor, fact.resident)


def sees_case_of(actor: Actor, resident: Resident) -> bool:
    """Whether the actor sees a case of this person now."""
    return Resident.objects.filter(_by_case(actor), pk=resident.pk).exists()


def holds_fact(actor: Actor, kind: str, values: Iterable[str]) -> Q:
    """Return the condition on residents "a fact that the actor sees says so of them, and holds".

    One whose last day is over holds until somebody ends or corrects it: nobody who needs power is
    lost by a date.
    """
    meant = shown_facts(actor) & of_visible(actor, None)
    found = ResidentFact.objects.filter(
        meant,
        resident=OuterRef("pk"),
        kind=kind,
        value__in=list(values),
        replaced_at=None,
        ended_on=None,
    )
    return Q(Exists(found))


def shown_facts(actor: Actor) -> Q:
    """Return the condition on the facts of a person whose details the actor sees."""
    by_case = Resident.objects.filter(_by_case(actor), pk=OuterRef("resident_id"))
    located = Resident.objects.filter(address_seen_by(actor), pk=OuterRef("resident_id"))
    meant = (
        Q(audience=FactAudience.WORK)
        | Q(audience=FactAudience.AGENCY, recorded_by=actor.agency_id)
        | (Q(audience=FactAudience.CASE) & Q(Exists(by_case)))
    )
    return meant & (~Q(kind__in=sorted(TELL_WHERE)) | Q(Exists(located)))


def _by_case(actor: Actor) -> Q:
    """Return the condition on residents "the actor sees a case of theirs"."""
    condition = Q(pk__in=[])
    for way in resident_visibilities:
        if way.by_case:
            condition |= way.sees(actor)
    return condition
