"""What waits, as lines: a referral and the reminders about it are one, whoever wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Choices
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from carenet.access.actor_queries import ask_together
from carenet.agencies.actors import Actor
from carenet.agencies.calendars import WorkingCalendar
from carenet.agencies.models import AgencyKind
from carenet.agencies.selectors import calendar_of
from carenet.audit.actions import log_read
from carenet.cases.actions.locks import NEXT_ACTION
from carenet.cases.models import (
    CallerRelationship,
    Consultation,
    ConsultationChannel,
    Topic,
    Urgency,
)
from carenet.cases.selectors.untriaged import untriaged
from carenet.core import clock
from carenet.referrals import selectors as referrals
from carenet.referrals.models import Need, Referral
from carenet.referrals.selectors.review import Stage, late_with_others
from carenet.referrals.selectors.waiting import in_short, name_in_short, waiting_ids
from carenet.referrals.states import ReferralStatus, Verb, is_undelivered
from carenet.reminders import selectors as reminders
from carenet.reminders.models import InboxEntry, Reminder
from carenet.reminders.registry import notices
from carenet.reminders.states import Verb as Response
from carenet.staff.pages.inbox import KINDS, address_of, reminder_address, text_of
from carenet.staff.pages.inbox_lines import ReminderLine, Step, Waiting, first_words, wanted_on
from carenet.staff.pages.inbox_people import Subjects
from carenet.staff.pages.referral_forms import quick_offers
from carenet.tasks import selectors as tasks
from carenet.tasks.models import Task
from carenet.watchover.selectors.review import open_with_others
from carenet.watchover.states import AlertState

T = TypeVar("T")
#: As much as one look takes in, of each kind; the whole lists have pages of their own.
MOST = 50
#: Of these every reminder is for today, but for what only wants to be known.
URGENT = frozenset({"abuse_deadline", "abuse_report", "alert"})
#: What is wanted soon is wanted within so many working days.
SOON_WORKING_DAYS = 3
#: The step that brings a referral on from where it stands.
EXPECTED = {
    ReferralStatus.DRAFT: Verb.SEND,
    ReferralStatus.SENT: Verb.ACCEPT,
    ReferralStatus.RECEIVED: Verb.ACCEPT,
    ReferralStatus.INFO_NEEDED: Verb.ANSWER,
    ReferralStatus.ACCEPTED: Verb.START,
    ReferralStatus.IN_PROGRESS: Verb.COMPLETE,
    ReferralStatus.ON_HOLD: Verb.RESUME,
    ReferralStatus.DECLINE_PROPOSED: Verb.CONFIRM_DECLINE,
    ReferralStatus.COMPLETED: Verb.CLOSE,
    ReferralStatus.DECLINED: Verb.REROUTE,
    ReferralStatus.FAILED: Verb.CLOSE,
    ReferralStatus.WITHDRAWN: Verb.CLOSE,
}


@dataclass(frozen=True, slots=True)
class OfOthers:
    """What waits with other agencies of the ward: how much of what, where to look, and since when."""

    parts: list[tuple[str, str]]
    since: datetime | None


class Board:
    """What waits for an actor, each thing once, put together from what the rooms say.

    `cut` is true after `lines` if there is more than was told.
    """

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.cut = False
        self.labels: dict[Choices, str] = {}
        self.entries = reminders.last_notified(actor, limit=MOST + 1)
        self.due = tasks.waiting(actor, limit=MOST + 1)
        self.untriaged = untriaged(actor, limit=MOST + 1)

    def lines(self) -> Iterator[Waiting]:
        """Tell what waits, in no order."""
        ask_together(self.entries, self.due, self.untriaged)
        told, due = self.told(), self.first(self.due)
        ours = self.first(self.referral_ids())
        self.look_up([*ours, *told, *(each.case_id for each in due if each.case_id)])
        for pk in ours:
            if pk in self.in_sight:
                yield self.referral(self.in_sight[pk], told.pop(pk, []))
        for each in due:
            yield self.task(each, self.said_of(each, told))
        for about, entries in told.items():
            yield self.reminder(about, entries)
        for call in self.first(self.untriaged):
            yield self.consultation(call)

    def told(self) -> dict[UUID, list[InboxEntry]]:
        """Return what the actor was told, by what it is about."""
        found: dict[UUID, list[InboxEntry]] = {}
        for entry in self.first(self.entries):
            found.setdefault(entry.reminder.subject_id, []).append(entry)
        return found

    def referral_ids(self) -> list[UUID]:
        """Return the referrals that wait for our side."""
        if not self.actor.may("referrals.view"):
            return []
        return waiting_ids(self.actor, limit=MOST + 1)

    def look_up(self, ids: list[UUID]) -> None:
        """Read the referrals among these, and whom and what else they are about, as far as in sight."""
        kinds = {"case", *(each.reminder.subject_kind for each in self.entries)}
        self.subjects = Subjects(self.actor, kinds, ids)
        rows = in_short(self.actor, ids=ids)
        ask_together(rows, *self.subjects.rows.values())
        self.in_sight = {each.pk: each for each in rows}
        name_in_short(self.in_sight.values())

    def referral(self, row: Referral, entries: list[InboxEntry]) -> Waiting:
        """Tell of a referral that waits for our side; what was said of it goes with it."""
        log_read("referral", row.pk)
        log_read("resident", row.resident_id)
        ours = row.sender_id == self.actor.agency_id and row.waits_by == row.sender
        line = self._about_referral(row, ours=ours)
        line.step = self._expected(row, line.address)
        line.said = [self.said(entry) for entry in entries]
        return line

    def _about_referral(self, row: Referral, *, ours: bool) -> Waiting:
        """Tell of a referral; `ours`: it was sent by us and has come back to us."""
        other = row.receiver if ours else row.sender
        mine = row.sender_person_id if ours else row.person_in_charge_id
        return Waiting(
            about=row.pk,
            kind=_("Referral"),
            title=row.resident.name,
            age=row.resident.age,
            code=row.code,
            need=self.label(Need(row.need)),
            words=first_words(row.need_text or row.reason),
            sender=(_("To") if ours else _("From"), other.name if other else _("an open pool")),
            state=self.label(ReferralStatus(row.status)),
            since=row.turn_since,
            days=referrals.waited_working_days(row, clock.today()),
            due=row.due_at,
            urgent=row.urgency == Urgency.TODAY
            and (row.due_at is None or timezone.localdate(row.due_at) <= clock.today()),
            mine=mine is not None and mine == self.actor.user_id,
            address=address_of("referral", row.pk),
        )

    def _expected(self, row: Referral, address: str) -> Step | None:
        """Return the step that brings a referral on, else the way to its page."""
        verb = EXPECTED.get(ReferralStatus(row.status))
        if is_undelivered(row.status, row.delivery):
            verb = Verb.DELIVER
        if verb and quick_offers(self.actor, row, [verb]):
            return Step(self.label(verb), f"{address}{verb.value}/")
        return _open(address)

    def task(self, task: Task, entries: list[InboxEntry]) -> Waiting:
        """Tell of a task that is due; what was said of it goes with it."""
        case: Any = task.case
        log_read("task", task.pk)
        log_read("case", case.pk)
        person = self.subjects.person("case", case.pk)
        due = clock.midnight(task.due_on)
        finish = f"{address_of('task', task.pk)}done/"
        may = self.actor.may("tasks.work")
        return Waiting(
            about=task.pk,
            kind=_("Next action") if task.is_next_action else _("Task"),
            title=person.name if person else case.code,
            age=person.age if person else "",
            code=case.code if person else "",
            need=first_words(task.what),
            sender=(pgettext("task", "From"), task.by_agency.name) if task.elsewhere else None,
            since=task.created_at,
            days=self.days(task.created_at),
            due=due,
            whole_day=True,
            mine=task.person_id is not None,
            address=address_of("task", task.pk),
            step=Step(
                _("Say that it is done"), finish, posts=True, stays=True, version=task.version
            )
            if may
            else _open(address_of("task", task.pk)),
            said=[self.said(entry) for entry in entries],
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
        reminder, since = entries[0].reminder, entries[0].arrived_at
        line = self._about_subject(reminder, text_of(entries[0]), since)
        line.said = [self.said(entry, line) for entry in entries]
        if all(entry.reminder.kind in notices() for entry in entries):
            # There is nothing to do but to know.
            line.step, line.said = self._only_read(entries[0]), line.said[1:]
        line.mine = self.actor.user_id in {reminder.person_id, reminder.holder_id}
        line.put_off = all(is_put_off(each) for each in entries)
        return line

    def _about_subject(self, reminder: Reminder, text: str, since: datetime) -> Waiting:
        """Tell of what a reminder is about: by the name of its person where the reader may see them."""
        about, kind = reminder.subject_id, reminder.subject_kind
        if kind == "referral" and about in self.in_sight:
            row = self.in_sight[about]
            log_read("referral", row.pk)
            log_read("resident", row.resident_id)
            line = self._about_referral(row, ours=row.sender_id == self.actor.agency_id)
            line.words, line.due, line.urgent = text, None, False
            line.step = _open(line.address)
            return line
        # Without a code its reader is not to know whom it is about, but may claim it.
        address = address_of(kind if reminder.subject_code else f"offered {kind}", about)
        line = Waiting(
            about=about,
            kind=str(KINDS.get(kind, _("Notice"))),
            title=text,
            since=since,
            days=self.days(since),
            address=address,
            step=_open(address),
            urgent=kind in URGENT and reminder.kind not in notices(),
        )
        if person := self.subjects.person(kind, about):
            line.title, line.words = person.name, text
            line.age = self.subjects.age(kind, about)
            line.code = reminder.subject_code
        if found := self.subjects.get(kind, about):
            self._tell_more(line, kind, found)
        if kind == "inquiry":
            line.step = Step(_("Answer it"), line.address)
        return line

    def _tell_more(self, line: Waiting, kind: str, found: Any) -> None:
        """Add what only this kind of subject has: what was noticed, how bad it is, what is next."""
        if kind == "concern":
            log_read("concern", found.pk)
            line.title, line.words = found.where, first_words(found.what)
            line.code, line.urgent = found.code, found.danger_to_life
            line.step = Step(_("Decide what is done"), line.address)
        elif kind == "task":
            log_read("task", found.pk)
            line.need = first_words(found.what)
        elif kind == "alert":
            line.state = str(found.get_level_display())
            free = found.state_at(clock.now()) == AlertState.OPEN
            if free and self.actor.may("watch.respond"):
                line.step = Step(_("I see to it"), f"{line.address}take-on/", posts=True)

    def consultation(self, call: Consultation) -> Waiting:
        """Tell of a consultation that nobody has triaged yet."""
        log_read("consultation", call.pk)
        person = call.subject if call.subject_seen else None  # type: ignore[attr-defined]  # annotated
        if person:
            log_read("resident", person.pk)
        later = self.calendar.working_days_later(call.received_at, SOON_WORKING_DAYS)
        wanted = wanted_on(call.urgency, call.received_at, timezone.localdate(later))
        address = address_of("consultation", call.pk)
        step = _open(address)
        if self.actor.may("consultations.triage"):
            step = Step(_("Decide what is done"), f"{address}triage/")
        return Waiting(
            about=call.pk,
            kind=_("Consultation"),
            title=person.name if person else _("name not known"),
            age=person.age if person else "",
            need=_(", ").join(self.label(Topic(each)) for each in call.topics),
            words=first_words(call.content),
            sender=(
                self.label(ConsultationChannel(call.channel)),
                self.label(CallerRelationship(call.relationship)),
            ),
            since=call.received_at,
            days=self.days(call.received_at),
            due=clock.midnight(wanted) if wanted else None,
            whole_day=True,
            urgent=call.urgency == Urgency.TODAY,
            mine=call.recorded_by_id is not None and call.recorded_by_id == self.actor.user_id,
            address=address,
            step=step,
        )

    def of_the_ward(self) -> OfOthers | None:
        """Tell a coordinator of the ward in one line what of it stands open with others."""
        if not (self.actor.coordinates and self.actor.agency.kind == AgencyKind.WARD_OFFICE):
            return None
        alerts, worries, since = open_with_others(self.actor)
        late = late_with_others(self.actor)
        overdue = f"{reverse('staff-review-referrals-list')}?stage={Stage.OVERDUE}"
        every = [
            (alerts, _("to be seen: %(number)d"), reverse("staff-review")),
            (worries, _("concerns: %(number)d"), reverse("staff-concerns")),
            (late, _("overdue referrals: %(number)d"), overdue),
        ]
        parts = [(words % {"number": n}, address) for n, words, address in every if n]
        return OfOthers(parts, since) if parts else None

    @staticmethod
    def _only_read(entry: InboxEntry) -> Step:
        return Step(
            _("I have read it"), f"{reminder_address(entry.pk)}read/", posts=True, stays=True
        )

    def said(self, entry: InboxEntry, line: Waiting | None = None) -> ReminderLine:
        """Return one message with what can be done about it."""
        held = entry.reminder.holder_id is not None
        free = reminders.can_be_snoozed(entry.reminder)
        text = text_of(entry)
        return ReminderLine(
            text=text,
            entry=entry,
            address=reminder_address(entry.pk),
            told=line is not None and text in {line.title, line.words},
            held_by=self.holder(entry) if held else "",
            may_read=entry.read_at is None,
            may_take_on=not held and free,
            may_put_off=free and not entry.delivery.always,
            may_hand_on=free,
            may_take_back=reminders.can_be_taken_back(self.actor, entry),
        )

    def holder(self, entry: InboxEntry) -> str:
        """Name who has taken it on; whoever that is elsewhere stays unnamed."""
        reminder = entry.reminder
        if reminder.holder_id == self.actor.user_id:
            return _("you have taken it on")
        if reminder.holder and reminder.holder_agency_id == self.actor.agency_id:
            return _("taken on by %(name)s") % {"name": reminder.holder.name}
        return _("taken on")

    def label(self, choice: Choices) -> str:
        """Return the label of a choice, looked up once for all lines."""
        if choice not in self.labels:
            self.labels[choice] = str(choice.label)
        return self.labels[choice]

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


def _open(address: str) -> Step | None:
    return Step(_("Open"), address) if address else None


def is_put_off(entry: InboxEntry) -> bool:
    """Whether somebody has put it off until a time ahead."""
    until, verb = entry.reminder.due_at, entry.last_verb  # type: ignore[attr-defined]  # annotated
    return verb == Response.SNOOZE and until is not None and until > clock.now()
