"""What an agency publishes about its capacity."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies import policy
from carenet.agencies.actions.locks import lock_agency, who_of
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Capacity, CapacityState
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.rest.limits import demand_near


@transaction.atomic
def publish_capacity(
    *,
    actor: Actor | None,
    agency: Agency,
    state: CapacityState,
    closed_until: date | None = None,
    note: str = "",
    version: int | None = None,
) -> Agency:
    """Say whether the agency takes on more; returns the agency under its next version.

    `closed_until` is the last closed day, and belongs to `CLOSED` alone. Raises `Invalid` for a day
    that is missing, past or out of place, `PreconditionFailed` when `version` (of the agency) is stale.
    """
    demand(policy.can_publish_capacity(actor, agency))
    _check(state, closed_until)
    held = lock_agency(agency, version)
    said = {"state": state, "closed_until": closed_until, "note": note}
    Capacity.objects.update_or_create(agency=held, defaults={**said, "published_at": clock.now()})
    held.save_version()
    log_write(who_of(actor), "agency.publish_capacity", "agency", held.pk, state=str(state))
    return held


def _check(state: CapacityState, closed_until: date | None) -> None:
    if state != CapacityState.CLOSED and closed_until:
        raise Invalid({"closed_until": _("Leave it out unless the state is “closed”.")})
    if state == CapacityState.CLOSED and closed_until is None:
        raise Invalid({"closed_until": _("Give the last day on which you take no referrals.")})
    if closed_until and closed_until < clock.today():
        raise Invalid({"closed_until": _("Give today or a later day.")})
    demand_near("closed_until", closed_until, "AGENCY_CLOSED_MOST_DAYS")
