"""A line of Today: what it is about, when it is due, and the step that is expected next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from carenet.cases.models import Urgency
from carenet.core import clock
from carenet.reminders.models import InboxEntry

#: As much of what somebody has written as a line tells.
FIRST_WORDS = 80
_NEVER = datetime.max.replace(tzinfo=UTC)


class Group(TextChoices):
    """Which part of the page a line stands in, the most urgent first."""

    OVERDUE = "overdue", pgettext_lazy("group", "Overdue")
    TODAY = "today", pgettext_lazy("group", "To be seen to today")
    PLANNED = "planned", pgettext_lazy("group", "Due today")
    OTHER = "other", pgettext_lazy("group", "Everything else")
    LATER = "later", pgettext_lazy("group", "Put off")


@dataclass(frozen=True, slots=True)
class Step:
    """What is expected next: a link to where it is done, or one tap (`posts`).

    `stays`: after the tap the line comes back in its place.
    """

    label: str
    address: str
    posts: bool = False
    stays: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """What a reminder says, and what can be done about it here; `told`: the line says it already."""

    text: str
    entry: InboxEntry
    address: str
    told: bool
    held_by: str
    may_read: bool
    may_take_on: bool
    may_put_off: bool
    may_hand_on: bool
    may_take_back: bool

    @property
    def words(self) -> str:
        """What it says besides its line: its text, who has taken it on."""
        return " ".join(each for each in ("" if self.told else self.text, self.held_by) if each)

    @property
    def bare(self) -> bool:
        """Whether the line says all of it."""
        return not self.words


@dataclass(slots=True)
class Waiting:
    """One line. Without a person it is told by its code, or in words."""

    about: UUID
    kind: str
    title: str
    since: datetime
    days: int | None
    address: str
    age: str = ""
    code: str = ""
    need: str = ""
    words: str = ""
    #: In which part somebody else has in it, and who that is.
    sender: tuple[str, str] | None = None
    state: str = ""
    due: datetime | None = None
    #: Due on a day, not at an hour of it.
    whole_day: bool = False
    urgent: bool = False
    mine: bool = False
    put_off: bool = False
    step: Step | None = None
    said: list[ReminderLine] = field(default_factory=list)

    @property
    def overdue(self) -> bool:
        """Whether it should have been done before now."""
        if self.due is None:
            return False
        if self.whole_day:
            return timezone.localdate(self.due) < clock.today()
        return self.due < clock.now()

    @property
    def due_today(self) -> bool:
        return self.due is not None and timezone.localdate(self.due) <= clock.today()

    @property
    def group(self) -> Group:
        if self.put_off:
            return Group.LATER
        if self.overdue:
            return Group.OVERDUE
        if self.urgent:
            return Group.TODAY
        return Group.PLANNED if self.due_today else Group.OTHER

    @property
    def order(self) -> tuple[datetime, datetime]:
        """By what is due soonest; what is urgent without a time counts from when it came in."""
        return self.due or (self.since if self.urgent else _NEVER), self.since


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of a group, in the order in which they are to be done."""

    group: Group
    lines: list[Waiting]


def grouped(lines: Iterable[Waiting]) -> list[Part]:
    """Return the groups that have a line, the most urgent first."""
    found: dict[Group, list[Waiting]] = {each: [] for each in Group}
    for line in lines:
        found[line.group].append(line)
    return [
        Part(group, sorted(of_group, key=lambda line: line.order))
        for group, of_group in found.items()
        if of_group
    ]


def first_words(text: str) -> str:
    """Return what a text begins with, on one line."""
    begin = " ".join(text[: 2 * FIRST_WORDS].split())
    return begin if len(begin) <= FIRST_WORDS else f"{begin[:FIRST_WORDS]}…"


def wanted_on(urgency: str, received: datetime, three_days_later: date) -> date | None:
    """Return by which day somebody must act on what came in, None where that is open."""
    if urgency == Urgency.TODAY:
        return timezone.localdate(received)
    return three_days_later if urgency == Urgency.SOON else None
