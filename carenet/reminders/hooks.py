"""The two kinds of reminder that this room needs itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from carenet import clock
from carenet.agencies.registry import on_member_leaving, on_stepping_back
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.reminders import policy, registry
from carenet.reminders.actions.leaving import leave_reminders, put_reminders_down
from carenet.reminders.models import Delivery, InboxEntry
from carenet.reminders.registry import Occurrence, OpenMatter, Recipient
from carenet.reminders.selectors import codes_waiting_for, silent_matters, without_date
from carenet.reminders.states import DIGEST, UNDELIVERED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor


def register() -> None:
    """Called once, when the apps are ready."""
    registry.register(Digest(), once=True)
    registry.register(Undelivered(), once=True)
    registry.add_open_matter(OpenMatter("reminder", without_date))
    registry.add_health_figure("silent", _silent)
    on_member_leaving(leave_reminders, at_last=True)
    on_stepping_back(put_reminders_down, at_last=True)


def _silent() -> int:
    """Return how many matters are open while nobody will be told of them: 0, within ten minutes."""
    return sum(silent_matters(clock.now()).values())


class Digest:
    """What waits for a person in an agency, once a working day; `subject_code` is the day."""

    name = DIGEST
    subject_kind = "membership"

    def still_holds(self, occurrence: Occurrence) -> bool:
        person = occurrence.person
        return person is not None and bool(codes_waiting_for(person, occurrence.agency))

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        return [Recipient(occurrence.person, occurrence.agency)] if occurrence.person else []

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return actor.user == occurrence.person

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("What waits for you on %(day)s.") % {"day": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return None


class Undelivered:
    """A message that may not have arrived, and whose reader has not read it in the inbox either.

    The managers of the reader's agency hear of it, or the reader once more where no other one is.
    """

    name = UNDELIVERED
    subject_kind = "message"

    def still_holds(self, occurrence: Occurrence) -> bool:
        read = InboxEntry.objects.filter(
            reminder=OuterRef("reminder"),
            user=OuterRef("recipient"),
            delivery__step=OuterRef("step"),
            delivery__turn=OuterRef("turn"),
            read_at__isnull=False,
        )
        open_ones = Delivery.objects.filter(reminder__settled_at=None)
        return open_ones.filter(~Exists(read), pk=occurrence.subject_id).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        managers = members_in_roles(occurrence.agency, {Role.MANAGER})
        reader = self._message(occurrence).recipient
        told = [user for user in managers if user != reader]
        if reader and not told:
            told = [reader]
        return [Recipient(user, occurrence.agency) for user in told]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.may_see_subject(actor, self._message(occurrence).reminder)

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        if not occurrence.subject_code:
            return _("A message may not have arrived. Make sure that its reader knows.")
        return _(
            "A message about %(code)s may not have arrived. Make sure that its reader knows."
        ) % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return None

    def _message(self, occurrence: Occurrence) -> Delivery:
        related = ("reminder__agency", "reminder__person", "recipient")
        return Delivery.objects.select_related(*related).get(pk=occurrence.subject_id)
