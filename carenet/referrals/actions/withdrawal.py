"""Taking a referral back: by the sender alone before the work began, by agreement after it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.selectors import calendar_of
from carenet.core.errors import Conflict
from carenet.referrals.actions.lead import return_lead
from carenet.referrals.actions.transitions import Transition, transition
from carenet.referrals.models import Referral
from carenet.referrals.states import ClosedAs, ReferralStatus, Side, Verb


def withdraw(
    *, actor: Actor, referral_id: UUID, reason: str, version: int | None = None
) -> Referral:
    """Take a referral back; a lead that had moved returns. Information closes with it."""
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.WITHDRAW, version=version
    ) as change:
        change.reason = reason
        if change.target == ReferralStatus.CLOSED:
            change.referral.closed_as = ClosedAs.TAKEN_BACK
        return_lead(change)
    return change.referral


def request_withdrawal(
    *, actor: Actor, referral_id: UUID, reason: str, version: int | None = None
) -> Referral:
    """Ask the receiver to let go of work that has begun; it is told at once."""
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.REQUEST_WITHDRAWAL, version=version
    ) as change:
        change.referral.withdrawal_requested = True
        change.reason = reason
    return change.referral


def agree_withdrawal(
    *, actor: Actor, referral_id: UUID, version: int | None = None, channel: str | None = None
) -> Referral:
    """Let go of the work that the sender wants back; a lead that had moved returns.

    The coordinator agrees in the receiver's stead once it has been silent for some working days;
    before that it is a `Conflict`.
    """
    with transition(
        actor=actor,
        referral_id=referral_id,
        verb=Verb.AGREE_WITHDRAWAL,
        version=version,
        channel=channel,
    ) as change:
        if change.side is Side.C:
            _demand_silence(change)
        return_lead(change)
    return change.referral


def _demand_silence(change: Transition) -> None:
    requests = change.referral.events.filter(verb=Verb.REQUEST_WITHDRAWAL)
    requested_at = requests.latest("id").at
    days = settings.REFERRAL_WITHDRAWAL_WORKING_DAYS
    until = calendar_of(change.referral.received_by).working_days_later(requested_at, days)
    if change.now < until:
        day = date_format(timezone.localdate(until), "DATE_FORMAT")
        raise Conflict(
            _("The receiver has until %(day)s to agree. You may do it in its stead after that.")
            % {"day": day}
        )
