"""Who may send a message at the moment: claims with a lease and a fencing token.

The lease says until when the sender is believed to be alive; the token, which grows with each
claim, keeps a sender that was only slow from speaking for the one that came after it.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from carenet.agencies.selectors import calendar_of
from carenet.core import clock
from carenet.reminders.actions.schedule import schedule_reminder
from carenet.reminders.channels import CHANNELS, INBOX
from carenet.reminders.models import Delivery, dedupe_key
from carenet.reminders.states import (
    FINAL,
    OWN_KINDS,
    UNDELIVERED,
    WORRYING,
    DeliveryState,
    EngineReason,
)

logger = logging.getLogger(__name__)
TAKEN_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """What became of a try; `next_try_at` where it is to be tried again.

    `held_back`: it waits for the hours in which it may ring, so that it is not late until then.
    """

    state: DeliveryState
    reason: str = ""
    next_try_at: datetime | None = None
    held_back: bool = False


def claim(*, now: datetime, besides: Collection[str] = ()) -> Delivery | None:
    """Take the message that has waited longest, mark it as attempted, and commit that.

    Those of the channels `besides` are left where they are.
    """
    claimed = _claim(Delivery.objects.exclude(channel__in=besides), 1, now)
    return claimed[0] if claimed else None


def claim_together(channel: str, *, now: datetime) -> list[Delivery]:
    """Take the messages of a channel that have waited longest, as `claim` does one."""
    return _claim(Delivery.objects.filter(channel=channel), TAKEN_AT_ONCE, now)


def _claim(among: QuerySet[Delivery], number: int, now: datetime) -> list[Delivery]:
    lease_until = now + timedelta(seconds=settings.REMINDER_LEASE_SECONDS)
    with transaction.atomic(durable=True):
        rows = among.select_for_update(skip_locked=True, no_key=True, of=("self",))
        # Of many each agency and person is read once, not with each row.
        related = rows.prefetch_related if number > 1 else rows.select_related
        claimed = list(
            related("reminder__agency", "reminder__person", "recipient", "agency")
            .filter(state=DeliveryState.PENDING, next_try_at__lte=now)
            .order_by("next_try_at")[:number]
        )
        for each in claimed:
            each.state, each.lease_until = DeliveryState.ATTEMPTING, lease_until
            each.token += 1
            each.attempts += 1
        Delivery.objects.filter(pk__in=[each.pk for each in claimed]).update(
            state=DeliveryState.ATTEMPTING,
            lease_until=lease_until,
            token=F("token") + 1,
            attempts=F("attempts") + 1,
        )
    return claimed


def conclude_together(ended: Iterable[tuple[Delivery, DeliveryOutcome]], *, now: datetime) -> None:
    """Write down what became of many, as `conclude` does of one."""
    alike: dict[tuple[DeliveryOutcome, int], list[Delivery]] = defaultdict(list)
    for delivery, outcome in ended:
        alike[outcome, delivery.token].append(delivery)
    for (outcome, token), deliveries in alike.items():
        if outcome.state in WORRYING:
            for each in deliveries:
                conclude(each, outcome, now=now)
        else:
            _conclude_alike(deliveries, token, outcome)


def _conclude_alike(deliveries: list[Delivery], token: int, outcome: DeliveryOutcome) -> None:
    with transaction.atomic(durable=True):
        ours = Delivery.objects.filter(
            pk__in=[each.pk for each in deliveries], token=token, state=DeliveryState.ATTEMPTING
        )
        late = len(deliveries) - _write(ours, outcome)
    if late:
        logger.warning("%s deliveries: taken over; their outcome came too late", late)


def conclude(delivery: Delivery, outcome: DeliveryOutcome, *, now: datetime) -> None:
    """Write down what became of a claimed message, if it is still ours to say."""
    with transaction.atomic(durable=True):
        ours = Delivery.objects.filter(
            pk=delivery.pk, token=delivery.token, state=DeliveryState.ATTEMPTING
        )
        if not _write(ours, outcome):
            logger.warning("delivery %s: taken over; its outcome came too late", delivery.pk)
        elif outcome.state in WORRYING:
            _notify_person(delivery, now)


def take_over(*, now: datetime) -> None:
    """Free what the dead left: messages whose lease has run out while they were being sent.

    Where the channel takes a key it is tried again with the same one. Where it does not, it may
    have gone out: `unknown`, never sent again by itself, and a person learns of it.
    """
    with transaction.atomic(durable=True):
        abandoned = (
            Delivery.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
            .select_related("reminder", "recipient", "agency")
            .filter(state=DeliveryState.ATTEMPTING, lease_until__lte=now)
            .order_by("lease_until")[:TAKEN_AT_ONCE]
        )
        for delivery in abandoned:
            outcome = _after_silence(delivery, now)
            logger.warning("delivery %s: lease expired, now %s", delivery.pk, outcome.state)
            _write(Delivery.objects.filter(pk=delivery.pk), outcome)
            if outcome.state in WORRYING:
                _notify_person(delivery, now)


def _after_silence(delivery: Delivery, now: datetime) -> DeliveryOutcome:
    channel = CHANNELS.get(delivery.channel)
    if channel is None or not channel.keyed:
        return DeliveryOutcome(DeliveryState.UNKNOWN, EngineReason.LEASE_EXPIRED)
    if channel.gives_up_after is not None and delivery.attempts >= channel.gives_up_after:
        return DeliveryOutcome(DeliveryState.FAILED, EngineReason.LEASE_EXPIRED)
    return DeliveryOutcome(DeliveryState.PENDING, EngineReason.LEASE_EXPIRED, next_try_at=now)


def _write(deliveries: QuerySet[Delivery], outcome: DeliveryOutcome) -> int:
    changes: dict[str, object] = {
        "state": outcome.state,
        "reason": outcome.reason,
        "lease_until": None,
    }
    if outcome.state in FINAL:
        changes["finished_at"] = clock.now()
    if outcome.next_try_at is not None:
        changes["next_try_at"] = outcome.next_try_at
    if outcome.held_back:
        changes["due_at"] = outcome.next_try_at
    if outcome.reason == EngineReason.HELD_BACK:
        changes["attempts"] = F("attempts") - 1  # nothing was tried
    return deliveries.update(**changes)


def _notify_person(delivery: Delivery, now: datetime) -> None:
    """Make sure that the same occurrence reaches its recipient's inbox, where its state shows.

    If they do not read it there within a working day, a manager hears of it.
    """
    reminder, step = delivery.reminder, delivery.step
    turn, agency = delivery.turn, delivery.agency
    message = Delivery(
        reminder=reminder,
        step=step,
        recipient=delivery.recipient,
        turn=turn,
        agency=agency,
        channel=INBOX,
        dedupe_key=dedupe_key(reminder, step, agency, delivery.recipient, INBOX, turn=turn),
        due_at=now,
        next_try_at=now,
    )
    Delivery.objects.bulk_create([message], ignore_conflicts=True)
    if delivery.recipient and reminder.kind not in OWN_KINDS:
        schedule_reminder(
            kind=UNDELIVERED,
            subject_id=delivery.pk,
            subject_code=reminder.subject_code,
            agency=agency,
            due_at=calendar_of(agency).working_days_later(now, 1),
        )
