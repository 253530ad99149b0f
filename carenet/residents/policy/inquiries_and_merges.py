"""Who is never hinted at, who takes part in an inquiry, who makes one record of two."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core.decisions import Decision, Denied
from carenet.residents.models import Inquiry, InquiryState, Resident, ResidentMerge
from carenet.residents.policy.resident import can_edit
from carenet.residents.registry import conditions_of_concealment

# Matching: who is never hinted at.


def concealed_from_matching() -> Q:
    """Return the condition "no other agency may learn that this person is known anywhere"."""
    condition = Q(address_protected=True)
    for concealed in conditions_of_concealment:
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
