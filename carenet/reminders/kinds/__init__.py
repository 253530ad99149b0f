"""The base of the kinds of reminder: what most of them answer in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, calendar_of, members_in_roles
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient
from carenet.reminders.selectors import first_reached

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class BaseKind:
    """A `ReminderKind` that says only what is special about it.

    `message` is the line of its `text`, in which %(code)s stands for the subject.
    """

    name: str
    subject_kind: str
    message: StrOrPromise
    #: Whom of the reminder's agency each step tells; the last entry serves every later step.
    roles: Sequence[AbstractSet[Role]] = ()
    #: Whether each step is followed by another one; else the first alone is.
    endless = False

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
        return self.applicable().filter(pk=occurrence.subject_id).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        roles = self.roles[min(occurrence.step, len(self.roles) - 1)]
        return members(occurrence.agency, roles)

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return self.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return self.message % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if not self.working_days or (occurrence.step and not self.endless):
            return None
        return calendar_of(self.agency_of(occurrence)).working_days_later(now, self.working_days)

    def agency_of(self, occurrence: Occurrence) -> Agency:
        """Return whose working days are counted."""
        return occurrence.agency

    def first_who_see(
        self, occurrence: Occurrence, *groups: tuple[Agency, Iterable[User]]
    ) -> list[Recipient]:
        """Return the first of these groups in which somebody is there and may see the subject."""
        named = ([Recipient(user, agency) for user in people] for agency, people in groups)
        return first_reached(named, lambda actor: self.may_see(actor, occurrence))

    def person_or_desk(
        self, occurrence: Occurrence, agency: Agency, person: User | None
    ) -> list[Recipient]:
        """Return who has it in hand, or the staff when that is nobody, or they are away."""
        in_hand = [person] if person else []
        desk = members_in_roles(agency, {Role.STAFF})
        return self.first_who_see(occurrence, (agency, in_hand), (agency, desk))


def members(agency: Agency, roles: Iterable[Role]) -> list[Recipient]:
    """Return everybody who has one of the roles there now."""
    return [Recipient(user, agency) for user in members_in_roles(agency, roles)]


def member_or_desk(agency: Agency, person: User | None) -> list[Recipient]:
    """Return a person as long as they are a member of the agency, else its staff."""
    if person and actor_of(person, agency):
        return [Recipient(person, agency)]
    return members(agency, {Role.STAFF})
