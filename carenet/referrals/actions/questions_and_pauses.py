"""What the two sides say to each other on the way: questions and pauses."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.errors import Invalid
from carenet.referrals.actions.transitions import transition
from carenet.referrals.models import Referral
from carenet.referrals.states import Verb
from carenet.rest.limits import demand_near


def ask(
    *,
    actor: Actor,
    referral_id: UUID,
    question: str,
    version: int | None = None,
    channel: str | None = None,
) -> Referral:
    """Ask the sender; it is the sender's turn until there is an answer."""
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.ASK, version=version, channel=channel
    ) as change:
        change.referral.asked_from = change.source
        change.reason = question
    return change.referral


def answer(
    *,
    actor: Actor,
    referral_id: UUID,
    answer: str,
    version: int | None = None,
    channel: str | None = None,
) -> Referral:
    """Answer the question; it goes on from where it was asked.

    The receiver may write the sender's words down, with the channel by which they came. Raises
    `Invalid` for the receiver without a channel, and for the sender with one.
    """
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.ANSWER, version=version, channel=channel
    ) as change:
        change.reason = answer
    return change.referral


def hold(
    *,
    actor: Actor,
    referral_id: UUID,
    reason: str,
    review_on: date,
    version: int | None = None,
    channel: str | None = None,
) -> Referral:
    """Put the work off until a day on which somebody looks at it again: after today, or `Invalid`."""
    if review_on <= clock.today():
        raise Invalid({"review_on": _("Give a day after today.")})
    demand_near("review_on", review_on, "REFERRAL_HOLD_MOST_DAYS")
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.HOLD, version=version, channel=channel
    ) as change:
        change.referral.held_from = change.source
        change.referral.review_on = review_on
        change.reason = reason
        change.data = {"review_on": review_on.isoformat()}
    return change.referral


def resume(
    *, actor: Actor, referral_id: UUID, version: int | None = None, channel: str | None = None
) -> Referral:
    """Go on where it was held."""
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.RESUME, version=version, channel=channel
    ) as change:
        change.referral.review_on = None
    return change.referral
