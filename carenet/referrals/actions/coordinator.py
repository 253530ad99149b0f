"""Who watches over a referral besides its two sides (C)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.agencies.selectors import coordinating_office
from carenet.areas.selectors import coordinating_agency
from carenet.core import clock

if TYPE_CHECKING:
    from carenet.agencies.models import Agency
    from carenet.referrals.models import Referral


def coordinator_of(referral: Referral) -> Agency | None:
    """Return the agency that coordinates where the person lives, or else the ward office.

    Nobody watches over themselves: not an agency that is S or R. And where a protected person lives
    is told to nobody by this either.
    """
    person, municipality = referral.resident, referral.sender.municipality_code
    if person.address and not person.address_protected:
        found = coordinating_agency(person.address, clock.today(), municipality)
        if found and found.pk not in {referral.sender_id, referral.receiver_id}:
            return found
    return coordinating_office(municipality)
