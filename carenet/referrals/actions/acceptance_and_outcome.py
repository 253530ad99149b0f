"""The receiver's part: receive, accept, start, complete, fail."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.selectors import actor_of
from carenet.core import clock
from carenet.core.errors import Invalid
from carenet.referrals.actions.lead import end_support, join_case, return_lead
from carenet.referrals.actions.transitions import Transition, transition
from carenet.referrals.models import Referral, ReferralOutcome
from carenet.referrals.states import ClosedAs, ReferralStatus, Verb


def receive(
    *, actor: Actor, referral_id: UUID, version: int | None = None, channel: str | None = None
) -> Referral:
    """Take note of a referral: stamps the time for the sender to see. Information closes with it."""
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.RECEIVE, version=version, channel=channel
    ) as change:
        change.referral.received_at = change.now
        if change.target == ReferralStatus.CLOSED:
            change.referral.closed_as = ClosedAs.INFORMED
    return change.referral


def accept(
    *,
    actor: Actor,
    referral_id: UUID,
    person_in_charge: User | None = None,
    version: int | None = None,
    channel: str | None = None,
) -> Referral:
    """Take the referral on; the receiver joins the case, or leads it from now on.

    `person_in_charge` is a member of the receiver who does casework, the actor without it; nobody
    where the sender writes it down for a receiver without accounts. Raises `Invalid` for anybody
    else.
    """
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.ACCEPT, version=version, channel=channel
    ) as change:
        referral = change.referral
        person = _person_for(change, person_in_charge)
        referral.person_in_charge = person
        referral.accepted_at = change.now
        referral.received_at = referral.received_at or change.now
        join_case(change, person)
        change.data = {"person_in_charge": str(person.pk)} if person else {}
    return change.referral


def start(
    *,
    actor: Actor,
    referral_id: UUID,
    first_contact_on: date,
    version: int | None = None,
    channel: str | None = None,
) -> Referral:
    """Begin the work, with the day of the first contact."""
    if first_contact_on > clock.today():
        raise Invalid({"first_contact_on": _("Give the day of a contact that has taken place.")})
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.START, version=version, channel=channel
    ) as change:
        sent_on = timezone.localdate(change.referral.sent_at or change.referral.created_at)
        if first_contact_on < sent_on:
            told = _("Give %(sent)s or a later day: it was sent on that day.")
            raise Invalid({"first_contact_on": told % {"sent": sent_on.isoformat()}})
        change.referral.first_contact_on = first_contact_on
        change.data = {"first_contact_on": first_contact_on.isoformat()}
    return change.referral


def complete(
    *,
    actor: Actor,
    referral_id: UUID,
    outcome: ReferralOutcome,
    report: str,
    version: int | None = None,
    channel: str | None = None,
) -> Referral:
    """Report what came of the work; the loop stays open until the sender has read and closed it."""
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.COMPLETE, version=version, channel=channel
    ) as change:
        change.referral.outcome, change.referral.report = outcome, report
        change.reason = report
        change.data = {"outcome": outcome}
        end_support(change)
    return change.referral


def fail(
    *,
    actor: Actor,
    referral_id: UUID,
    reason: str,
    version: int | None = None,
    channel: str | None = None,
) -> Referral:
    """Say that it did not work out; a lead that had moved returns to the sender."""
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.FAIL, version=version, channel=channel
    ) as change:
        change.referral.fail_reason = change.reason = reason
        return_lead(change)
    return change.referral


def _person_for(change: Transition, named: User | None) -> User | None:
    if change.on_behalf_of is None:
        return _in_charge(named or change.actor.user, change.referral.received_by)
    if named:
        raise Invalid({"person_in_charge": _("Leave it out: the receiver has no accounts here.")})
    return None


def _in_charge(person: User | None, receiver: Agency) -> User:
    theirs = actor_of(person, receiver) if person else None
    if person is None or theirs is None or not theirs.may("referrals.answer"):
        raise Invalid(
            {"person_in_charge": _("Name a person who does casework in the receiving agency.")}
        )
    return person
