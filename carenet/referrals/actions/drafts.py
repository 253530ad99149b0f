"""The sender's part until the referral is on its way: draft, edit, discard, send, who coordinates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.access.policy import demand_object
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.selectors import actor_of, coordinating_office, desk_of
from carenet.areas.selectors import coordinating_agency
from carenet.audit.actions import log_write
from carenet.cases import policy as cases
from carenet.cases.actions.locks import demand_open, lock_case, name_members
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version
from carenet.referrals import policy
from carenet.referrals.actions.consents import demand_sendable, notify_of_danger_sent
from carenet.referrals.actions.duplicates import demand_no_duplicate, shown_before_sending
from carenet.referrals.actions.pools import Address, check_open_pool, check_places
from carenet.referrals.actions.transitions import Transition, index, lock_referral, transition
from carenet.referrals.models import Need, Referral
from carenet.referrals.states import ReferralKind, ReferralStatus, Verb
from carenet.residents import policy as residents
from carenet.rest.limits import demand_near


@transaction.atomic
def draft(*, actor: Actor, case_id: UUID, **fields: Any) -> Referral:
    """Prepare a referral of an open case; nobody but the sender sees it.

    `fields` are what `Referral` says, with a `receiver`, or with the agencies of a `pool`. Raises
    `Conflict` for an ended case, `Invalid` for a receiver that cannot receive.
    """
    case = lock_case(actor, case_id)
    demand(policy.can_draft(actor, case))
    demand_open(case)
    address = Address.of(fields)
    referral = Referral(
        case=case,
        resident_id=case.resident_id,
        sender=actor.agency,
        sender_person=actor.user,
        **fields,
    )
    address.write_on(referral)
    check_draft(actor, referral)
    referral.save()
    address.open_pool(referral)
    index(referral)
    log_write(actor.who, "referral.draft", "referral", referral.pk)
    return referral


@transaction.atomic
def edit(
    *, actor: Actor, referral_id: UUID, version: int | None = None, **changes: Any
) -> Referral:
    """Change a draft; what was sent is frozen."""
    referral, _case = lock_referral(actor, referral_id)
    demand(policy.can_edit(actor, referral))
    check_version(referral, version)
    if referral.status != ReferralStatus.DRAFT:
        raise Conflict(
            _("A referral is frozen when it is sent. Tell the receiver what has changed.")
        )
    fields, address = sorted(changes), Address.of(changes)
    for name, value in changes.items():
        setattr(referral, name, value)
    address.write_on(referral)
    check_draft(actor, referral)
    referral.save_version()
    address.open_pool(referral)
    log_write(actor.who, "referral.edit", "referral", referral.pk, fields=fields)
    return referral


def discard(*, actor: Actor, referral_id: UUID, version: int | None = None) -> Referral:
    """Throw a draft away; it is hidden from then on."""
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.DISCARD, version=version
    ) as change:
        pass
    return change.referral


def send(
    *,
    actor: Actor,
    referral_id: UUID,
    duplicate_reason: str = "",
    consent_said: dict[str, Any] | None = None,
    version: int | None = None,
) -> Referral:
    """Send a draft: it is frozen, the receiver sees it, and an answer is expected.

    `consent_said` is a consent of the person that is written down with it. Raises what `demand_basis`
    does where the lawful basis does not hold; `Invalid` for a receiver that takes no part any more, or
    for a restricted case without an addressee; `Forbidden` for a transfer by anybody but the lead;
    `Duplicate` when the same has been asked already and `duplicate_reason` does not say why again.
    """
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.SEND, version=version
    ) as change:
        referral, case = change.referral, change.case
        demand_open(case)
        demand(cases.can_take_part(actor, case))
        if referral.kind == ReferralKind.TRANSFER_OF_LEAD:
            demand(cases.can_change(actor, case, "referrals.send"))
        check_draft(actor, referral)
        nobody_at = _address_desk(referral)
        _check_sendable(referral)
        carried = demand_sendable(actor, referral, consent_said)
        repeats = demand_no_duplicate(actor, referral, duplicate_reason)
        change.reason = duplicate_reason if repeats else ""
        name_addressee(change)
        referral.sent_at = change.now
        referral.sender_person = actor.user or referral.sender_person
        referral.coordinator = coordinator_of(referral)
        change.data = {
            "basis": referral.sharing_basis,
            "urgency": referral.urgency,
            "kind": referral.kind,
            "duplicates": repeats,
            **shown_before_sending(referral),
            **(
                {"nobody_at": str(nobody_at.pk), "nobody_at_name": nobody_at.name}
                if nobody_at
                else {}
            ),
        }
        notify_of_danger_sent(actor, referral, carried)
    return change.referral


def check_draft(actor: Actor, referral: Referral) -> None:
    """Raise `Invalid` or `Forbidden` where not even a draft may be like this."""
    demand_object(referral.sharing_basis, "sharing_basis")
    if referral.need == Need.OTHER and not referral.need_text.strip():
        raise Invalid({"need_text": _("Say in words what is asked: “other” alone says nothing.")})
    if referral.discloses_address:
        # Nobody hands on what they may not see themselves.
        demand(residents.can_see_address(actor, referral.resident))
    if referral.kind == ReferralKind.INFORMATION and referral.discloses_address:
        raise Invalid(
            {"discloses_address": _("Information alone shares no address: nobody accepts it.")}
        )
    if referral.part_of:
        _check_parent(referral, referral.part_of)
    if referral.receiver is None:
        check_open_pool(referral)
        return
    if referral.receiver_id == referral.sender_id:
        raise Invalid({"receiver": _("Choose another agency than your own.")})
    _check_receiver(referral, referral.receiver)


def check_addressed(referral: Referral) -> None:
    """Raise `Invalid` where what is ready otherwise cannot go to whom it is addressed."""
    if referral.receiver is None:
        check_open_pool(referral)
        check_places(referral)
        return
    _check_receiver(referral, referral.receiver)
    if referral.case.restricted and referral.addressee is None:
        raise Invalid(
            {"addressee": _("The case is restricted: say which person of the receiver it is for.")}
        )


def _address_desk(referral: Referral) -> Agency | None:
    """Address what is for a section without people to its parent's desk; return that section.

    None where it stays as it is: never does it come back to the sender.
    """
    section = referral.receiver
    desk = desk_of(section) if section else None
    if section is None or desk is None or desk.pk in {section.pk, referral.sender_id}:
        return None
    referral.receiver, referral.addressee = desk, None
    return section


def name_addressee(change: Transition) -> None:
    """Name the addressee to a restricted case, or nobody at the receiver could open the referral."""
    if change.case.restricted:
        name_members(change.case, change.actor.user, change.referral.addressee)


def _check_receiver(referral: Referral, receiver: Agency) -> None:
    if not receiver.active:
        raise Invalid({"receiver": _("This agency takes no part any more. Choose another.")})
    if referral.addressee and actor_of(referral.addressee, receiver) is None:
        raise Invalid({"addressee": _("Choose a member of the receiving agency.")})


def _check_parent(referral: Referral, parent: Referral) -> None:
    """A part is made by whoever has taken the whole on, within the same case."""
    if parent.case_id != referral.case_id:
        raise Invalid({"part_of": _("Choose a referral of the same case.")})
    if parent.receiver_id != referral.sender_id or parent.accepted_at is None:
        raise Invalid({"part_of": _("Choose a referral that your agency has accepted.")})


def _check_sendable(referral: Referral) -> None:
    if not referral.sharing_basis:
        raise Invalid({"sharing_basis": _("Say on which lawful basis the receiver may know this.")})
    if referral.answer_wanted_by and referral.answer_wanted_by <= clock.now():
        raise Invalid({"answer_wanted_by": _("Give a time in the future.")})
    demand_near("answer_wanted_by", referral.answer_wanted_by, "REFERRAL_ANSWER_MOST_DAYS")
    check_addressed(referral)


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
