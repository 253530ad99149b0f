"""Who lives with whom: members come and leave; the household itself is only their bracket."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import get_visible
from carenet.residents.actions.locks import demand_living, lock_resident
from carenet.residents.models import Household, HouseholdMember, Resident
from carenet.residents.policy import can_edit, can_see_address, memberships_visible_to
from carenet.rest.limits import demand_lived


@transaction.atomic
def found_household(
    *, actor: Actor, resident: Resident, role: str, since: date | None = None
) -> HouseholdMember:
    """Begin a household with its first member; the others join it with `join_household`."""
    household = Household.objects.create()
    return join_household(
        actor=actor, household=household, resident=resident, role=role, since=since
    )


@transaction.atomic
def join_household(
    *,
    actor: Actor,
    household: Household,
    resident: Resident,
    role: str,
    since: date | None = None,
) -> HouseholdMember:
    """Put a person whose record the actor keeps into a household that the caller has looked up.

    Where somebody lives is written only by whoever may see it. Raises `Conflict` for a person who is
    in a household now, `Invalid` for a day in the future.
    """
    held = lock_resident(actor, resident.pk)
    demand(can_edit(actor, held))
    demand(can_see_address(actor, held))
    demand_living(held)
    if since and since > clock.today():
        raise Invalid({"since": _("Give a day that is not in the future.")})
    demand_lived("since", since, held.born_by)
    if held.memberships.filter(ended_at=None).exists():
        raise Conflict(_("This person is in a household already. End that first."))
    member = HouseholdMember.objects.create(
        household=household, resident=held, role=role, since=since
    )
    log_write(actor.who, "household.join", "household", household.pk, resident=str(held.pk))
    return member


@transaction.atomic
def leave_household(
    *,
    actor: Actor,
    household_id: UUID,
    member_id: UUID,
    until: date | None = None,
) -> HouseholdMember:
    """Say that a member does not live there any more; what was written stays."""
    found = memberships_visible_to(actor).filter(pk=member_id, household=household_id)
    member = get_visible(found)
    held = lock_resident(actor, member.resident_id)
    demand(can_edit(actor, held))
    member.refresh_from_db()
    if member.ended_at:
        raise Conflict(_("This person has left the household already."))
    member.until, member.ended_at = until or clock.today(), clock.now()
    if member.until > clock.today() or (member.since and member.until < member.since):
        raise Invalid({"until": _("Give a day from since to today.")})
    demand_lived("until", member.until, held.born_by)
    member.save(update_fields=["until", "ended_at"])
    log_write(actor.who, "household.leave", "household", household_id, resident=str(held.pk))
    return member
