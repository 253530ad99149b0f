"""On which lawful basis somebody looks in: asked when it is proposed, agreed on, begun, changed.

Who looks in reads name, address and telephone of the person, so the agencies for which they do are
receivers like any other; the rules are `carenet.residents.actions.demand_basis`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from carenet.access.policy import demand_object
from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.core import clock
from carenet.residents.actions import (
    Carried,
    Claim,
    Fields,
    Known,
    demand_basis,
    demand_not_refused,
    demand_still,
    learn,
)
from carenet.residents.actions.danger import notify_of_danger
from carenet.residents.models import Consent, InformationCategory, Resident
from carenet.residents.models.consents import day_after
from carenet.watchover.models import WatchAssignment
from carenet.watchover.states import AGREED, WatchStatus, WatchVerb

FIELDS = Fields(basis="sharing_basis", words="basis_words", until="basis_until")
#: What whoever looks in gets to know.
READ = frozenset({InformationCategory.IDENTITY.value})
#: Steps by which somebody is let in, or let in again.
LETTING_IN = frozenset({WatchVerb.CONSENT, WatchVerb.ACTIVATE, WatchVerb.RESUME})


def demand_bases(actor: Actor, watches: Sequence[WatchAssignment]) -> None:
    """Demand that the basis of unsaved or changed watches can hold, and write its end on them.

    The consent itself is asked for when the person has agreed. Raises what `demand_basis` does.
    """
    for basis in {each.sharing_basis for each in watches}:
        demand_object(basis, FIELDS.basis)
    known = learn_of(actor, [each.resident for each in watches])
    for watch in watches:
        if watch.sharing_basis == SharingBasis.CONSENT and watch.status == WatchStatus.PROPOSED:
            demand_not_refused(watch.resident, receivers(watch), claim_of_watch(watch), known)
            watch.consent = None
        else:
            _demand(actor, watch, known, claim_of_watch(watch))


def demand_access(
    actor: Actor,
    watches: Sequence[WatchAssignment],
    verb: WatchVerb,
    consent: Consent | None = None,
    consent_said: Mapping[str, Any] | None = None,
) -> None:
    """Demand that those who look in may be let in by this step; held watches, not saved here.

    With `CONSENT` the basis is judged anew: what the person has agreed to is named, on record, or
    written down now. Later steps ask whether it still carries.
    """
    if verb not in LETTING_IN:
        return
    known = learn_of(actor, [each.resident for each in watches])
    for watch in watches:
        agrees = verb is WatchVerb.CONSENT and watch.sharing_basis == SharingBasis.CONSENT
        if agrees or consent or consent_said:
            _demand(actor, watch, known, claim_of_watch(watch, consent, consent_said))
        else:
            demand_lasting(actor, watch, known)


def demand_lasting(actor: Actor, watch: WatchAssignment, known: Known | None = None) -> None:
    """Demand that the basis of a watch still carries those who look in, as other people do.

    Another consent on record takes the place of one that does not cover them.
    """
    known = known or learn_of(actor, [watch.resident])
    if watch.status not in AGREED and watch.sharing_basis == SharingBasis.CONSENT:
        demand_not_refused(watch.resident, receivers(watch), claim_of_watch(watch), known)
        return
    carried = demand_still(
        actor=actor,
        resident=watch.resident,
        agencies=receivers(watch),
        claim=claim_of_watch(watch),
        over_at=day_after(watch.basis_until) if watch.basis_until else None,
        fields=FIELDS,
        known=known,
    )
    _rest_on(watch, carried)


def notify_of_watches(actor: Actor, watches: Sequence[WatchAssignment]) -> None:
    """Tell the privacy officer of saved watches that rest on a danger."""
    for watch in watches:
        notify_of_danger(
            actor=actor,
            basis=watch.sharing_basis,
            kind="watchassignment",
            subject_id=watch.pk,
            code=watch.code,
            agencies=receivers(watch),
            until=watch.over_at or clock.now(),
        )


def receivers(watch: WatchAssignment) -> list[Agency]:
    """Return the agencies that get to know of the person: for which somebody looks in.

    The responsible one keeps the record; it is named where nobody looks in for another.
    """
    named = {each.pk: each for each in (watch.watcher_agency, watch.backup_agency) if each}
    named.pop(watch.responsible_agency_id, None)
    return list(named.values()) or [watch.responsible_agency]


def learn_of(actor: Actor, residents: Sequence[Resident]) -> Known:
    """Read what is on record: whoever keeps a watch may rest it on any consent of the person."""
    known = learn(actor, residents)
    known.seen |= {each.pk for living in known.living.values() for each in living}
    return known


def _demand(actor: Actor, watch: WatchAssignment, known: Known, claim: Claim) -> None:
    carried = demand_basis(
        actor=actor,
        resident=watch.resident,
        agencies=receivers(watch),
        claim=claim,
        fields=FIELDS,
        known=known,
    )
    _rest_on(watch, carried)


def _rest_on(watch: WatchAssignment, carried: Carried) -> None:
    watch.consent = carried.consent
    last = _last_day(carried.latest) if carried.latest else None
    if last and (watch.basis_until is None or last < watch.basis_until):
        watch.basis_until = last


def claim_of_watch(
    watch: WatchAssignment,
    consent: Consent | None = None,
    said: Mapping[str, Any] | None = None,
) -> Claim:
    """Return what a watch says it rests on."""
    until = day_after(watch.basis_until) if watch.basis_until else None
    return Claim(
        watch.sharing_basis, words=watch.basis_words, consent=consent, said=said or None, until=until,
        categories=READ,
    )  # fmt: skip


def _last_day(end: datetime) -> date:
    """Return the last whole day before an end."""
    day = timezone.localdate(end)
    return day if day_after(day) <= end else day - timedelta(days=1)
