"""What is claimed as a lawful basis, what is known about the people it concerns, and what is found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from carenet.access.registry import BasisObject, Standing, standings_of
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.residents.models import Consent, ConsentWithdrawal, InformationCategory, Resident
from carenet.residents.policy import consents_visible_to


@dataclass(frozen=True, slots=True)
class Fields:
    """What the caller calls the fields, so that an error points at the right one."""

    basis: str = "basis"
    words: str = "reason"
    consent: str = "consent"
    said: str = "consent_said"
    until: str = "until"


FIELDS = Fields()


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says a disclosure rests on; judged by `demand_basis`.

    `consent` is a word of the person on record, `said` one that is written down in the same breath:
    `method`, `given_by`, and if need be `stated_on`, `expires_on`, `note`. `until` is when it is to
    end; None: as late as the basis carries it.
    """

    basis: str
    words: str = ""
    consent: Consent | None = None
    said: Mapping[str, Any] | None = None
    until: datetime | None = None
    discloses_address: bool = False
    categories: frozenset[str] = frozenset({InformationCategory.SUPPORT.value})


def claim_of(
    basis: str,
    words: str = "",
    *,
    consent: Consent | None = None,
    consent_said: Mapping[str, Any] | None = None,
    until: datetime | None = None,
) -> Claim:
    """Return a claim from the fields that a request has."""
    return Claim(basis, words, consent, consent_said, until)


@dataclass(frozen=True, slots=True)
class Carried:
    """A basis that holds: until when, and the consent or object on which it rests.

    `latest` is the end that the table sets; None while it has no day yet: a consent without an end, a
    case that is open. `until` is a day in any case.
    """

    until: datetime
    latest: datetime | None
    consent: Consent | None = None
    rests_on: BasisObject | None = None


@dataclass(slots=True)
class Known:
    """What is on record about some people, read once for all of them, their consents locked."""

    living: dict[UUID, list[Consent]] = field(default_factory=lambda: defaultdict(list))
    over: set[UUID] = field(default_factory=set)
    seen: set[UUID] = field(default_factory=set)
    standings: list[Standing] = field(default_factory=list)


def learn(actor: Actor, residents: Iterable[Resident]) -> Known:
    """Read what `demand_basis` asks about these people, in as many queries for many as for one.

    The consents are locked, so that a withdrawal comes before what is given now, or ends it.
    """
    ids = [each.pk for each in residents]
    rows = Consent.objects.filter(resident__in=ids).select_for_update(of=("self",), no_key=True)
    consents = list(rows.order_by("pk"))
    # Locked first and asked then: a withdrawal that was waited for must be seen.
    gone = ConsentWithdrawal.objects.filter(consent__in=[each.pk for each in consents])
    withdrawn, today, known = set(gone.values_list("consent", flat=True)), clock.today(), Known()
    for each in consents:
        if each.pk in withdrawn or (each.expires_on and each.expires_on < today):
            known.over.add(each.pk)
        else:
            known.living[each.resident_id].append(each)
    if consents:
        seen = consents_visible_to(actor).filter(pk__in=[each.pk for each in consents])
        known.seen = set(seen.values_list("pk", flat=True))
    known.standings = standings_of(actor, ids)
    return known
