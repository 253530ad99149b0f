"""On which lawful basis somebody looks in: asked when it is proposed, agreed on, begun, changed.

Who looks in reads name, address and telephone of the person, so the agencies for which they do are
receivers like any other; the rules are `carenet.residents.actions.demand_basis`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from carenet import clock
from carenet.access.rules import SharingBasis
from carenet.residents.actions import (
    Claim,
    Fields,
    demand_basis,
    demand_not_refused,
    demand_still,
    learn,
)
from carenet.residents.actions.danger import tell_of_danger
from carenet.residents.models import InformationCategory
from carenet.residents.models.consents import day_after
from carenet.watchover.states import AGREED, WatchStatus, WatchVerb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency
    from carenet.residents.actions import Carried, Known
    from carenet.residents.models import Consent
    from carenet.watchover.models import WatchAssignment

FIELDS = Fields(basis="sharing_basis", words="basis_words", until="basis_until")
#: What whoever looks in gets to know.
READ = frozenset({InformationCategory.IDENTITY.value})
#: Steps by which somebody is let in, or let in again.
LETTING_IN = frozenset({WatchVerb.CONSENT, WatchVerb.ACTIVATE, WatchVerb.RESUME})


def weigh(actor: Actor, watches: Sequence[WatchAssignment]) -> None:
    """Demand that the basis of unsaved or changed watches can hold, and write its end on them.

    The consent itself is asked for when the person has agreed. Raises what `demand_basis` does.
    """
    known = learn(actor, [each.resident for each in watches])
    for watch in watches:
        if watch.sharing_basis == SharingBasis.CONSENT and watch.status == WatchStatus.PROPOSED:
            demand_not_refused(watch.resident, receivers(watch), _claim(watch), known)
        else:
            _demand(actor, watch, known, _claim(watch))


def demand_let_in(
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
    known = learn(actor, [each.resident for each in watches])
    for watch in watches:
        if verb is WatchVerb.CONSENT:
            by_consent = watch.sharing_basis == SharingBasis.CONSENT
            claim = _claim(watch, consent, consent_said)
            _demand(actor, watch, known, claim if by_consent else _claim(watch))
        else:
            demand_lasting(actor, watch, receivers(watch), known)


def demand_lasting(
    actor: Actor, watch: WatchAssignment, agencies: Sequence[Agency], known: Known | None = None
) -> None:
    """Demand that the basis of a watch still carries, for these agencies: other people look in."""
    known = known or learn(actor, [watch.resident])
    if watch.status not in AGREED and watch.sharing_basis == SharingBasis.CONSENT:
        demand_not_refused(watch.resident, agencies, _claim(watch), known)
        return
    demand_still(
        actor=actor,
        resident=watch.resident,
        agencies=agencies,
        claim=_claim(watch, watch.consent),
        over_at=day_after(watch.basis_until) if watch.basis_until else None,
        fields=FIELDS,
        known=known,
    )


def tell_of_watches(actor: Actor, watches: Sequence[WatchAssignment]) -> None:
    """Tell the privacy officer of saved watches that rest on a danger."""
    for watch in watches:
        tell_of_danger(
            actor=actor,
            basis=watch.sharing_basis,
            kind="watchassignment",
            subject_id=watch.pk,
            code=watch.code,
            agencies=receivers(watch),
            until=watch.over_at or clock.now(),
        )


def receivers(watch: WatchAssignment) -> list[Agency]:
    """Return the agencies for which somebody looks in; the responsible one where nobody does."""
    named = {each.pk: each for each in (watch.watcher_agency, watch.backup_agency) if each}
    return list(named.values()) or [watch.responsible_agency]


def _demand(actor: Actor, watch: WatchAssignment, known: Known, claim: Claim) -> Carried:
    carried = demand_basis(
        actor=actor,
        resident=watch.resident,
        agencies=receivers(watch),
        claim=claim,
        fields=FIELDS,
        known=known,
    )
    watch.consent = carried.consent
    last = _last_day(carried.latest) if carried.latest else None
    if last and (watch.basis_until is None or last < watch.basis_until):
        watch.basis_until = last
    return carried


def _claim(
    watch: WatchAssignment,
    consent: Consent | None = None,
    said: Mapping[str, Any] | None = None,
) -> Claim:
    until = day_after(watch.basis_until) if watch.basis_until else None
    return Claim(
        watch.sharing_basis, words=watch.basis_words, consent=consent, said=said or None, until=until,
        categories=READ,
    )  # fmt: skip


def _last_day(end: datetime) -> date:
    """Return the last whole day before an end."""
    day = timezone.localdate(end)
    return day if day_after(day) <= end else day - timedelta(days=1)
