"""Reads: an inbox, who reads a message, and how late the engine is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import (
    CharField,
    Count,
    Exists,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import JSONObject

from carenet.access.actor_queries import ActorQuery, Rows
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import Roster, actor_of
from carenet.core import clock
from carenet.reminders.models import (
    Delivery,
    InboxEntry,
    Pulse,
    Reminder,
    ReminderEvent,
    Sending,
)
from carenet.reminders.policy import take_back_refusal, visible_to
from carenet.reminders.registry import (
    OpenMatter,
    Recipient,
    is_answered_at_subject,
    kind_named,
    kinds,
    notices,
    open_matters,
    repeats,
    sweeps,
    waiting_rows,
)
from carenet.reminders.states import DIGEST, OWN_KINDS, DeliveryState, Verb

#: Sweeps that may be missing, and the seconds they are given at least, before a job counts as dead.
SWEEPS_MISSED = 5
LEAST_PULSE_SECONDS = 15.0
#: No date that silences somebody may lie further ahead (`carenet/rest/limits.py`).
LONGEST_SILENCE = timedelta(days=400)
#: The pulse of beat itself, which is there once its clock was off.
BEAT = "beat"
#: How long it is held against a job that the clock of one of its processes was off.
OFF_KEPT = timedelta(minutes=1)


def inbox(actor: Actor) -> QuerySet[InboxEntry]:
    """Return what the actor was told, ready to be shown without a query per entry.

    `entry.reminder.for_reader` holds the messages about the same reminder to the same reader,
    `entry.reminder.history` what those who were told have done about it.
    """
    events = ReminderEvent.objects.select_related("by_user", "person")
    own = Delivery.objects.filter(agency=actor.agency_id, recipient=actor.user_id)
    return (
        visible_to(actor)
        .select_related(
            "agency", "delivery", "reminder__agency", "reminder__person", "reminder__holder"
        )
        .prefetch_related(
            Prefetch("reminder__deliveries", own.order_by("channel"), to_attr="for_reader"),
            Prefetch("reminder__events", events.order_by("id"), to_attr="history"),
        )
    )


def still_open() -> Q:
    """Which entries still wait for their reader: a notice does not once it was read."""
    return _still_open([*notices()])


def _still_open(of_notices: list[str]) -> Q:
    read = Q(reminder__kind__any_of=of_notices, read_at__isnull=False)
    return Q(reminder__settled_at=None) & ~read


def last_notified(actor: Actor, *, limit: int) -> Rows[InboxEntry]:
    """Return the last message of each reminder that still waits for the actor, oldest first.

    One query: what a line of a list shows, and no more. With it what was last done about it, as
    `last_verb`, and in `last_done` what `can_be_taken_back` asks.
    """
    return _LAST(actor, notices=[*notices()]).up_to(limit)


#: What of an event says whether it may be taken back.
_LAST_DONE = {name: name for name in ("verb", "at", "by_client", "before")} | {
    f"{name}_id": name for name in ("by_agency", "by_user")
}


def _last_notified(actor: Actor, *, notices: list[str]) -> QuerySet[InboxEntry]:
    waiting = visible_to(actor).filter(_still_open(notices))
    last = waiting.order_by("reminder", "-arrived_at", "-id").distinct("reminder")
    shown = InboxEntry.objects.filter(pk__in=last.values("pk")).order_by("arrived_at", "id")
    done = ReminderEvent.objects.filter(reminder=OuterRef("reminder")).order_by("-id")
    return shown.select_related(
        "delivery", "reminder__agency", "reminder__person", "reminder__holder"
    ).annotate(
        last_verb=Subquery(done.values("verb")[:1]),
        last_done=Subquery(done.values(told=JSONObject(**_LAST_DONE))[:1]),
    )


_LAST = ActorQuery(_last_notified, notices=["a kind that is none"])


def _open_subjects(actor: Actor, *, notices: list[str]) -> QuerySet[InboxEntry, tuple[UUID]]:
    done = ReminderEvent.objects.filter(reminder=OuterRef("reminder")).order_by("-id")
    waiting = visible_to(actor).filter(_still_open(notices))
    not_put_off = ~Q(last_verb=Verb.SNOOZE) | Q(last_verb=None)
    now = waiting.annotate(last_verb=Subquery(done.values("verb")[:1])).filter(
        not_put_off | Q(reminder__due_at__lte=clock.now()) | Q(reminder__due_at=None)
    )
    return now.order_by().values_list("reminder__subject_id")


#: What the open reminders are about that the actor was told of and nobody has put off: for a count.
OPEN_SUBJECTS = ActorQuery(_open_subjects, notices=["a kind that is none"])


def can_be_snoozed(reminder: Reminder) -> bool:
    """Whether its kind and its past let somebody take it on, put it off or hand it on.

    Who may is the policy's to say.
    """
    return not (
        reminder.settled_at
        or reminder.kind == DIGEST
        or reminder.kind in notices()
        or is_answered_at_subject(reminder.kind)
        or reminder.holds >= settings.REMINDER_HOLDS
    )


def can_be_taken_back(actor: Actor, entry: InboxEntry) -> bool:
    """Whether `take_back` would undo what was last done about an entry of `last_notified`."""
    done: dict[str, Any] | None = entry.last_done  # type: ignore[attr-defined]  # annotated
    last = ReminderEvent(**done | {"at": datetime.fromisoformat(done["at"])}) if done else None
    return take_back_refusal(actor, entry.reminder, last) is None


def open_reminders_of(user: User, agency: Agency) -> QuerySet[Reminder]:
    """Return the open reminders that a person was told for an agency, but for those held back."""
    entries = InboxEntry.objects.filter(still_open(), user=user, agency=agency)
    return Reminder.objects.filter(
        pk__in=entries.values("reminder"), settled_at=None, asks_holder=False
    ).exclude(kind__in=OWN_KINDS)


def codes_waiting_for(user: User, agency: Agency) -> list[str]:
    """Return the codes of what still waits for a person and may still be seen by them, each once.

    What has no code, because its reader must not know it, says in words what it is.
    """
    actor = actor_of(user, agency)
    if actor is None:
        return []
    waiting = open_reminders_of(user, agency).select_related("agency", "person")
    return sorted({_code_or_text(each) for each in waiting if _waits_for(actor, each)})


def _code_or_text(reminder: Reminder) -> str:
    occurrence = reminder.occurrence(reminder.told_step)
    return reminder.subject_code or str(kind_named(reminder.kind).text(occurrence))


def _waits_for(actor: Actor, reminder: Reminder) -> bool:
    try:
        kind = kind_named(reminder.kind)
    except KeyError:  # rows outlive the release that wrote them
        return False
    occurrence = reminder.occurrence(reminder.told_step)
    return kind.still_applies(occurrence) and kind.may_see(actor, occurrence)


def reader_of(delivery: Delivery, roster: Roster) -> Actor | None:
    """Return the message's recipient as they could act now, None if they no longer can."""
    if delivery.recipient is None:
        return systems_of(delivery.agency) if delivery.agency.active else None
    return roster.actor(delivery.recipient, delivery.agency)


def systems_of(agency: Agency) -> Actor:
    """Return the actor that reads an agency's own entries: its systems, whichever they are."""
    return Actor(agency=agency, roles=frozenset({Role.INTEGRATION}))


def open_kinds(subject_id: UUID, among: Iterable[str]) -> set[str]:
    """Return which of these kinds of reminder are open for a subject."""
    found = Reminder.objects.filter(kind__in=list(among), subject_id=subject_id, settled_at=None)
    return set(found.values_list("kind", flat=True))


def first_reached(
    groups: Iterable[Sequence[Recipient]],
    may_see: Callable[[Actor], bool],
    *,
    roster: Roster | None = None,
    names_absent: bool = True,
) -> list[Recipient]:
    """Return the first of these groups in which somebody is there and may see the subject.

    For whoever is away their deputy stands; the groups after the first are not looked up. Where all
    are away, the first group that may see it: whether they are told is the engine's to say. None of
    them unless it `names_absent`.
    """
    roster = roster or Roster()
    away: list[Recipient] = []
    for named in groups:
        told = _who_may_see(standing_in(named, roster), may_see, roster)
        if told:
            return told
        away = away or (_who_may_see(named, may_see, roster) if names_absent else [])
    return away


def standing_in(recipients: Iterable[Recipient], roster: Roster | None = None) -> list[Recipient]:
    """Return who of these is there, now or as the roster has it; nobody twice.

    For whoever is away the deputy who is there.
    """
    roster = roster or Roster()
    named: dict[tuple[UUID, bool], list[Recipient]] = defaultdict(list)
    for each in recipients:
        named[each.agency.pk, each.always].append(each)
    return [
        replace(group[0], user=user)
        for group in named.values()
        for user in roster.staff(group[0].agency).on_duty(each.user for each in group)
    ]


def _who_may_see(
    recipients: Iterable[Recipient], may_see: Callable[[Actor], bool], roster: Roster
) -> list[Recipient]:
    actors = ((each, roster.actor(each.user, each.agency)) for each in recipients)
    return [each for each, actor in actors if actor and may_see(actor)]


def has_open_reminder(kind: str, subject_id: UUID, agency: Agency) -> bool:
    """Whether a reminder of this kind and subject is open that was written for this agency."""
    found = Reminder.objects.filter(kind=kind, subject_id=subject_id, settled_at=None)
    return found.filter(agency=agency).exists()


def dated() -> QuerySet[Reminder]:
    """Return the open reminders that fall due at some time."""
    return Reminder.objects.filter(settled_at=None, due_at__isnull=False)


def never_notified(now: datetime) -> Q:
    """Return the condition on subjects "no reminder of it falls due before long"."""
    soon = dated().filter(subject_id=OuterRef("pk"), due_at__lte=now + LONGEST_SILENCE)
    return ~Q(Exists(soon))


def without_date(now: datetime) -> QuerySet[Reminder]:  # noqa: ARG001 - as of any open matter
    """Return the open reminders that never fall due again, though nothing else chases their subject."""
    again = [kind.name for kind in kinds() if repeats(kind.name)]
    return Reminder.objects.filter(settled_at=None, due_at=None, kind__in=again)


def silent_matters(now: datetime) -> dict[str, int]:
    """Count what is open while nobody will be told of it, by what it is; what is chased is left out."""
    found = {each.name: _without_reminder(each, now).count() for each in open_matters}
    return {name: number for name, number in found.items() if number}


def _without_reminder(matter: OpenMatter, now: datetime) -> QuerySet[Any]:
    chased = Reminder.objects.filter(kind=matter.kind, settled_at=None).values("subject_id")
    return matter.silent(now).exclude(pk__in=chased) if matter.kind else matter.silent(now)


def oldest_overdue(now: datetime) -> float:
    """Return for how many seconds the oldest overdue row has been waiting, 0 when none is."""
    waiting = (overdue_reminders(now), overdue_deliveries(now))
    oldest = [rows.aggregate(at=Min("due_at"))["at"] for rows in waiting]
    return max((now - at).total_seconds() if at else 0.0 for at in oldest)


def overdue_reminders(now: datetime) -> QuerySet[Reminder]:
    """Return the open reminders of which a step is due."""
    return Reminder.objects.filter(settled_at=None, due_at__lte=now)


def overdue_deliveries(now: datetime) -> QuerySet[Delivery]:
    """Return the messages that are due and have not come to an end."""
    return Delivery.objects.filter(finished_at=None, due_at__lte=now)


def oldest_waiting(now: datetime) -> dict[str, float]:
    """Return for how many seconds the oldest row of each kind has waited for a worker, 0 when none does.

    One statement, of as many looks into an index as there are kinds.
    """
    first, *others = [
        each.rows(now)
        .order_by(each.since)
        .annotate(waiting=Value(each.name, output_field=CharField()))
        .values_list("waiting", each.since)[:1]
        for each in waiting_rows
    ]
    since = dict(first.union(*others, all=True))
    return {
        each.name: max((now - since.get(each.name, now)).total_seconds(), 0.0)
        for each in waiting_rows
    }


def sweep_ages(now: datetime) -> dict[str, float | None]:
    """Return for how many seconds each sweep has not run, None for one that never has."""
    at = dict(Pulse.objects.filter(pk__in=sweeps).values_list("name", "at"))
    return {name: (now - at[name]).total_seconds() if name in at else None for name in sweeps}


def outcomes_since(moment: datetime) -> dict[tuple[str, str], int]:
    """Count the messages that have come to an end since then, by channel and outcome."""
    ended = Delivery.objects.filter(finished_at__gte=moment).order_by()
    counted = ended.values_list("channel", "state").annotate(number=Count("pk"))
    return {(channel, state): number for channel, state, number in counted}


def heartbeats(name: str, now: datetime) -> bool:
    """Whether a job that is started every `REMINDER_SWEEP_SECONDS` has run lately."""
    age = heartbeat_age(name, now)
    longest = max(LEAST_PULSE_SECONDS, SWEEPS_MISSED * float(settings.REMINDER_SWEEP_SECONDS))
    return age is not None and age <= longest


def heartbeat_age(name: str, now: datetime) -> float | None:
    """Return for how many seconds a job has not run, None if it never has."""
    at = Pulse.objects.filter(pk=name).values_list("at", flat=True).first()
    return (now - at).total_seconds() if at else None


def clocks_off(now: datetime) -> dict[str, float]:
    """Return the jobs of which a process lately had a clock that was off: seconds early, the worst."""
    found = Pulse.objects.filter(off_at__gte=now - OFF_KEPT)
    return {each.name: each.off_seconds or 0.0 for each in found.order_by("name")}


def is_paused() -> bool:
    """Whether nothing is sent until a person lets it: the database was restored, or somebody said so."""
    return Sending.objects.filter(paused_at__isnull=False).exists()


def would_fall_due(until: datetime) -> QuerySet[Reminder]:
    """Return the reminders of which a step is due until then, oldest first."""
    due = Reminder.objects.filter(settled_at=None, due_at__lte=until)
    return due.select_related("agency").order_by("due_at", "pk")


def would_go_out(until: datetime) -> QuerySet[Delivery]:
    """Return the messages that may go out until then, oldest first."""
    waiting = Delivery.objects.filter(state=DeliveryState.PENDING, next_try_at__lte=until)
    return waiting.select_related("reminder", "agency").order_by("next_try_at", "pk")
