"""Facts of a person: written down, corrected by a new version, ended on a day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible
from carenet.residents import policy
from carenet.residents.actions.locks import demand_living, lock_resident
from carenet.residents.models import FactAudience, FactKind, Resident, ResidentFact
from carenet.residents.models.facts import SEVERAL, VALUES
from carenet.rest.limits import demand_lived, demand_near

#: What a correction takes over where it says nothing.
_CORRECTED = ("value", "detail", "source", "audience", "known_on", "expires_on")


@transaction.atomic
def record_fact(
    *, actor: Actor, resident_id: UUID, known_on: date | None = None, **fields: Any
) -> ResidentFact:
    """Write down a fact, known to hold since `known_on` (today).

    `fields` are kind, value, detail, source, audience, expires_on. Raises `Conflict` for an ended record
    or where another value is written down already, `Invalid` for what its kind does not know.
    """
    resident = lock_resident(actor, resident_id)
    demand(policy.can_record_fact(actor, resident, fields["kind"]))
    demand_living(resident)
    fact = ResidentFact(resident=resident, known_on=known_on or clock.today(), **fields)
    _demand_no_other(actor, fact)
    _save(actor, fact)
    log_write(actor.who, "fact.record", "residentfact", fact.pk, resident=str(resident.pk))
    return fact


@transaction.atomic
def correct_fact(
    *,
    actor: Actor,
    resident_id: UUID,
    fact_id: UUID,
    version: int | None = None,
    **changes: Any,
) -> ResidentFact:
    """Put a new version in the place of a fact; the earlier one stays as it was written.

    What is not among `changes` is taken over. Raises `Conflict` for a fact that no longer holds,
    `Invalid` where fewer people would read the new version.
    """
    resident, corrected = _lock(actor, resident_id, fact_id, version)
    told = {name: changes.get(name, getattr(corrected, name)) for name in _CORRECTED}
    if told["audience"] not in {corrected.audience, FactAudience.WORK}:
        raise Invalid(
            {"audience": _("Whoever reads the fact must be able to read its correction: end it.")}
        )
    fact = ResidentFact(resident=resident, kind=corrected.kind, replaces=corrected, **told)
    corrected.replaced_at = clock.now()
    corrected.save_version("replaced_at")
    _save(actor, fact)
    fact.replaces_seen = True  # type: ignore[attr-defined]  # as a query finds it
    log_write(
        actor.who, "fact.correct", "residentfact", fact.pk, corrected.pk, fields=sorted(changes)
    )
    return fact


@transaction.atomic
def end_fact(
    *,
    actor: Actor,
    resident_id: UUID,
    fact_id: UUID,
    ended_on: date | None = None,
    version: int | None = None,
) -> ResidentFact:
    """Say until which day a fact held, today without one; what was written stays."""
    _resident, fact = _lock(actor, resident_id, fact_id, version)
    fact.ended_on = ended_on or clock.today()
    if fact.ended_on > clock.today():
        raise Invalid({"ended_on": _("Give a day that is not in the future.")})
    if fact.ended_on < fact.known_on:
        raise Invalid({"ended_on": _("Give a day that is not before known_on.")})
    fact.save_version("ended_on")
    log_write(actor.who, "fact.end", "residentfact", fact.pk)
    return fact


def _lock(
    actor: Actor, resident_id: UUID, fact_id: UUID, version: int | None
) -> tuple[Resident, ResidentFact]:
    resident = lock_resident(actor, resident_id)
    fact = get_visible(policy.facts_visible_to(actor, resident), pk=fact_id)
    demand(policy.can_correct_fact(actor, fact))
    demand_living(resident)
    check_version(fact, version)
    if not fact.holds:
        raise Conflict(_("This fact was corrected or has ended. Look at the person again."))
    return resident, fact


def _save(actor: Actor, fact: ResidentFact) -> None:
    _check(actor, fact)
    fact.recorded_by, fact.recorded_by_person = actor.agency, actor.user
    fact.save()


def _check(actor: Actor, fact: ResidentFact) -> None:
    codes = VALUES[FactKind(fact.kind)]
    known = codes.values if codes else [""]
    if fact.value not in known:
        if not codes:
            raise Invalid({"value": _("Say this in words, under “detail”.")})
        raise Invalid({"value": _("Give one of: %(known)s.") % {"known": ", ".join(known)}})
    fact.detail = fact.detail.strip()
    if fact.value in {"", "other"} and not fact.detail:
        raise Invalid({"detail": _("Say in words what it is.")})
    if fact.known_on > clock.today():
        raise Invalid({"known_on": _("Give a day that is not in the future.")})
    demand_lived("known_on", fact.known_on, fact.resident.born_by)
    demand_near("expires_on", fact.expires_on, "RESIDENT_FACT_MOST_DAYS")
    if fact.expires_on and fact.expires_on < fact.known_on:
        raise Invalid({"expires_on": _("Give a day that is not before known_on.")})
    of_case = fact.audience == FactAudience.CASE
    if of_case and not policy.sees_case_of(actor, fact.resident):
        raise Invalid({"audience": _("You see no case of this person: choose other readers.")})


def _demand_no_other(actor: Actor, fact: ResidentFact) -> None:
    """Raise `Conflict` where the actor sees another one that holds of a kind of which there is one."""
    if fact.kind in SEVERAL:
        return
    others = policy.facts_visible_to(actor, fact.resident).filter(
        kind=fact.kind, audience=fact.audience, replaced_at=None, ended_on=None
    )
    if others.exists():
        raise Conflict(_("Something is written down here already. Correct it, or end it first."))
