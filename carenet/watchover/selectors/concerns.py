"""Whose desk a concern is for, and what is read of concerns."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.selectors import coordinating_office
from carenet.areas.selectors import coordinating_agency, serving_agency
from carenet.watchover import policy
from carenet.watchover.models import Concern


def desk_for(where: str, on: date, municipality_code: str = "") -> Agency | None:
    """Return who serves where an address lies, else who coordinates there, else the ward office.

    None where there is none of them. Whoever it is has somebody who may decide about a concern.
    Without a municipality it is looked for in every one that has a ward office here, and where the
    address says nothing, the first of them takes it: rather there than nowhere.
    """
    codes = [municipality_code] if municipality_code else _municipalities()
    for code in codes:
        found = serving_agency(where, on, code, for_ability="concerns.triage")
        found = found or coordinating_agency(where, on, code)
        if found:
            return found
    offices = (coordinating_office(code) for code in codes)
    return next((office for office in offices if office), None)


def concerns(actor: Actor) -> QuerySet[Concern]:
    """Return the visible concerns with what their representation shows."""
    return policy.concerns_visible_to(actor).select_related(
        "agency", "from_agency", "by_user", "triaged_by"
    )


def of_receipt(receipt: str) -> Concern | None:
    """Return the concern of which somebody holds the receipt."""
    return Concern.objects.filter(receipt=hash_of(receipt)).first()


def hash_of(secret: str) -> str:
    """Return what is kept of a secret that somebody holds: it is random, so that it needs no salt."""
    return sha256(secret.encode()).hexdigest()


def _municipalities() -> list[str]:
    offices = Agency.objects.filter(kind=AgencyKind.WARD_OFFICE, active=True).order_by("id")
    return list(dict.fromkeys(offices.values_list("municipality_code", flat=True)))
