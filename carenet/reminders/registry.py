"""The kinds of reminder that the rooms above register in `AppConfig.ready()`.

A kind knows the subject; the engine knows only when, to whom and through which channel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable
from uuid import UUID

from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.selectors import Roster
from carenet.reminders.models import Occurrence

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person to be told, and for which agency.

    `always`: ringing channels do not wait for that agency's next open day. `channel`: that one
    besides the inbox; every one that reaches them, without.
    """

    user: User
    agency: Agency
    always: bool = False
    channel: str = ""


class ReminderKind(Protocol):
    """What the engine asks about one kind of reminder.

    All answers are about the present: the engine asks when a step falls due and again before each
    send. An exception puts the reminder off and is tried again; it never stops the others. `text`
    is asked for every line of a list and must cost no query.
    """

    @property
    def name(self) -> str:
        """A stable name: "referral.unanswered"."""

    @property
    def subject_kind(self) -> str:
        """What the subject is: "referral"."""

    def still_applies(self, occurrence: Occurrence) -> bool:
        """Whether there is still a reason to chase anybody."""

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        """Who now holds the role of this step; nobody sends the reminder on to the next step."""

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        """Whether the actor may see the subject; `actor` may also be an agency's own systems."""

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        """One line with the human code and without personal data."""

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        """When the step after this one falls due; None if this one is the last.

        The last one then comes again every `REMINDER_AGAIN_WORKING_DAYS`, unless it is `once`.
        """


@runtime_checkable
class SharedKind(Protocol):
    """A kind that may be told to several agencies at once, any of which can do what it asks for.

    None of them can hold it back for the others.
    """

    def may_snooze(self, actor: Actor, occurrence: Occurrence) -> bool:
        """Whether the actor may take it on, put it off or hand it on, for everybody who is told."""


@runtime_checkable
class BatchKind(Protocol):
    """A kind that reads at once what it is asked about many occurrences."""

    def for_batch(self, occurrences: Sequence[Occurrence], roster: Roster) -> ReminderKind:
        """Return the same kind, which answers about these as they stand now, read once.

        Its answers are those of the kind itself; they serve one batch and are thrown away with it.
        """


@dataclass(frozen=True, slots=True)
class ReminderRequest:
    """What a reminder is written about, and for whom; `schedule_reminder` says what each means."""

    subject_id: UUID
    subject_code: str
    agency: Agency
    due_at: datetime
    person: User | None = None


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """Something that stays open until somebody acts: whatever it is, somebody has to be told of it.

    `silent`: the open ones of which nobody will be told at any time ahead, what a reminder of `kind`
    does left aside. With a `kind`, `cause` says of such a one for whom that reminder is written and when
    it is due; without one there must be none.
    """

    name: str
    silent: Callable[[datetime], QuerySet[Any]]
    kind: str = ""
    cause: Callable[[Any, datetime], ReminderRequest] | None = None


@dataclass(frozen=True, slots=True)
class WaitingRows:
    """Rows that wait for a worker: `rows` returns those whose time has come, which stands in `since`.

    They are found by an index on that time, however many they are.
    """

    name: str
    rows: Callable[[datetime], QuerySet[Any]]
    since: str


#: What can be open, as the rooms say in `hooks.register()`: nothing of it while nobody is told of it.
open_matters: list[OpenMatter] = []
_kinds: dict[str, ReminderKind] = {}
_notices: set[str] = set()
_once: set[str] = set()
_answered_at_subject: set[str] = set()
#: Jobs of rooms above that `/healthz` judges after the engine's own parts, in the order of `register()`.
health_parts: dict[str, Callable[[], bool]] = {}
#: Numbers of rooms above that `/healthz` tells; whoever watches judges them.
health_figures: dict[str, Callable[[], int]] = {}
#: What waits for a worker, and the jobs that beat starts to see to it: the metrics tell of each how late
#: it is.
waiting_rows: list[WaitingRows] = []
sweeps: list[str] = []


def register(
    kind: ReminderKind,
    *,
    notice: bool = False,
    answered_at_subject: bool = False,
    once: bool = False,
) -> None:
    """Make a kind known; called from a room's `hooks.register()`.

    Of a `notice` there is nothing to do but to know. It has one step, and is over for its reader
    once it was read. `answered_at_subject`: it is not taken on, put off or handed on in the inbox,
    because its subject has a rule of its own for that. `once`: its last step does not come again,
    because another kind chases the same.
    """
    _kinds[kind.name] = kind
    if once or notice:
        _once.add(kind.name)
    if notice:
        _notices.add(kind.name)
    if answered_at_subject:
        _answered_at_subject.add(kind.name)


def repeats(name: str) -> bool:
    """Whether the last step of a kind comes again until its reason ends."""
    return name in _kinds and name not in _once


def notices() -> frozenset[str]:
    """Return the names of the kinds that are over for whoever has read them."""
    return frozenset(_notices)


def is_answered_at_subject(name: str) -> bool:
    """Whether a kind of reminder is responded to at its subject alone."""
    return name in _answered_at_subject


def kinds_asked_about(
    asked: Iterable[tuple[str, Occurrence]], roster: Roster
) -> dict[str, ReminderKind]:
    """Return the kinds of these by name, each ready to be asked about all of its own at once.

    A kind that nobody registered is missing.
    """
    by_name: dict[str, list[Occurrence]] = defaultdict(list)
    for name, occurrence in asked:
        by_name[name].append(occurrence)
    ready: dict[str, ReminderKind] = {}
    for name in by_name.keys() & _kinds.keys():
        ready[name] = kind = _kinds[name]
        if isinstance(kind, BatchKind):
            ready[name] = kind.for_batch(by_name[name], roster)
    return ready


def kinds() -> list[ReminderKind]:
    """Return all that are registered."""
    return list(_kinds.values())


def kind_named(name: str) -> ReminderKind:
    """Return the kind registered under `name`; raises `KeyError` when none is."""
    return _kinds[name]
