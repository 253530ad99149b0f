"""Who sees a person on the register: those whose work concerns them, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from carenet.access.policy import shared_with
from carenet.decisions import ALLOWED, Decision, Denied
from carenet.residents.models import (
    Certification,
    Consent,
    ConsentPole,
    Contact,
    EndedBecause,
    HouseholdMember,
    Resident,
)
from carenet.residents.models.consents import naming
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
    if Resident.objects.filter(_kept_by(actor), pk=resident.pk).exists():
        return ALLOWED
    return _not_record_keeper()


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


def _kept_by(actor: Actor) -> Q:
    """Return the condition on residents "the actor's agency keeps the record"."""
    condition = _registered_by(actor)
    for way in ways_to_see_a_resident():
        if way.edits:
            condition |= way.edits(actor)
    return condition


# What hangs on a person: for the casework of whoever sees them.


def can_view_details(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may see contacts, certifications, consents and households of a person."""
    allowed = actor.may("residents.view_details")
    return can_view(actor, resident) if allowed else allowed


def contacts_visible_to(actor: Actor) -> QuerySet[Contact]:
    """Return the contacts of the residents whom the actor sees; ended ones too."""
    return Contact.objects.filter(_of_visible(actor))


def certifications_visible_to(actor: Actor) -> QuerySet[Certification]:
    """Return the care certifications of the residents whom the actor sees."""
    return Certification.objects.filter(_of_visible(actor))


def consents_visible_to(actor: Actor) -> QuerySet[Consent]:
    """Return the consents that the actor keeps, has recorded, or may rely on.

    A refusal is nobody's business but theirs who keep or recorded it: it names agencies with which
    the person wants nothing to do.
    """
    mine = Q(recorded_by=actor.agency_id) | (naming(actor.agency) & ~Q(pole=ConsentPole.REFUSED))
    kept = Resident.objects.filter(_kept_by(actor), pk=OuterRef("resident_id"))
    return Consent.objects.filter(_of_visible(actor) & (mine | Q(Exists(kept))))


def can_view_consent(actor: Actor, consent: Consent) -> Decision:
    """Whether the actor may see this consent; the object rule of `consents_visible_to`."""
    seen = can_view_details(actor, consent.resident)
    if not seen:
        return seen
    relied_on = consent.pole != ConsentPole.REFUSED and consent.covers(actor.agency, ())
    if relied_on or consent.recorded_by_id == actor.agency_id:
        return ALLOWED
    if Resident.objects.filter(_kept_by(actor), pk=consent.resident_id).exists():
        return ALLOWED
    return Denied(
        _("This consent does not concern your agency."),
        _("To be named in it, to have recorded it, or to keep the person's record."),
    )


def can_record_consent(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may write down what the person says: whoever works with them.

    Taking a consent back must be as easy as giving it, so the person may tell any of them.
    """
    allowed = actor.may("residents.record_consent")
    return can_view_details(actor, resident) if allowed else allowed


def memberships_visible_to(actor: Actor) -> QuerySet[HouseholdMember]:
    """Return who lives with whom, as far as the actor sees both the person and their address.

    Living together is an address: a protected one is open to whom it was disclosed, nobody else.
    """
    open_address = (
        Q(address_protected=False)
        | Q(registered_by=actor.agency_id)
        | shared_with(actor, "resident", "view_protected_address")
    )
    seen = visible_to(actor).filter(open_address, pk=OuterRef("resident_id"))
    found = HouseholdMember.objects.filter(Exists(seen))
    return found if actor.may("residents.view_details") else found.none()


def can_view_membership(actor: Actor, membership: HouseholdMember) -> Decision:
    """Whether the actor may see that this person lives there; of `memberships_visible_to`."""
    seen = can_view_details(actor, membership.resident)
    return can_see_address(actor, membership.resident) if seen else seen


def can_end(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may record that the person has died or moved away."""
    allowed = actor.may("residents.end")
    if not allowed:
        return allowed
    if Resident.objects.filter(_kept_by(actor), pk=resident.pk).exists():
        return ALLOWED
    return _not_record_keeper()


def can_reinstate(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may undo the end: the agency that registered the person, or recorded it.

    Somebody who has moved away may come back at any time; a death is taken back within days only.
    """
    allowed = actor.may("residents.end")
    if not allowed:
        return allowed
    if actor.agency_id not in {resident.registered_by_id, resident.ended_by_id}:
        return _not_record_keeper()
    days = settings.RESIDENT_REINSTATE_DAYS
    latest = timezone.now() - timedelta(days=days)
    died = resident.ended_because == EndedBecause.DIED
    if died and resident.ended_at and resident.ended_at <= latest:
        return Denied(
            _("A death is taken back within %(days)s days. Register the person anew.")
            % {"days": days},
            code="too_late",
        )
    return ALLOWED


def _not_record_keeper() -> Denied:
    return Denied(
        _("The record is kept by the agency that registered the person, or leads their case."),
        _("The lead of an open case of this person."),
        code="not_record_keeper",
    )


def _of_visible(actor: Actor) -> Q:
    if not actor.may("residents.view_details"):
        return Q(pk__in=[])
    return Q(Exists(visible_to(actor).filter(pk=OuterRef("resident_id"))))
