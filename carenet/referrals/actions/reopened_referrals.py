"""Taking up again what had ended too early."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.cases.actions.locks import demand_open
from carenet.core.errors import Conflict, Invalid
from carenet.referrals.actions.consents import demand_carried
from carenet.referrals.actions.drafts import check_addressed, name_addressee
from carenet.referrals.actions.lead import rejoin_case
from carenet.referrals.actions.transitions import Transition, transition
from carenet.referrals.models import Referral
from carenet.referrals.states import ReferralKind, ReferralStatus, Verb


def reopen(*, actor: Actor, referral_id: UUID, reason: str, version: int | None = None) -> Referral:
    """Let the work go on, or, after closing, ask the receiver anew.

    Completed or failed, it is in progress again and the shares come back. Closed, it is sent again:
    the receiver accepts anew, or the pool claims it. Raises `Conflict` for an ended case, after
    `REFERRAL_REOPEN_DAYS`, for a transfer whose lead neither side holds any more, and where it could
    not be sent like this today.
    """
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.REOPEN, version=version
    ) as change:
        demand_open(change.case)
        _demand_window(change)
        _demand_lead(change)
        change.reason = reason
        _take_up(change.referral)
        if change.target == ReferralStatus.SENT:
            _send_anew(change)
        else:
            rejoin_case(change)
    return change.referral


def _demand_window(change: Transition) -> None:
    endings = change.referral.events.filter(to_status=change.source).exclude(
        from_status=F("to_status")
    )
    last_day = timezone.localdate(endings.latest("id").at) + timedelta(
        days=settings.REFERRAL_REOPEN_DAYS
    )
    if timezone.localdate(change.now) > last_day:
        raise Conflict(
            _("This could be reopened until %(day)s. Send a new referral.")
            % {"day": date_format(last_day, "DATE_FORMAT")}
        )


def _demand_lead(change: Transition) -> None:
    """A transfer hands on the sender's lead, or one that the receiver still holds by it."""
    referral = change.referral
    holders = {referral.sender_id} | ({referral.receiver_id} if referral.lead_moved else set())
    is_transfer = referral.kind == ReferralKind.TRANSFER_OF_LEAD
    if is_transfer and change.case.lead_agency_id not in holders:
        raise Conflict(_("Another agency leads the case meanwhile. Ask it to send a new referral."))


def _take_up(referral: Referral) -> None:
    """Forget how it had ended: that stands in the events."""
    referral.outcome = referral.report = referral.fail_reason = ""
    referral.decline_code = referral.declined_by = referral.decline_text = ""
    referral.closed_as = referral.need_met = referral.need_met_text = ""
    referral.closed_at = referral.s_until = referral.r_until = None
    referral.withdrawal_requested, referral.review_on = False, None


def _send_anew(change: Transition) -> None:
    referral = change.referral
    try:
        check_addressed(referral)
        demand_carried(change.actor, referral)
    except Invalid as problem:
        raise Conflict(
            _("It cannot go to those whom it was sent to any more. Send a new referral.")
        ) from problem
    name_addressee(change)
    referral.sent_at = change.now
    referral.received_at = referral.accepted_at = referral.first_contact_on = None
    referral.person_in_charge = None
    referral.asked_from = referral.held_from = referral.proposed_from = ""
