"""Who sees a person on the register: those whose work concerns them, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from carenet.access.policy import shared_with
from carenet.decisions import ALLOWED, Decision, Denied
from carenet.residents.models import Inquiry, InquiryState, Resident, ResidentMerge
from carenet.residents.registry import conditions_of_concealment, ways_to_see_a_resident

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor


#: What an answered inquiry gives: to read the record.
VIEW = "view_resident"


def visible_to(actor: Actor) -> QuerySet[Resident]:
    """Return the residents whom the actor's own work concerns."""
    if not actor.may("residents.view"):
        return Resident.objects.none()
    condition = _registered_by(actor) | shared_with(actor, "resident", VIEW)
    for way in ways_to_see_a_resident():
        condition |= way.sees(actor)
    return Resident.objects.filter(condition, merged_into=None)


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
    if Resident.objects.filter(condition, pk=resident.pk, merged_into=None).exists():
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
    if Resident.objects.filter(address_seen_by(actor), pk=resident.pk).exists():
        return ALLOWED
    return Denied(
        _("The address of this person is protected."),
        _("A disclosure of the address by the agency that registered the person."),
        code="address_protected",
    )


def address_seen_by(actor: Actor) -> Q:
    """Return the condition "the actor may see the address"; the list rule of `can_see_address`."""
    return (
        Q(address_protected=False)
        | Q(registered_by=actor.agency_id)
        | shared_with(actor, "resident", "view_protected_address")
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
        VIEW: can_view,
        "change_resident": can_edit,
        "view_protected_address": can_see_address,
    }
    rule = rules.get(codename)
    if rule is None:
        return Denied(_("There is no such permission on residents."))
    seen = can_view(actor, resident)
    return rule(actor, resident) if seen else seen


# Matching: who is never hinted at.


def concealed_from_matching() -> Q:
    """Return the condition "no other agency may learn that this person is known anywhere"."""
    condition = Q(address_protected=True)
    for concealed in conditions_of_concealment():
        condition |= concealed()
    return condition


# Inquiries: the agency that asks, and the one that is asked.


def inquiries_visible_to(actor: Actor) -> QuerySet[Inquiry]:
    """Return the inquiries that the actor's agency has sent and received."""
    if not actor.may("residents.inquire"):
        return Inquiry.objects.none()
    return Inquiry.objects.filter(Q(asked_by=actor.agency_id) | Q(asked_of=actor.agency_id))


def can_view_inquiry(actor: Actor, inquiry: Inquiry) -> Decision:
    """Whether the actor may see an inquiry; the object rule of `inquiries_visible_to`."""
    allowed = actor.may("residents.inquire")
    if not allowed or actor.agency_id in {inquiry.asked_by_id, inquiry.asked_of_id}:
        return allowed
    return Denied(_("Your agency has no part in this inquiry."), _("To have asked or be asked."))


def knows_about(actor: Actor, inquiry: Inquiry) -> bool:
    """Whether the actor may know whom and which agency it is about: who is asked, and once shared."""
    return inquiry.asked_of_id == actor.agency_id or inquiry.state == InquiryState.SHARED


def can_answer_inquiry(actor: Actor, inquiry: Inquiry) -> Decision:
    """Whether the actor may share or decline: the agency that is asked."""
    seen = can_view_inquiry(actor, inquiry)
    if not seen or inquiry.asked_of_id == actor.agency_id:
        return seen
    return Denied(
        _("The agency that was asked answers this inquiry."),
        _("To be the agency that was asked."),
        code="not_asked",
    )


# Merging two records of one person.


def can_merge(actor: Actor, survivor: Resident, loser: Resident) -> Decision:
    """Whether the actor may make one record of two: both must be the actor's to correct.

    A protected record is not given up for one that another agency keeps: who may lift the
    protection would change hands.
    """
    allowed = actor.may("residents.merge")
    for resident in (survivor, loser):
        allowed = can_edit(actor, resident) if allowed else allowed
    if allowed and loser.address_protected and loser.registered_by_id != survivor.registered_by_id:
        return Denied(
            _("The address of the record that would end is protected. Merge the other way round."),
            _("The registration of this person."),
            code="address_protected",
        )
    return allowed


def can_unmerge(actor: Actor, merge: ResidentMerge) -> Decision:
    """Whether the actor may undo a merge: the agency that made it, or that kept the lost record."""
    allowed = actor.may("residents.merge")
    if not allowed or actor.agency_id in {merge.by_agency_id, merge.loser.registered_by_id}:
        return allowed
    return Denied(
        _("The agency that merged the records, or that registered the other one, undoes it."),
        _("To have merged the records."),
        code="not_record_keeper",
    )


def _registered_by(actor: Actor) -> Q:
    if not actor.does_casework:
        return Q(pk__in=[])
    return Q(registered_by=actor.agency_id)
