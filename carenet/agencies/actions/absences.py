"""When a member is away, and who stands in meanwhile."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from carenet.agencies import policy
from carenet.agencies.actions.locks import lock_agency
from carenet.agencies.actors import Actor
from carenet.agencies.models import Absence, Membership, User
from carenet.agencies.registry import member_unavailable
from carenet.agencies.selectors import actor_of
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import not_ended
from carenet.rest.limits import demand_near, demand_recent


@transaction.atomic
def record_absence(
    *,
    actor: Actor,
    membership: Membership,
    since: datetime | None = None,
    until: datetime | None = None,
    deputy: User | None = None,
) -> Absence:
    """Say that a member is away: from now without `since`, until further notice without `until`.

    Raises `Invalid` for an end before the beginning or in the past, or a deputy from elsewhere;
    `Conflict` when the member is away then already.
    """
    demand(policy.can_record_absence(actor, membership))
    lock_agency(membership.agency)
    absence = Absence(membership=membership, since=since or clock.now(), until=until, deputy=deputy)
    _check(absence)
    _demand_no_other(absence)
    absence.save(force_insert=True)
    log_write(
        actor.who, "agency.record_absence", "agency", membership.agency_id,
        member=str(membership.user_id), absence=str(absence.pk),
    )  # fmt: skip
    if absence.since <= clock.now():
        member_unavailable(actor=actor, membership=membership)
    return absence


@transaction.atomic
def end_absence(*, actor: Actor, absence: Absence) -> Absence:
    """Say that the member is back; one that had not begun does not take place.

    Raises `Conflict` when it is over already.
    """
    demand(policy.can_record_absence(actor, absence.membership))
    lock_agency(absence.membership.agency)
    absence.refresh_from_db(fields=["since", "until"])
    now = clock.now()
    if absence.until is not None and absence.until <= max(now, absence.since):
        raise Conflict(_("This absence is over already."))
    absence.until = max(now, absence.since)
    absence.save(update_fields=["until"])
    log_write(
        actor.who, "agency.end_absence", "agency", absence.membership.agency_id,
        member=str(absence.membership.user_id), absence=str(absence.pk),
    )  # fmt: skip
    return absence


def _check(absence: Absence) -> None:
    if absence.until is not None and absence.until <= max(absence.since, clock.now()):
        raise Invalid({"until": _("Give a time in the future, after the beginning.")})
    demand_recent("since", absence.since, began=absence.membership.since)
    for name, given in (("since", absence.since), ("until", absence.until)):
        demand_near(name, given, "AGENCY_ABSENCE_MOST_DAYS")
    if absence.deputy is None:
        return
    theirs = actor_of(absence.deputy, absence.membership.agency)
    if theirs is None or absence.deputy_id == absence.membership.user_id:
        raise Invalid({"deputy": _("Choose another member of the same agency.")})


def _demand_no_other(absence: Absence) -> None:
    """Refuse two absences at the same time: it would not be clear who stands in."""
    others = Absence.objects.filter(membership=absence.membership).exclude(until=F("since"))
    overlapping = others.filter(not_ended(absence.since))
    if absence.until is not None:
        overlapping = overlapping.filter(since__lt=absence.until)
    if overlapping.exists():
        raise Conflict(
            _("This member is away then already. End that absence first."), code="absence_exists"
        )
