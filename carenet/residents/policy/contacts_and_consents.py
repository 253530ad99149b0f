"""Who sees what hangs on a person: for the casework of whoever works with them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core.decisions import ALLOWED, Decision, Denied, asked_once, needs_ability
from carenet.residents.models import (
    Certification,
    Consent,
    ConsentPole,
    Contact,
    HouseholdMember,
    Resident,
)
from carenet.residents.models.consents import naming
from carenet.residents.policy.resident import (
    address_decision,
    address_seen_by,
    can_edit,
    can_see_address,
    has_registered,
    not_record_manager,
    record_managed_by,
    worked_with_by,
)


@asked_once
def can_view_details(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may see contacts, certifications, consents and households of a person."""
    allowed = actor.may("residents.view_details")
    if not allowed:
        return allowed
    # Of the row that a page has just read; whoever may write asks the database again.
    if actor.answers is not None and has_registered(actor, resident):
        return allowed
    return _for_those_who_work(with_them=worked_with_by(actor).filter(pk=resident.pk).exists())


def _for_those_who_work(*, with_them: bool) -> Decision:
    if with_them:
        return ALLOWED
    return Denied(
        _("What hangs on a person is for those who work with them."), _("A case or a referral.")
    )


def is_seen(
    actor: Actor, resident: Resident, *, works: bool, address_seen: bool, kept: bool
) -> None:
    """Note of a person whom `visible_to` has just found what was asked along.

    `works`: whether they are among `worked_with_by`; `address_seen`: what `address_seen_by` said;
    `kept`: what `record_managed_by` said.
    """
    may = actor.may("residents.edit")
    keeps = (ALLOWED if kept else not_record_manager()) if may else may
    can_edit.is_known(actor, resident, keeps)
    can_see_address.is_known(actor, resident, address_decision(seen=address_seen))
    allowed = actor.may("residents.view_details")
    known = _for_those_who_work(with_them=works) if allowed else allowed
    can_view_details.is_known(actor, resident, known)


# `of` is the one person about whom it is asked, in each: then it is asked once whether they are seen,
# instead of for each row.


def contacts_visible_to(actor: Actor, of: Resident | None = None) -> QuerySet[Contact]:
    """Return the contacts of the residents whom the actor sees; ended ones too."""
    return Contact.objects.filter(of_visible(actor, of))


def certifications_visible_to(actor: Actor, of: Resident | None = None) -> QuerySet[Certification]:
    """Return the care certifications of the residents whom the actor sees."""
    return Certification.objects.filter(of_visible(actor, of))


def consents_visible_to(actor: Actor, of: Resident | None = None) -> QuerySet[Consent]:
    """Return the consents that the actor keeps, has recorded, or may rely on.

    A refusal is nobody's business but theirs who keep or recorded it: it names agencies with which
    the person wants nothing to do.
    """
    return Consent.objects.filter(of_visible(actor, of) & shown_consents(actor))


def shown_consents(actor: Actor) -> Q:
    """Return the condition on the consents of a person whose details the actor sees."""
    mine = Q(recorded_by=actor.agency_id) | (naming(actor.agency) & ~Q(pole=ConsentPole.REFUSED))
    kept = Resident.objects.filter(record_managed_by(actor), pk=OuterRef("resident_id"))
    return mine | Q(Exists(kept))


def can_view_consent(actor: Actor, consent: Consent) -> Decision:
    """Whether the actor may see this consent; the object rule of `consents_visible_to`."""
    seen = can_view_details(actor, consent.resident)
    if not seen:
        return seen
    relied_on = consent.pole != ConsentPole.REFUSED and consent.covers(actor.agency, ())
    if relied_on or consent.recorded_by_id == actor.agency_id:
        return ALLOWED
    if Resident.objects.filter(record_managed_by(actor), pk=consent.resident_id).exists():
        return ALLOWED
    return Denied(
        _("This consent does not concern your agency."),
        _("To be named in it, to have recorded it, or to keep the person's record."),
    )


@needs_ability("residents.record_consent")
def can_record_consent(actor: Actor, resident: Resident) -> Decision:
    """Whether the actor may write down what the person says: whoever works with them.

    Taking a consent back must be as easy as giving it, so the person may tell any of them.
    """
    return can_view_details(actor, resident)


def memberships_visible_to(actor: Actor, of: Resident | None = None) -> QuerySet[HouseholdMember]:
    """Return who lives with whom, as far as the actor sees both the person and their address.

    Living together is an address: a protected one is open to whom it was disclosed, nobody else.
    """
    if of is not None:
        seen_here = can_view_details(actor, of) and can_see_address(actor, of)
        return HouseholdMember.objects.filter(Q(resident=of) if seen_here else Q(pk__in=[]))
    seen = worked_with_by(actor).filter(address_seen_by(actor), pk=OuterRef("resident_id"))
    found = HouseholdMember.objects.filter(Exists(seen))
    return found if actor.may("residents.view_details") else found.none()


def can_view_membership(actor: Actor, membership: HouseholdMember) -> Decision:
    """Whether the actor may see that this person lives there; of `memberships_visible_to`."""
    seen = can_view_details(actor, membership.resident)
    return can_see_address(actor, membership.resident) if seen else seen


def of_visible(actor: Actor, of: Resident | None) -> Q:
    """Return the condition on what hangs on a person "the actor sees that"; `of` one of them alone."""
    if of is not None:
        return Q(resident=of) if can_view_details(actor, of) else Q(pk__in=[])
    if not actor.may("residents.view_details"):
        return Q(pk__in=[])
    return Q(Exists(worked_with_by(actor).filter(pk=OuterRef("resident_id"))))
