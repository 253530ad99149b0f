"""What waits, as lines: a referral and the reminders about it are one, whoever wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TypeVar
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from carenet.access.actor_queries import ask_together
from carenet.agencies.actors import Actor
from carenet.agencies.calendars import WorkingCalendar
from carenet.agencies.models import AgencyKind
from carenet.agencies.selectors import calendar_of
from carenet.audit.actions import log_read
from carenet.cases import selectors as cases
from carenet.cases.actions.locks import NEXT_ACTION
from carenet.core import clock
from carenet.referrals import selectors as referrals
from carenet.referrals.states import ReferralStatus
from carenet.reminders import selectors as reminders
from carenet.reminders.models import InboxEntry
from carenet.reminders.registry import kind_named
from carenet.tasks import selectors as tasks
from carenet.tasks.models import Task
from carenet.watchover.selectors.review import open_with_others

T = TypeVar("T")
_NOBODY = UUID(int=0)
#: As much as one look takes in, of each kind; the whole lists have pages of their own.
MOST = 50
#: The pages of what a line may be about, by the kind of the subject.
PAGES = {
    "abuse_deadline": "staff-abuse-deadline",
    "abuse_report": "staff-abuse-report",
    "agencyclosure": "staff-closure",
    "alert": "staff-alert",
    "basis": "staff-basis",
    "case": "staff-case",
    "concern": "staff-concern",
    "consent": "staff-consent",
    "consultation": "staff-consultation",
    "danger": "staff-danger",
    "goal": "staff-goal",
    "grant": "staff-grant",
    "incident": "staff-incident",
    "inquiry": "staff-inquiry",
    "message": "staff-message",
    "offered referral": "staff-pool-entry",
    "operatorchange": "staff-operator-change",
    "referral": "staff-referral",
    "resident": "staff-resident",
    "section": "staff-closure-preview",
    "task": "staff-task",
    "watchassignment": "staff-watch",
    "watchend": "staff-watches-ending",
    "watchlist": "staff-list",
    "watchpause": "staff-pause",
}


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """What a reminder says, and what can be done about it here."""

    text: str
    entry: InboxEntry
    held_by: str
    may_read: bool
    may_take_on: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: what it is, where it stands, whose turn it is, since how many working days."""

    about: UUID
    kind: str
    text: str
    state: str
    turn: str
    since: datetime
    days: int | None
    overdue: bool = False
    address: str = ""
    said: list[ReminderLine] = field(default_factory=list)


class Board:
    """What waits for an actor, each thing once, put together from what the rooms say.

    `cut` is true after `lines` if there is more than was told.
    """

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.cut = False
        self.entries = reminders.last_notified(actor, limit=MOST + 1)
        self.due = tasks.waiting(actor, limit=MOST + 1)
        self.untriaged = cases.untriaged(actor, limit=MOST + 1)

    def lines(self) -> Iterator[Waiting]:
        """Tell what waits, in no order."""
        ask_together(self.entries, self.due, self.untriaged)
        told = self.told()
        if self.actor.may("referrals.view"):
            yield from self.referrals(told)
        if self.actor.may("tasks.view"):
            yield from self.tasks(told)
        for about, entries in told.items():
            yield self.reminder(about, entries)
        if self.actor.may("consultations.view"):
            yield from self.consultations()
        yield from self.of_the_ward()

    def told(self) -> dict[UUID, list[InboxEntry]]:
        """Return what the actor was told, by what it is about."""
        found: dict[UUID, list[InboxEntry]] = {}
        for entry in self.first(self.entries):
            found.setdefault(entry.reminder.subject_id, []).append(entry)
        return found

    def referrals(self, told: dict[UUID, list[InboxEntry]]) -> Iterator[Waiting]:
        """Tell of the referrals that wait for our side; what was said of them goes with them."""
        waiting = self.first(referrals.waiting(self.actor, limit=MOST + 1))
        for each in waiting:
            yield Waiting(
                about=each.pk,
                kind=_("Referral"),
                text=each.code,
                state=str(ReferralStatus(each.status).label),
                turn=each.waits_by.name,
                since=each.turn_since,
                days=referrals.waited_working_days(each, clock.today()),
                overdue=each.overdue,  # type: ignore[attr-defined]
                address=address_of("referral", each.pk),
                said=[self.said(entry) for entry in told.pop(each.pk, [])],
            )

    def tasks(self, told: dict[UUID, list[InboxEntry]]) -> Iterator[Waiting]:
        """Tell of the tasks that are due; what was said of them goes with them."""
        for each in self.first(self.due):
            log_read("task", each.pk)
            due = clock.midnight(each.due_on)
            yield Waiting(
                about=each.pk,
                kind=_("Task"),
                text=f"{each.case} {each.what}",
                state=_("Next action") if each.is_next_action else "",
                turn=_("you") if each.person_id else each.agency.name,
                since=due,
                days=self.days(due),
                overdue=each.due_on < clock.today(),
                address=address_of("task", each.pk),
                said=[self.said(entry) for entry in self.said_of(each, told)],
            )

    @staticmethod
    def said_of(task: Task, told: dict[UUID, list[InboxEntry]]) -> list[InboxEntry]:
        """Take out what was told of a task: of a next action that stands at its case."""
        found = told.pop(task.pk, [])
        of_case = told.pop(task.case_id, []) if task.is_next_action and task.case_id else []
        others = [each for each in of_case if each.reminder.kind != NEXT_ACTION]
        if others and task.case_id:
            told[task.case_id] = others
        return [*found, *(each for each in of_case if each.reminder.kind == NEXT_ACTION)]

    def reminder(self, about: UUID, entries: list[InboxEntry]) -> Waiting:
        """Tell what was said about something that has no line of its own."""
        said = [self.said(entry) for entry in entries]
        reminder, since = entries[0].reminder, entries[0].arrived_at
        # Without a code its reader is not to know whom it is about, but may claim it.
        known = (
            reminder.subject_kind if reminder.subject_code else f"offered {reminder.subject_kind}"
        )
        return Waiting(
            about=about,
            kind=_("Reminder"),
            text=said[0].text,
            state="",
            turn=_("you"),
            since=since,
            days=self.days(since),
            address=address_of(known, about),
            said=said,
        )

    def consultations(self) -> Iterator[Waiting]:
        """Tell of the consultations that nobody has triaged yet."""
        for each in self.first(self.untriaged):
            yield Waiting(
                about=each.pk,
                kind=_("Consultation"),
                text=str(each.get_main_topic_display()),
                state=str(each.get_urgency_display()),
                turn=self.actor.agency.name,
                since=each.received_at,
                days=self.days(each.received_at),
                address=address_of("consultation", each.pk),
            )

    def of_the_ward(self) -> Iterator[Waiting]:
        """Tell a coordinator of the ward in one line what of it stands open with others."""
        if not (self.actor.coordinates and self.actor.agency.kind == AgencyKind.WARD_OFFICE):
            return
        alerts, worries, since = open_with_others(self.actor)
        if since is None:
            return
        yield Waiting(
            about=self.actor.agency_id,
            kind=_("The ward"),
            text=_("Open with others: alerts %(alerts)d, concerns %(concerns)d")
            % {"alerts": alerts, "concerns": worries},
            state="",
            turn=_("other agencies"),
            since=since,
            days=self.days(since),
            address=reverse("staff-review") if alerts else reverse("staff-concerns"),
        )

    def said(self, entry: InboxEntry) -> ReminderLine:
        """Return one message with what can be done about it."""
        held = entry.reminder.holder_id is not None
        return ReminderLine(
            text=text_of(entry),
            entry=entry,
            held_by=self.holder(entry) if held else "",
            may_read=entry.read_at is None,
            may_take_on=not held and reminders.can_be_snoozed(entry.reminder),
        )

    def holder(self, entry: InboxEntry) -> str:
        """Name who has taken it on; whoever that is elsewhere stays unnamed."""
        reminder = entry.reminder
        if reminder.holder_id == self.actor.user_id:
            return _("you have taken it on")
        if reminder.holder and reminder.holder_agency_id == self.actor.agency_id:
            return _("taken on by %(name)s") % {"name": reminder.holder.name}
        return _("taken on")

    def first(self, found: Iterable[T]) -> list[T]:
        """Return as many as are shown, and note whether there were more."""
        every = list(found)
        self.cut = self.cut or len(every) > MOST
        return every[:MOST]

    def days(self, since: datetime) -> int:
        """Return since how many working days of the actor's agency."""
        return self.calendar.working_days_between(timezone.localdate(since), clock.today())

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The agency's own: asked once for all lines."""
        return calendar_of(self.actor.agency)


def address_of(kind: str, about: UUID) -> str:
    """Return the page of something, empty where there is none."""
    return _of_nobody(PAGES.get(kind, "")).replace(str(_NOBODY), str(about))


@cache
def _of_nobody(page: str) -> str:
    """Return the address of a page about nobody: to look it up takes longer than to fill it in."""
    try:
        return reverse(page, args=[_NOBODY])
    except NoReverseMatch:
        return ""


def text_of(entry: InboxEntry) -> str:
    """Return what a reminder says; its code where its kind is no longer known."""
    reminder = entry.reminder
    try:
        kind = kind_named(reminder.kind)
    except KeyError:
        return reminder.subject_code
    return str(kind.text(reminder.occurrence(entry.delivery.step)))
