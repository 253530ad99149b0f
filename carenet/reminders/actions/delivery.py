"""One message: claimed, checked again, sent outside any transaction, written down."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from carenet.agencies.selectors import Roster
from carenet.reminders.actions.delivery_times import allowed_from, backoff
from carenet.reminders.actions.leases import (
    DeliveryOutcome,
    claim,
    claim_together,
    conclude,
    conclude_together,
)
from carenet.reminders.actions.schedule import end_if_open
from carenet.reminders.channels import CHANNELS, Channel, Refused, SendsTogether, Unreachable
from carenet.reminders.models import Delivery
from carenet.reminders.registry import kinds_asked_about
from carenet.reminders.selectors import reader_of
from carenet.reminders.states import DIGEST, DeliveryState, EngineReason

logger = logging.getLogger(__name__)
CODE_LENGTH = 60


def deliver_next(*, now: datetime, together_too: bool = True) -> bool:
    """Send the message that has waited longest; False when none may be tried now.

    Not `together_too`: what `deliver_together` sends is left to it.

    1. Claim it: "attempting", with a lease and a token, is committed.
    2. Ask again: is the reason still there, is the recipient still a member who may see it?
    3. Send, outside any transaction.
    4. Write the outcome down where the token is still ours.

    Killed between 1 and 4, the message is taken over when its lease ends (`take_over`).
    """
    left = [] if together_too else [each.name for each in _sending_together()]
    delivery = claim(besides=left, now=now)
    if delivery is None:
        return False
    conclude(delivery, _try(delivery, now), now=now)
    return True


def deliver_together(*, now: datetime) -> bool:
    """Send many messages of each channel that takes many as `deliver_next` does one.

    Each step is done for all of them before the next. What fails for all is done one by one. False
    when none may be tried.
    """
    tried = [_deliver_together(channel, now) for channel in _sending_together()]
    return any(tried)


def _sending_together() -> list[SendsTogether]:
    channels = (each for each in CHANNELS.values() if each.is_on())
    return [each for each in channels if isinstance(each, SendsTogether)]


def _deliver_together(channel: SendsTogether, now: datetime) -> bool:
    deliveries = claim_together(channel.name, now=now)
    if deliveries:
        conclude_together(_try_together(deliveries, channel, now), now=now)
    return bool(deliveries)


def _try_together(
    deliveries: list[Delivery], channel: SendsTogether, now: datetime
) -> list[tuple[Delivery, DeliveryOutcome]]:
    try:
        asking = _Asking(deliveries)
        ended = {each: _not_to_be_sent(each, channel, asking, now) for each in deliveries}
    except Exception:
        logger.exception("deliveries: one of %s failed, now one by one", len(deliveries))
        return [(each, _try(each, now)) for each in deliveries]
    passed = [each for each, outcome in ended.items() if outcome is None]
    sent = dict(zip(passed, _send_together(passed, channel, now), strict=True)) if passed else {}
    return [(each, outcome or sent[each]) for each, outcome in ended.items()]


def _send_together(
    deliveries: list[Delivery], channel: SendsTogether, now: datetime
) -> list[DeliveryOutcome]:
    try:
        errors = channel.send_together(deliveries)
    except Exception as error:
        if channel.keyed:
            logger.exception("deliveries: one of %s failed, now one by one", len(deliveries))
            return [_send(each, channel, now) for each in deliveries]
        errors = [error] * len(deliveries)
    return [
        _outcome(each, channel, error, now) for each, error in zip(deliveries, errors, strict=True)
    ]


class _Asking:
    """The kinds of some messages, looking at all of them at once, and who is where."""

    def __init__(self, deliveries: Sequence[Delivery]) -> None:
        self.roster = Roster()
        self.roster.expect(each.agency for each in deliveries)
        asked = ((each.reminder.kind, each.occurrence()) for each in deliveries)
        self.kinds = kinds_asked_about(asked, self.roster)


def _try(delivery: Delivery, now: datetime) -> DeliveryOutcome:
    channel = CHANNELS.get(delivery.channel)
    if channel is None or not channel.is_on():
        return DeliveryOutcome(DeliveryState.CANCELLED, EngineReason.CHANNEL_OFF)
    try:
        outcome = _not_to_be_sent(delivery, channel, _Asking([delivery]), now)
    except Exception as error:
        logger.exception("delivery %s: its kind failed", delivery.pk)
        return _schedule_retry(delivery, channel, type(error).__name__, now)
    return outcome or _send(delivery, channel, now)


def _not_to_be_sent(
    delivery: Delivery, channel: Channel, asking: _Asking, now: datetime
) -> DeliveryOutcome | None:
    """Return what becomes of a message that must not go out, or not yet; None when it may."""
    objection = _objection(delivery, channel, asking)
    if objection:
        return DeliveryOutcome(DeliveryState.CANCELLED, objection)
    rings_from = allowed_from(
        channel, delivery.agency, now, always=delivery.always, roster=asking.roster
    )
    if rings_from > now:
        return DeliveryOutcome(
            DeliveryState.PENDING, EngineReason.HELD_BACK, rings_from, held_back=True
        )
    return None


def _objection(delivery: Delivery, channel: Channel, asking: _Asking) -> EngineReason | None:
    """Why this message must not go out any more, None when it may."""
    if delivery.reminder.settled_at:
        return EngineReason.SETTLED
    kind, occurrence = asking.kinds[delivery.reminder.kind], delivery.occurrence()
    if not kind.still_applies(occurrence):
        with transaction.atomic():
            end_if_open(delivery.reminder_id, EngineReason.NO_LONGER_HOLDS)
        return EngineReason.NO_LONGER_HOLDS
    reader = reader_of(delivery, asking.roster)
    if reader is None:
        return EngineReason.MEMBERSHIP_ENDED
    at_once = delivery.always or delivery.reminder.kind == DIGEST
    if reader.user and not channel.reaches(reader.user, reader.agency, at_once=at_once):
        return EngineReason.CHANNEL_OFF
    return None if kind.may_see(reader, occurrence) else EngineReason.OUT_OF_SIGHT


def _send(delivery: Delivery, channel: Channel, now: datetime) -> DeliveryOutcome:
    try:
        channel.send(delivery)
    except Exception as error:  # noqa: BLE001 - what it means is the next function's to say
        return _outcome(delivery, channel, error, now)
    return _outcome(delivery, channel, None, now)


def _outcome(
    delivery: Delivery, channel: Channel, error: Exception | None, now: datetime
) -> DeliveryOutcome:
    """Say what became of a message by what its channel has raised."""
    if error is None:
        return DeliveryOutcome(DeliveryState.SENT)
    if isinstance(error, Refused):
        logger.warning("delivery %s: refused, %s", delivery.pk, error.code)
        return DeliveryOutcome(DeliveryState.FAILED, error.code)
    if isinstance(error, Unreachable):
        logger.warning("delivery %s: unreachable, %s", delivery.pk, error.code)
        return _schedule_retry(delivery, channel, error.code, now)
    logger.error("delivery %s: broke off in mid-call", delivery.pk, exc_info=error)
    if channel.keyed:
        return _schedule_retry(delivery, channel, type(error).__name__, now)
    return DeliveryOutcome(DeliveryState.UNKNOWN, type(error).__name__[:CODE_LENGTH])


def _schedule_retry(
    delivery: Delivery, channel: Channel, code: str, now: datetime
) -> DeliveryOutcome:
    """Plan a later try with the same key, or end trying, visibly."""
    code = code[:CODE_LENGTH]
    if channel.gives_up_after is not None and delivery.attempts >= channel.gives_up_after:
        return DeliveryOutcome(DeliveryState.FAILED, code)
    moment = now + backoff(delivery.attempts)
    retry_at = allowed_from(channel, delivery.agency, moment, always=delivery.always)
    return DeliveryOutcome(DeliveryState.PENDING, code, retry_at, held_back=retry_at > moment)
