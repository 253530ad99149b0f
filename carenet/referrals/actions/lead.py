"""What a referral does to the case: the receiver joins or leads it, and what happens when it ends."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from carenet.access.actions import GrantCause, end_cause, give
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.cases.actions.locks import name_members, remind_of_next_action, save_version
from carenet.cases.actions.next_action import follow_tasks
from carenet.cases.actions.share_expiry import remind_of_ending
from carenet.cases.models import Case
from carenet.core import clock
from carenet.referrals.actions.consents import demand_carried
from carenet.referrals.actions.escalation import update_escalations
from carenet.referrals.actions.transitions import Transition, index, system_transition
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN, ReferralKind, ReferralStatus, Verb

#: Transfers that nobody has accepted yet.
PENDING = [
    ReferralStatus.SENT,
    ReferralStatus.RECEIVED,
    ReferralStatus.INFO_NEEDED,
    ReferralStatus.DECLINE_PROPOSED,
]


def join_case(change: Transition, person: User | None) -> None:
    """Let the receiver in: by a share in the support, or by the lead itself.

    Without a person nobody of the receiver works in this service. It could not lead the case here,
    so the lead stays in the sender's hands and the receiver supports. Raises `Conflict` when the
    consent on which that rests is over.
    """
    carried = demand_carried(change.actor, change.referral)
    if change.case.restricted:
        name_members(change.case, change.actor.user, person)
    if change.referral.kind == ReferralKind.TRANSFER_OF_LEAD and person:
        _move_lead(change, person)
    else:
        _share(change, change.referral.received_by)
    if change.referral.discloses_address:
        give(
            actor=change.actor,
            agency=change.referral.received_by,
            subject=change.referral.resident,
            codename="view_protected_address",
            cause=_cause(change),
            basis=change.referral.sharing_basis,
            # After a transfer R keeps it as it keeps the lead: the end of the case ends it.
            until=carried.latest,
        )


def return_lead(change: Transition) -> None:
    """Give the lead back to the sender when an accepted transfer comes to nothing; end R's shares.

    Where R has passed the lead on meanwhile, it stays there, and the sender takes R's part in that
    transfer: should it fail as well, the lead finds its way back.
    """
    referral = change.referral
    if referral.lead_moved:
        referral.lead_moved = False
        if change.case.lead_agency_id == referral.receiver_id:
            _set_lead(change, referral.sender, referral.sender_person)
            end_cause(actor=change.actor, cause=_cause(change), agency=referral.sender)
        _pass_part(change, referral.received_by, referral.sender, referral.sender_person)
    end_shares(change)


def rejoin_case(change: Transition) -> None:
    """Give back what the ending took, when the work goes on."""
    referral = change.referral
    if not referral.lead_moved:
        join_case(change, referral.person_in_charge)
    elif change.case.lead_agency_id != referral.sender_id:
        _share(change, referral.sender)


def strike(change: Transition) -> None:
    """Undo what the referral did to the case, at once: lead, shares, and what was passed on with it."""
    return_lead(change)
    receiver = change.referral.receiver
    if receiver is None:  # no agency of its pool has claimed it: nothing was built upon it
        return
    parts = Q(part_of=change.referral, sender=receiver)
    _pass_part(change, receiver, change.referral.sender, change.referral.sender_person, parts)
    drafts = Referral.objects.filter(parts, status=ReferralStatus.DRAFT).order_by("pk")
    for draft in drafts.select_for_update(of=("self",)).select_related("sender", "receiver"):
        draft.case = change.case
        with system_transition(
            actor=change.actor, referral=draft, case=change.case, verb=Verb.SETTLE
        ) as ending:
            ending.data = {"cause": "parent_void"}


def end_support(change: Transition) -> None:
    """Let the support that the referral brought run out: the receiver's, or that of a former lead."""
    if not change.referral.lead_moved:
        end_shares(change)
        return
    until = change.now + timedelta(days=settings.REFERRAL_VISIBLE_DAYS_AFTER_END)
    end_cause(actor=change.actor, cause=_cause(change), until=until, agency=change.referral.sender)


def end_shares(change: Transition) -> None:
    """Let what the referral has granted run out with its receiver's view of it."""
    until = change.now + timedelta(days=settings.REFERRAL_VISIBLE_DAYS_AFTER_END)
    end_cause(actor=change.actor, cause=_cause(change), until=change.referral.r_until or until)


def end_disclosures(actor: Actor, case: Case) -> None:
    """Let disclosed addresses run out with the case: whoever led it needs them no longer."""
    until = clock.now() + timedelta(days=settings.REFERRAL_VISIBLE_DAYS_AFTER_END)
    for referral in Referral.objects.filter(case=case, discloses_address=True):
        end_cause(actor=actor, cause=GrantCause("referral", referral.pk), until=until)


def _move_lead(change: Transition, person: User) -> None:
    """R leads from now on, and S supports meanwhile."""
    referral = change.referral
    referral.lead_moved = True
    if change.case.lead_agency_id != referral.receiver_id:  # reopened, it may still be there
        _set_lead(change, referral.received_by, person)
    _share(change, referral.sender)
    _pass_part(change, referral.sender, referral.received_by, person)


def _set_lead(change: Transition, agency: Agency, person: User | None) -> None:
    """Put the case into other hands; transfers that were pending then have lost their sender."""
    case = change.case
    case.lead_agency, case.person_in_charge = agency, person
    save_version(case)
    remind_of_next_action(case)
    follow_tasks(case)
    pending = Q(
        kind=ReferralKind.TRANSFER_OF_LEAD,
        status__in=PENDING,
        lead_moved=False,
        accepted_at=None,
    )
    for other in _others(change, pending):
        with system_transition(
            actor=change.actor, referral=other, case=case, verb=Verb.WITHDRAW
        ) as ending:
            ending.data = {"cause": "lead_moved", "to": change.referral.code}


def _pass_part(
    change: Transition, giver: Agency, taker: Agency, person: User | None, which: Q | None = None
) -> None:
    """Let the new lead be the sender of what is open; it cannot be that of what it receives."""
    for other in _others(change, Q(sender=giver) & ~Q(receiver=taker) & (which or Q())):
        other.sender, other.sender_person = taker, person
        other.save_version("sender", "sender_person")
        index(other)
        update_escalations(other, change.now)


def _others(change: Transition, condition: Q) -> list[Referral]:
    """Lock the other open referrals of the case, always in the same order."""
    found = Referral.objects.filter(condition, case=change.case, status__in=sorted(OPEN))
    others = list(
        found.exclude(pk=change.referral.pk)
        .order_by("pk")
        .select_for_update(of=("self",))
        .select_related("sender", "receiver")
    )
    for other in others:
        other.case = change.case
    return others


def _share(change: Transition, agency: Agency) -> None:
    """Share the case for as long as the basis carries it; asked anew, whoever calls."""
    grant = give(
        actor=change.actor,
        agency=agency,
        subject=change.case,
        codename="co_support_case",
        cause=_cause(change),
        basis=change.referral.sharing_basis,
        until=demand_carried(change.actor, change.referral).until,
        reason=change.referral.basis_words,
    )
    remind_of_ending(change.case, grant)


def _cause(change: Transition) -> GrantCause:
    return GrantCause("referral", change.referral.pk)
