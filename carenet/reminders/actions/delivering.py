"""One message: claimed, checked again, sent outside any transaction, written down."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction

from carenet.reminders.actions.causes import end_if_open
from carenet.reminders.actions.leases import Outcome, claim, conclude
from carenet.reminders.actions.timing import allowed_from, backoff
from carenet.reminders.channels import CHANNELS, Refused, Unreachable
from carenet.reminders.registry import kind_named
from carenet.reminders.selectors import reader_of
from carenet.reminders.states import DIGEST, DeliveryState, Reason

if TYPE_CHECKING:
    from datetime import datetime

    from carenet.reminders.channels import Channel
    from carenet.reminders.models import Delivery

logger = logging.getLogger(__name__)
CODE_LENGTH = 60


def deliver_next(*, now: datetime) -> bool:
    """Send the message that has waited longest; False when none may be tried now.

    1. Claim it: "attempting", with a lease and a token, is committed.
    2. Ask again: is the reason still there, is the recipient still a member who may see it?
    3. Send, outside any transaction.
    4. Write the outcome down where the token is still ours.

    Killed between 1 and 4, the message is taken over when its lease ends (`take_over`).
    """
    delivery = claim(now=now)
    if delivery is None:
        return False
    conclude(delivery, _try(delivery, now), now=now)
    return True


def _try(delivery: Delivery, now: datetime) -> Outcome:
    channel = CHANNELS.get(delivery.channel)
    if channel is None or not channel.is_on():
        return Outcome(DeliveryState.CANCELLED, Reason.CHANNEL_OFF)
    try:
        objection = _objection(delivery, channel)
    except Exception as error:
        logger.exception("delivery %s: its kind failed", delivery.pk)
        return _again(delivery, channel, type(error).__name__, now)
    if objection:
        return Outcome(DeliveryState.CANCELLED, objection)
    rings_from = allowed_from(channel, delivery.agency, now, always=delivery.always)
    if rings_from > now:
        return Outcome(DeliveryState.PENDING, Reason.HELD_BACK, rings_from, held_back=True)
    return _send(delivery, channel, now)


def _objection(delivery: Delivery, channel: Channel) -> Reason | None:
    """Why this message must not go out any more, None when it may."""
    if delivery.reminder.settled_at:
        return Reason.SETTLED
    kind, occurrence = kind_named(delivery.reminder.kind), delivery.occurrence()
    if not kind.still_holds(occurrence):
        with transaction.atomic():
            end_if_open(delivery.reminder_id, Reason.NO_LONGER_HOLDS)
        return Reason.NO_LONGER_HOLDS
    reader = reader_of(delivery)
    if reader is None:
        return Reason.MEMBERSHIP_ENDED
    at_once = delivery.always or delivery.reminder.kind == DIGEST
    if reader.user and not channel.reaches(reader.user, reader.agency, at_once=at_once):
        return Reason.CHANNEL_OFF
    return None if kind.may_see(reader, occurrence) else Reason.OUT_OF_SIGHT


def _send(delivery: Delivery, channel: Channel, now: datetime) -> Outcome:
    try:
        channel.send(delivery)
    except Refused as error:
        logger.warning("delivery %s: refused, %s", delivery.pk, error.code)
        return Outcome(DeliveryState.FAILED, error.code)
    except Unreachable as error:
        logger.warning("delivery %s: unreachable, %s", delivery.pk, error.code)
        return _again(delivery, channel, error.code, now)
    except Exception as error:
        logger.exception("delivery %s: broke off in mid-call", delivery.pk)
        if channel.keyed:
            return _again(delivery, channel, type(error).__name__, now)
        return Outcome(DeliveryState.UNKNOWN, type(error).__name__[:CODE_LENGTH])
    return Outcome(DeliveryState.SENT)


def _again(delivery: Delivery, channel: Channel, code: str, now: datetime) -> Outcome:
    """Plan a later try with the same key, or end trying, visibly."""
    code = code[:CODE_LENGTH]
    if channel.gives_up_after is not None and delivery.attempts >= channel.gives_up_after:
        return Outcome(DeliveryState.FAILED, code)
    moment = now + backoff(delivery.attempts)
    retry_at = allowed_from(channel, delivery.agency, moment, always=delivery.always)
    return Outcome(DeliveryState.PENDING, code, retry_at, held_back=retry_at > moment)
