"""What a referral does to the case: the receiver joins or leads it, and what happens when it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from carenet import clock
from carenet.access.actions import Cause, end_cause, give
from carenet.cases.actions.grant_endings import remind_of_ending
from carenet.cases.actions.holding import let_go, name_all, remind_of_next_action
from carenet.referrals.actions.chasing import chase
from carenet.referrals.actions.consents import demand_carried
from carenet.referrals.actions.stepping import house_step, index
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN, ReferralKind, ReferralStatus, Verb

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency, User
    from carenet.cases.models import Case
    from carenet.referrals.actions.stepping import Step

#: Transfers that nobody has accepted yet.
PENDING = [
    ReferralStatus.SENT,
    ReferralStatus.RECEIVED,
    ReferralStatus.INFO_NEEDED,
    ReferralStatus.DECLINE_PROPOSED,
]


def join_case(step: Step, person: User | None) -> None:
    """Let the receiver in: by a share in the support, or by the lead itself.

    Without a person nobody of the receiver works in this service. It could not lead the case here,
    so the lead stays in the sender's hands and the receiver supports. Raises `Conflict` when the
    consent on which that rests is over.
    """
    carried = demand_carried(step.actor, step.referral)
    if step.case.restricted:
        name_all(step.case, step.actor.user, person)
    if step.referral.kind == ReferralKind.TRANSFER_OF_LEAD and person:
        _move_lead(step, person)
    else:
        _share(step, step.referral.received_by)
    if step.referral.discloses_address:
        give(
            actor=step.actor,
            agency=step.referral.received_by,
            subject=step.referral.resident,
            codename="view_protected_address",
            cause=_cause(step),
            basis=step.referral.sharing_basis,
            # After a transfer R keeps it as it keeps the lead: the end of the case ends it.
            until=carried.latest,
        )


def return_lead(step: Step) -> None:
    """Give the lead back to the sender when an accepted transfer comes to nothing; end R's shares.

    Where R has passed the lead on meanwhile, it stays there, and the sender takes R's part in that
    transfer: should it fail as well, the lead finds its way back.
    """
    referral = step.referral
    if referral.lead_moved:
        referral.lead_moved = False
        if step.case.lead_agency_id == referral.receiver_id:
            _set_lead(step, referral.sender, referral.sender_person)
            end_cause(actor=step.actor, cause=_cause(step), agency=referral.sender)
        _pass_part(step, referral.received_by, referral.sender, referral.sender_person)
    end_shares(step)


def rejoin_case(step: Step) -> None:
    """Give back what the ending took, when the work goes on."""
    referral = step.referral
    if not referral.lead_moved:
        join_case(step, referral.person_in_charge)
    elif step.case.lead_agency_id != referral.sender_id:
        _share(step, referral.sender)


def strike(step: Step) -> None:
    """Undo what the referral did to the case, at once: lead, shares, and what was passed on with it."""
    return_lead(step)
    receiver = step.referral.receiver
    if receiver is None:  # no agency of its pool has claimed it: nothing was built upon it
        return
    parts = Q(part_of=step.referral, sender=receiver)
    _pass_part(step, receiver, step.referral.sender, step.referral.sender_person, parts)
    drafts = Referral.objects.filter(parts, status=ReferralStatus.DRAFT).order_by("pk")
    for draft in drafts.select_for_update(of=("self",)).select_related("sender", "receiver"):
        draft.case = step.case
        with house_step(
            actor=step.actor, referral=draft, case=step.case, verb=Verb.SETTLE
        ) as under_way:
            under_way.data = {"cause": "parent_void"}


def end_support(step: Step) -> None:
    """Let the support that the referral brought run out: the receiver's, or that of a former lead."""
    if not step.referral.lead_moved:
        end_shares(step)
        return
    until = step.now + timedelta(days=settings.REFERRAL_VISIBLE_DAYS_AFTER_END)
    end_cause(actor=step.actor, cause=_cause(step), until=until, agency=step.referral.sender)


def end_shares(step: Step) -> None:
    """Let what the referral has granted run out with its receiver's view of it."""
    until = step.now + timedelta(days=settings.REFERRAL_VISIBLE_DAYS_AFTER_END)
    end_cause(actor=step.actor, cause=_cause(step), until=step.referral.r_until or until)


def end_disclosures(actor: Actor, case: Case) -> None:
    """Let disclosed addresses run out with the case: whoever led it needs them no longer."""
    until = clock.now() + timedelta(days=settings.REFERRAL_VISIBLE_DAYS_AFTER_END)
    for referral in Referral.objects.filter(case=case, discloses_address=True):
        end_cause(actor=actor, cause=Cause("referral", referral.pk), until=until)


def _move_lead(step: Step, person: User) -> None:
    """R leads from now on, and S supports meanwhile."""
    referral = step.referral
    referral.lead_moved = True
    if step.case.lead_agency_id != referral.receiver_id:  # reopened, it may still be there
        _set_lead(step, referral.received_by, person)
    _share(step, referral.sender)
    _pass_part(step, referral.sender, referral.received_by, person)


def _set_lead(step: Step, agency: Agency, person: User | None) -> None:
    """Put the case into other hands; transfers that were pending then have lost their sender."""
    case = step.case
    case.lead_agency, case.person_in_charge = agency, person
    let_go(case)
    remind_of_next_action(case)
    pending = Q(
        kind=ReferralKind.TRANSFER_OF_LEAD,
        status__in=PENDING,
        lead_moved=False,
        accepted_at=None,
    )
    for other in _others(step, pending):
        with house_step(
            actor=step.actor, referral=other, case=case, verb=Verb.WITHDRAW
        ) as under_way:
            under_way.data = {"cause": "lead_moved", "to": step.referral.code}


def _pass_part(
    step: Step, giver: Agency, taker: Agency, person: User | None, which: Q | None = None
) -> None:
    """Let the new lead be the sender of what is open; it cannot be that of what it receives."""
    for other in _others(step, Q(sender=giver) & ~Q(receiver=taker) & (which or Q())):
        other.sender, other.sender_person = taker, person
        other.version += 1
        other.save(update_fields=["sender", "sender_person", "version"])
        index(other)
        chase(other, step.now)


def _others(step: Step, condition: Q) -> list[Referral]:
    """Lock the other open referrals of the case, always in the same order."""
    found = Referral.objects.filter(condition, case=step.case, status__in=sorted(OPEN))
    others = list(
        found.exclude(pk=step.referral.pk)
        .order_by("pk")
        .select_for_update(of=("self",))
        .select_related("sender", "receiver")
    )
    for other in others:
        other.case = step.case
    return others


def _share(step: Step, agency: Agency) -> None:
    """Share the case for as long as the basis carries it; asked anew, whoever calls."""
    grant = give(
        actor=step.actor,
        agency=agency,
        subject=step.case,
        codename="co_support_case",
        cause=_cause(step),
        basis=step.referral.sharing_basis,
        until=demand_carried(step.actor, step.referral).until,
        reason=step.referral.basis_words,
    )
    remind_of_ending(step.case, grant)


def _cause(step: Step) -> Cause:
    return Cause("referral", step.referral.pk)
