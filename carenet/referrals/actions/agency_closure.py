"""Referrals of an agency that closes: its successor stands in its part, or there is nothing to refer."""

from __future__ import annotations

from collections.abc import Iterator

from carenet.access.actions import GrantCause, pass_cause
from carenet.agencies.registry import ClosureBatch
from carenet.agencies.selectors import in_casework
from carenet.audit.actions import log_write
from carenet.cases.actions.agency_closure import pass_part
from carenet.cases.actions.locks import lock_case_unchecked, name_members
from carenet.cases.actions.member_left import successor_of
from carenet.core import clock
from carenet.referrals.actions.deadlines import step_due
from carenet.referrals.actions.escalation import update_escalations
from carenet.referrals.actions.lead import end_shares
from carenet.referrals.actions.transitions import index, reads_here, system_transition
from carenet.referrals.models import Referral
from carenet.referrals.states import AT_RECEIVER, ClosedAs, ReferralDelivery, ReferralStatus, Verb


def pass_sent(batch: ClosureBatch) -> None:
    """Let the successor be the sender: registered with `agencies`.

    What was sent to the successor itself is settled, as is what only it could still claim.
    """
    for referral in _locked(batch):
        pool = set(referral.pool.exclude(pk=batch.successor.pk)) if referral.unclaimed else set()
        if referral.receiver_id == batch.successor.pk or (referral.unclaimed and not pool):
            _settle(batch, referral)
            continue
        if referral.unclaimed:
            referral.pool.set(pool)
        referral.sender_person = in_casework(referral.sender_person, batch.successor)
        referral.sender = batch.successor
        _save(batch, referral)


def pass_received(batch: ClosureBatch) -> None:
    """Let the successor be the receiver, with what the referral grants and what was to be done by that.

    What the successor itself has sent is settled.
    """
    for referral in _locked(batch):
        if referral.sender_id == batch.successor.pk:
            _settle(batch, referral)
            continue
        referral.person_in_charge = in_casework(referral.person_in_charge, batch.successor)
        referral.addressee = in_casework(referral.addressee, batch.successor)
        referral.receiver = batch.successor
        _deliver_anew(referral)
        if referral.case.restricted and referral.status != ReferralStatus.DRAFT:
            referral.addressee = referral.addressee or successor_of(batch.successor, None)
            name_members(referral.case, None, referral.addressee)
        _save(batch, referral)
        pass_cause(
            actor=batch.by,
            cause=GrantCause("referral", referral.pk),
            source=batch.agency,
            target=batch.successor,
        )
        pass_part(batch, referral.case)


def pass_pools(batch: ClosureBatch) -> None:
    """Let the successor claim instead, unless it sent the referral; without anybody it is settled."""
    for referral in _locked(batch):
        others = set(referral.pool.exclude(pk=batch.agency.pk))
        if batch.successor.pk != referral.sender_id:
            others.add(batch.successor)
        if not others:
            _settle(batch, referral)
        referral.pool.set(others)
        if others:
            _save(batch, referral)


def _deliver_anew(referral: Referral) -> None:
    """Let S tell a successor that reads nothing here."""
    if referral.status not in AT_RECEIVER:
        return
    before, now = referral.turn, clock.now()
    reads = reads_here(referral.receiver)
    referral.delivery = ReferralDelivery.SYSTEM if reads else ReferralDelivery.WAITING
    referral.delivered_at = now if reads else None
    if referral.turn != before:
        referral.turn_since = now
        referral.due_at = step_due(referral, now)


def _locked(batch: ClosureBatch) -> Iterator[Referral]:
    """Lock each of these with its case, the case first."""
    for row in batch.rows:
        case = lock_case_unchecked(row.case_id)
        found = Referral.objects.select_for_update(of=("self",)).select_related(
            "sender", "receiver"
        )
        referral = found.get(pk=row.pk)
        referral.case = case
        yield referral


def _settle(batch: ClosureBatch, referral: Referral) -> None:
    with system_transition(
        actor=batch.by, referral=referral, case=referral.case, verb=Verb.SETTLE
    ) as change:
        if change.target == ReferralStatus.CLOSED:
            referral.closed_as = ClosedAs.SETTLED
            end_shares(change)
        # A ward office of which something goes to a section goes on itself.
        cause = "to_section" if batch.agency.active else "agency_closed"
        change.data = {"cause": cause, "agency": str(batch.agency.pk)}


def _save(batch: ClosureBatch, referral: Referral) -> None:
    referral.save_version()
    index(referral)
    if referral.status != ReferralStatus.DRAFT:
        update_escalations(referral, clock.now())
    log_write(batch.by.who, "referral.pass_on", "referral", referral.pk, to=str(batch.successor.pk))
