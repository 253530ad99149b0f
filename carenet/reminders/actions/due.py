"""A step of a reminder falls due: it becomes messages to those who hold the role at that moment."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from carenet.agencies.actors import system_actor
from carenet.agencies.calendars import WorkingCalendar
from carenet.agencies.selectors import Roster
from carenet.audit.actions import log_write
from carenet.core.errors import Conflict
from carenet.reminders.actions.delivery_times import backoff
from carenet.reminders.actions.recipients import messages_of, reachable_recipients
from carenet.reminders.actions.schedule import end
from carenet.reminders.models import Delivery, Occurrence, Reminder
from carenet.reminders.registry import (
    Recipient,
    ReminderKind,
    kind_named,
    kinds_asked_about,
    repeats,
)
from carenet.reminders.selectors import standing_in
from carenet.reminders.states import NOBODY_PAUSE, EngineReason

logger = logging.getLogger(__name__)
LONGEST_COUNT = 1000
AT_ONCE = 100
#: Whoever settles a reminder waits for the batch that holds it: no longer than about this.
LONGEST_LOCK = 0.5
#: No kind has more steps that differ: a chase that goes round for ever is passed over no further.
LONGEST_ESCALATION = 8
_RELATED = ("agency", "person", "holder", "holder_agency")


@dataclass(frozen=True, slots=True)
class Asked:
    """A reminder whose step falls due, its kind as it is to be asked, and who is where."""

    reminder: Reminder
    kind: ReminderKind
    roster: Roster

    @property
    def occurrence(self) -> Occurrence:
        return self.reminder.occurrence(self.reminder.step)


@dataclass(frozen=True, slots=True)
class DueStep:
    """What a step comes to: its messages, and when the one after it is due.

    `repeats`: there is none after it, so that this one comes again then.
    """

    messages: list[Delivery]
    following: datetime | None
    is_last: bool
    repeats: bool = False


def fall_due(*, now: datetime, among: QuerySet[Reminder] | None = None) -> bool:
    """Let the reminder that has been due longest fall due; False when there is none.

    1. Lock it, passing over those that another sweep is busy with.
    2. Ask its kind whether the reason still holds; if not, settle it.
    3. Write a delivery for each recipient and channel; those that are there already stay. For whoever
       is away their deputy is told; at the last step they are themselves, if nobody else can be. Of a
       kind that goes round without a last step that is the one after `LONGEST_ESCALATION`.
    4. Move on to the next step, all in one transaction; after the last one the same comes again.

    An error of the kind is logged, kept on the row and tried again later; the others go on.
    """
    with transaction.atomic(durable=True):
        reminder = _due(now, among).first()
        if reminder is None:
            return False
        try:
            with transaction.atomic():
                kind_named(reminder.kind)
                _repeat(reminder)
                _advance(_asked([reminder])[0], now)
        except Exception as error:
            logger.exception("reminder %s: its kind failed", reminder.pk)
            _schedule_retry(reminder.pk, type(error).__name__, now)
    return True


def fall_due_together(*, now: datetime) -> bool:
    """Let what has been due longest fall due, many in one transaction; False when nothing is.

    What does more than tell somebody is left out of it, and what fails takes all of it back: these
    fall due one by one. It waits for nobody, since it holds what others wait for, and not for long.
    """
    with transaction.atomic(durable=True):
        # Each agency and person is read once, not with each row.
        together = _due(now).select_related(None).prefetch_related(*_RELATED)
        due = list(together[:AT_ONCE])
        alone = _advance_together(due, now)
    for each in alone:
        fall_due(now=now, among=Reminder.objects.filter(pk=each.pk))
    return bool(due)


def _due(now: datetime, among: QuerySet[Reminder] | None = None) -> QuerySet[Reminder]:
    return (
        (Reminder.objects.all() if among is None else among)
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related(*_RELATED)
        .filter(Q(retry_at=None) | Q(retry_at__lte=now), settled_at=None, due_at__lte=now)
        .order_by("due_at")
    )


def _asked(reminders: Sequence[Reminder]) -> list[Asked]:
    """Let each kind look at all of its own at once; what has no kind here is left out."""
    roster = Roster()
    roster.expect(each.agency for each in reminders)
    kinds = kinds_asked_about(
        ((each.kind, each.occurrence(each.step)) for each in reminders), roster
    )
    return [Asked(each, kinds[each.kind], roster) for each in reminders if each.kind in kinds]


def _advance_together(due: Sequence[Reminder], now: datetime) -> list[Reminder]:
    """Tell whoever is simply to be told; return those that have to fall due by themselves."""
    until = monotonic() + LONGEST_LOCK
    told: list[tuple[Reminder, DueStep]] = []
    try:
        with transaction.atomic():
            asked = _asked([each for each in due if not _goes_alone(each)])
            known = {each.reminder.pk for each in asked}
            alone = [each for each in due if each.pk not in known]
            for each in asked:
                if monotonic() > until:  # the next batch is theirs
                    break
                step = _due_step(each, now) if each.kind.still_applies(each.occurrence) else None
                if step and step.messages:
                    told.append((each.reminder, step))
                else:
                    alone.append(each.reminder)
            _write_deliveries(told)
    except Exception:
        logger.exception("reminders: one of %s failed, now one by one", len(due))
        return list(due)
    return alone


def _goes_alone(reminder: Reminder) -> bool:
    return bool(reminder.holder_id or reminder.asks_holder or reminder.repeats)


def _repeat(reminder: Reminder) -> None:
    """After its last step that one comes again, as an occurrence of its own."""
    if reminder.repeats:
        reminder.step, reminder.repeats = reminder.told_step, False
        reminder.turn += 1
        reminder.save(update_fields=["step", "turn", "repeats"])


def _advance(asked: Asked, now: datetime) -> None:
    reminder = asked.reminder
    if not asked.kind.still_applies(asked.occurrence):
        end(reminder, EngineReason.NO_LONGER_HOLDS)
        return
    if reminder.asks_holder and _ask_holder(asked, now):
        return
    step = _due_step(asked, now)
    if step.messages:
        _write_deliveries([(reminder, step)])
    else:
        _pass_over(reminder, now, is_last=step.is_last)


def _due_step(asked: Asked, now: datetime) -> DueStep:
    """Say what falls due now, without writing anything."""
    reminder, kind, roster = asked.reminder, asked.kind, asked.roster
    following = kind.next_due(asked.occurrence, now)
    named = list(kind.recipients(asked.occurrence))
    told = reachable_recipients(kind, asked.occurrence, standing_in(named, roster), roster)
    is_last = following is None or reminder.step >= LONGEST_ESCALATION
    if not told and is_last:  # rather somebody who is away than nobody
        told = reachable_recipients(kind, asked.occurrence, named, roster)
    if told:
        told += _holder_besides(asked, told)
    again = following is None and repeats(reminder.kind)
    if again:
        following = _again_after(now, roster.calendar(reminder.agency))
    messages = messages_of(reminder, kind, told, now, roster=roster)
    return DueStep(messages, following, is_last, repeats=again)


def _again_after(now: datetime, calendar: WorkingCalendar) -> datetime:
    days = settings.REMINDER_AGAIN_WORKING_DAYS
    try:
        return calendar.working_days_later(now, days)
    except Conflict:  # a calendar without an open day: rather by the clock than never
        return now + timedelta(days=days)


def _write_deliveries(steps: Sequence[tuple[Reminder, DueStep]]) -> None:
    messages = [message for _reminder, step in steps for message in step.messages]
    Delivery.objects.bulk_create(messages, ignore_conflicts=True)
    alike: dict[tuple[int, datetime | None, bool], list[UUID]] = defaultdict(list)
    for reminder, step in steps:
        alike[reminder.step, step.following, step.repeats].append(reminder.pk)
    for (number, following, again), pks in alike.items():
        _move_on(pks, number, following, again=again)


def _ask_holder(asked: Asked, now: datetime) -> bool:
    """Ask whoever took it on, alone; the chase goes on a working day later.

    False when they can no longer be told: then it goes on at once, without them.
    """
    reminder, holder = asked.reminder, _holder(asked)
    reminder.asks_holder = False
    if not holder:
        reminder.holder = None
        reminder.save(update_fields=["asks_holder", "holder"])
        return False
    messages = messages_of(
        reminder, asked.kind, holder, now, roster=asked.roster, step=reminder.told_step
    )
    Delivery.objects.bulk_create(messages, ignore_conflicts=True)
    reminder.turn += 1  # the step that follows may tell the same person again
    reminder.due_at = asked.roster.calendar(holder[0].agency).working_days_later(now, 1)
    if reminder.resumes_at:
        reminder.due_at = max(reminder.due_at, reminder.resumes_at)
    reminder.save(update_fields=["asks_holder", "turn", "due_at"])
    return True


def _holder(asked: Asked) -> list[Recipient]:
    reminder = asked.reminder
    if not (reminder.holder and reminder.holder_agency):
        return []
    holder = Recipient(reminder.holder, reminder.holder_agency)
    occurrence = reminder.occurrence(reminder.told_step)
    return reachable_recipients(asked.kind, occurrence, [holder], asked.roster)


def _holder_besides(asked: Asked, told: list[Recipient]) -> list[Recipient]:
    """Whoever took it on hears of every later step, too."""
    if any(recipient.user == asked.reminder.holder for recipient in told):
        return []
    return _holder(asked)


def _move_on(
    reminders: Sequence[UUID], step: int, due_at: datetime | None, *, again: bool = False
) -> None:
    Reminder.objects.filter(pk__in=reminders).update(
        step=step + 1, due_at=due_at, repeats=again,
        errors=0, retry_at=None, last_error="", holds=0,
    )  # fmt: skip


def _pass_over(reminder: Reminder, now: datetime, *, is_last: bool) -> None:
    """Nobody to tell: the next step falls due at once; the last one waits for somebody to come.

    The trail is told once per step, not again each day.
    """
    if reminder.last_error != EngineReason.NOBODY_TO_TELL:
        logger.warning("reminder %s: nobody to tell at step %s", reminder.pk, reminder.step)
        log_write(
            system_actor(reminder.agency).who,
            "reminder.nobody_to_tell",
            reminder.subject_kind,
            reminder.subject_id,
            reminder=str(reminder.pk),
            step=reminder.step,
        )
    if is_last:
        reminder.due_at = now + NOBODY_PAUSE
        reminder.last_error = EngineReason.NOBODY_TO_TELL
        reminder.save(update_fields=["due_at", "last_error"])
    else:
        _move_on([reminder.pk], reminder.step, now)


def _schedule_retry(reminder_id: UUID, error: str, now: datetime) -> None:
    """`due_at` stays: health shows how long it has been waiting."""
    reminder = Reminder.objects.get(pk=reminder_id)
    reminder.errors = min(reminder.errors + 1, LONGEST_COUNT)
    reminder.retry_at = now + backoff(reminder.errors)
    reminder.last_error = error[:60]
    reminder.save(update_fields=["errors", "retry_at", "last_error"])
