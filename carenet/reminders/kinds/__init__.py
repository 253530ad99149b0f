"""The base of the kinds of reminder: what most of them answer in the same way."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import Roster, actor_of, members_in_roles
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient
from carenet.reminders.selectors import first_reached

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Batch:
    """What a kind is asked about at once, and what it has read for that, each once."""

    ids: AbstractSet[UUID]
    roster: Roster
    _answers: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, read: Callable[[], Answer]) -> Answer:
        """Return what is read the first time that it is asked for."""
        if key not in self._answers:
            self._answers[key] = read()
        found: Answer = self._answers[key]
        return found


class BaseKind:
    """A `ReminderKind` that says only what is special about it.

    `message` is the line of its `text`, in which %(code)s stands for the subject. About a batch a copy
    answers, which reads subjects and agencies once.
    """

    name: str
    subject_kind: str
    message: StrOrPromise
    #: Whom of the reminder's agency each step tells; the last entry serves every later step.
    roles: Sequence[AbstractSet[Role]] = ()
    #: Whether each step is followed by another one; else the first alone is.
    endless = False
    #: What this copy is asked about; None: whatever comes, one by one.
    batch: Batch | None = None

    def for_batch(self, occurrences: Sequence[Occurrence], roster: Roster) -> Self:
        """Return a copy that answers about these, read once."""
        work = copy(self)
        work.batch = Batch({each.subject_id for each in occurrences}, roster)
        return work

    @property
    def roster(self) -> Roster:
        """Agencies, each read once for a batch."""
        return self.batch.roster if self.batch else Roster()

    @property
    def working_days(self) -> int:
        """The working days from one step to the next; 0: the first is the only one."""
        return 0

    @staticmethod
    def visible_to(actor: Actor) -> QuerySet[Any]:
        """Return the subjects that the actor may see."""
        raise NotImplementedError

    def applicable(self) -> QuerySet[Any]:
        """Return the subjects with a reason to chase somebody."""
        raise NotImplementedError

    def still_applies(self, occurrence: Occurrence) -> bool:
        return self.is_among("applicable", self.applicable, occurrence)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        roles = self.roles[min(occurrence.step, len(self.roles) - 1)]
        return self.members(occurrence.agency, roles)

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        key = (actor.agency_id, actor.user_id, actor.roles)
        return self.is_among(key, lambda: self.visible_to(actor), occurrence)

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return self.message % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if not self.working_days or (occurrence.step and not self.endless):
            return None
        calendar = self.roster.calendar(self.agency_of(occurrence))
        return calendar.working_days_later(now, self.working_days)

    def agency_of(self, occurrence: Occurrence) -> Agency:
        """Return whose working days are counted."""
        return occurrence.agency

    def is_among(
        self, key: Hashable, subjects: Callable[[], QuerySet[Any]], occurrence: Occurrence
    ) -> bool:
        """Whether what it is about is one of these subjects, which a batch reads once by their key."""
        batch, subject_id = self.batch, occurrence.subject_id
        if batch is None:
            return subjects().filter(pk=subject_id).exists()
        return subject_id in batch.once(
            key, lambda: set(subjects().filter(pk__in=batch.ids).values_list("pk", flat=True))
        )

    def in_roles(self, agency: Agency, roles: Iterable[Role]) -> Iterable[User]:
        """Return the people who have one of the roles there now."""
        if self.batch is None:
            return members_in_roles(agency, roles)
        return self.roster.staff(agency).in_roles(roles)

    def members(self, agency: Agency, roles: Iterable[Role]) -> list[Recipient]:
        """Return them as those who are to be told."""
        return [Recipient(user, agency) for user in self.in_roles(agency, roles)]

    def first_who_see(
        self, occurrence: Occurrence, *groups: tuple[Agency, Iterable[User]]
    ) -> list[Recipient]:
        """Return the first of these groups in which somebody is there and may see the subject."""
        named = ([Recipient(user, agency) for user in people] for agency, people in groups)
        return first_reached(
            named, lambda actor: self.may_see(actor, occurrence), roster=self.roster
        )

    def person_or_desk(
        self, occurrence: Occurrence, agency: Agency, person: User | None
    ) -> list[Recipient]:
        """Return who has it in hand, or the staff when that is nobody, or they are away."""
        in_hand = [person] if person else []
        return self.first_who_see(
            occurrence, (agency, in_hand), (agency, self.in_roles(agency, {Role.STAFF}))
        )


def members(agency: Agency, roles: Iterable[Role]) -> list[Recipient]:
    """Return everybody who has one of the roles there now."""
    return [Recipient(user, agency) for user in members_in_roles(agency, roles)]


def member_or_desk(agency: Agency, person: User | None) -> list[Recipient]:
    """Return a person as long as they are a member of the agency, else its staff."""
    if person and actor_of(person, agency):
        return [Recipient(person, agency)]
    return members(agency, {Role.STAFF})
