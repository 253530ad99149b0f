"""Who sees a person on the register: those whose work concerns them, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from carenet.access.policy import shared_with
from carenet.decisions import ALLOWED, Decision, Denied
from carenet.residents.models import Resident
from carenet.residents.registry import ways_to_see_a_resident

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor


def visible_to(actor: Actor) -> QuerySet[Resident]:
    """Return the residents whom the actor's own work concerns."""
    if not actor.may("residents.view"):
        return Resident.objects.none()
    condition = _registered_by(actor)
    for way in ways_to_see_a_resident():
        condition |= way.sees(actor)
    return Resident.objects.filter(condition)


def can_view(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may see this person at all; the object rule of `visible_to`."""
    allowed = actor.may("residents.view")
    if not allowed:
        return allowed
    if visible_to(actor).filter(pk=resident.pk).exists():
        return ALLOWED
    return Denied(_("Nothing of your work concerns this person."), _("A case or a referral."))


def can_edit(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may correct the record."""
    allowed = actor.may("residents.edit")
    if not allowed:
        return allowed
    condition = _registered_by(actor)
    for way in ways_to_see_a_resident():
        if way.edits:
            condition |= way.edits(actor)
    if Resident.objects.filter(condition, pk=resident.pk).exists():
        return ALLOWED
    return Denied(
        _("The record is kept by the agency that registered the person, or leads their case."),
        _("The lead of an open case of this person."),
        code="not_record_keeper",
    )


def can_see_address(actor: Actor, resident: Resident) -> Decision:
    """Whether the address may be shown; asked of everybody once it is protected."""
    if not resident.address_protected or resident.registered_by_id == actor.agency_id:
        return ALLOWED
    condition = shared_with(actor, "resident", "view_protected_address")
    if Resident.objects.filter(condition, pk=resident.pk).exists():
        return ALLOWED
    return Denied(
        _("The address of this person is protected."),
        _("A disclosure of the address by the agency that registered the person."),
        code="address_protected",
    )


def can_protect_address(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may lift the protection: the agency that set it alone."""
    if resident.registered_by_id == actor.agency_id or not resident.address_protected:
        return can_edit(actor, resident)
    return Denied(
        _("Only the agency that registered the person may lift the address protection."),
        _("The registration of this person."),
        code="address_protected",
    )


def decide(actor: Actor, codename: str, resident: Resident) -> Decision:
    """Answer `has_perm` for residents."""
    rules = {
        "view_resident": can_view,
        "change_resident": can_edit,
        "view_protected_address": can_see_address,
    }
    rule = rules.get(codename)
    if rule is None:
        return Denied(_("There is no such permission on residents."))
    seen = can_view(actor, resident)
    return rule(actor, resident) if seen else seen


def _registered_by(actor: Actor) -> Q:
    if not actor.does_casework:
        return Q(pk__in=[])
    return Q(registered_by=actor.agency_id)
