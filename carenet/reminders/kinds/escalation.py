"""Escalation: whom each step of a policy reaches, when the next one falls due, and the reminder of it.

Nothing here writes. What comes after a step takes the moment as an argument: whoever rehearses asks the
same functions as the engine.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any, Generic, Self, TypeVar
from uuid import UUID

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.selectors import Roster
from carenet.core.errors import Conflict
from carenet.reminders.escalation import EscalationPolicy, Hours, PolicyStep, TierT
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient
from carenet.reminders.selectors import first_reached
from carenet.reminders.states import NOBODY_PAUSE

Subject = TypeVar("Subject")
Answer = TypeVar("Answer")
Group = tuple[Agency, Iterable[User]]


class EscalationKind(ABC, Generic[Subject, TierT]):
    """A kind of reminder that tells by an escalation policy, step by step, until somebody acts.

    A room says what a subject is, by which policy it is escalated, whom a step may reach and who may
    see it. What is read stands in a copy for one piece of work: of a batch, or of the one subject that
    it is asked about.
    """

    name: str
    subject_kind: str
    #: Whether a step at which all are away names them, so that the last one still tells somebody.
    names_absent = True
    roster: Roster
    ids: Collection[UUID] | None = None
    _answers: dict[Hashable, Any]

    @abstractmethod
    def read(self) -> Mapping[UUID, Subject]:
        """Return the subjects of `ids`."""

    @abstractmethod
    def applicable(self) -> Collection[UUID]:
        """Return of which of `ids` there is a reason to tell somebody."""

    @abstractmethod
    def policy_of(self, subject: Subject) -> EscalationPolicy[TierT]:
        """Return the policy that holds for a subject."""

    @abstractmethod
    def groups(self, subject: Subject, tier: TierT) -> Iterable[Group]:
        """Return whom a step may reach: the first group counts in which somebody can be told."""

    @abstractmethod
    def agency_of(self, subject: Subject, tier: TierT) -> Agency | None:
        """Return by whose calendar a step waits."""

    @abstractmethod
    def can_view(self, actor: Actor, subject: Subject) -> bool:
        """Whether the actor may see a subject."""

    # What a step comes to, for whoever escalates and whoever rehearses.

    def with_roster(self, roster: Roster, ids: Collection[UUID] = ()) -> Self:
        """Return the same kind for one piece of work, in which each agency is read once."""
        work = copy(self)
        work.roster, work.ids, work._answers = roster, ids, {}  # noqa: SLF001 - its own copy
        return work

    def reached(self, subject: Subject, step: PolicyStep[TierT]) -> list[Recipient]:
        """Return who is told at a step: who is there and may see it; deputies for those who are away."""
        return self.first_of(self.groups(subject, step.tier), subject, step)

    def first_of(
        self, groups: Iterable[Group], subject: Subject, step: PolicyStep[TierT]
    ) -> list[Recipient]:
        """Return the first of these groups in which somebody can be told."""
        return first_reached(
            ([Recipient(each, agency, step.hours is Hours.ALWAYS, step.channel) for each in people]
             for agency, people in groups),
            lambda actor: self.can_view(actor, subject),
            roster=self.roster,
            names_absent=self.names_absent,
        )  # fmt: skip

    def due_at(
        self, subject: Subject, policy: EscalationPolicy[TierT], number: int, before: datetime
    ) -> datetime:
        """Return when a step falls due, of which the one before fell due at that time."""
        told = self.agency_of(subject, policy.step(number - 1).tier) if number else None
        if told and policy.days_between:
            return self.roster.calendar(told).working_days_later(before, policy.days_between)
        step, moment = policy.step(number), before + policy.pause_before(number)
        agency = self.agency_of(subject, step.tier) if step.hours is Hours.OFFICE else None
        try:
            return self.roster.calendar(agency).next_open(moment) if agency else moment
        except Conflict:
            # A calendar without an open day is a mistake in it: rather at once than never.
            return moment

    def following(
        self,
        subject: Subject,
        policy: EscalationPolicy[TierT],
        number: int,
        at: datetime,
        *,
        told: bool,
    ) -> tuple[int, datetime]:
        """Return which step comes after one that fell due then, and when.

        One at which nobody can be told is passed at once. A last one that comes again and reaches nobody
        is asked again a day later, not the next moment.
        """
        if policy.is_last(number) and not (told and policy.repeat_every):
            return number, at + NOBODY_PAUSE
        return number + 1, self.due_at(subject, policy, number + 1, at) if told else at

    def once(self, key: Hashable, read: Callable[[], Answer]) -> Answer:
        """Return what is read once for this piece of work."""
        if key not in self._answers:
            self._answers[key] = read()
        found: Answer = self._answers[key]
        return found

    # What the engine of reminders asks.

    def for_batch(self, occurrences: Sequence[Occurrence], roster: Roster) -> Self:
        return self.with_roster(roster, [each.subject_id for each in occurrences])

    def still_applies(self, occurrence: Occurrence) -> bool:
        work = self._work_on(occurrence)
        return occurrence.subject_id in work.once("applicable", work.applicable)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        work, number = self._work_on(occurrence), occurrence.step
        subject = work.subjects[occurrence.subject_id]
        step = work.policy_of(subject).step(number)
        return work.once((occurrence.subject_id, number), lambda: work.reached(subject, step))

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        work = self._work_on(occurrence)
        subject = work.subjects.get(occurrence.subject_id)
        return subject is not None and work.can_view(actor, subject)

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        """None where the same step is the engine's to repeat."""
        work = self._work_on(occurrence)
        subject, told = work.subjects[occurrence.subject_id], bool(work.recipients(occurrence))
        policy = work.policy_of(subject)
        number, at = work.following(subject, policy, occurrence.step, now, told=told)
        return at if number > occurrence.step else None

    @property
    def subjects(self) -> Mapping[UUID, Subject]:
        """The subjects of `ids`, read once."""
        return self.once("subjects", self.read)

    def _work_on(self, occurrence: Occurrence) -> Self:
        return self if self.ids is not None else self.for_batch([occurrence], Roster())
