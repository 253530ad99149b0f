"""The kinds of reminder that this room needs itself, and what of it hangs on an agency."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.registry import (
    ClosureKind,
    HeldKind,
    add_closure_kinds,
    add_held_kinds,
    closure_has_moved,
    member_left,
    member_unavailable,
    moved_to_section,
    operator_change_has_moved,
    stays_with_agency,
)
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.agencies.selectors.closures import stalled
from carenet.agencies.states import ClosureOutcome
from carenet.core import clock
from carenet.jobs.selectors import to_go_on_with
from carenet.reminders import policy, registry
from carenet.reminders.actions.agency_closure import (
    free_reminders,
    notify_of_closure,
    notify_of_operator_change,
    pass_reminders,
    pass_reminders_about,
)
from carenet.reminders.actions.member_left import (
    release_reminders,
    release_unavailable,
    reminders_held,
)
from carenet.reminders.api.metrics import Figures
from carenet.reminders.channels import CHANNELS
from carenet.reminders.hooks.agency_closure import AgencyClosed, ClosureWaits
from carenet.reminders.hooks.operator_changes import OperatorChangeUnderReview
from carenet.reminders.hooks.sections import MATTER as SECTION_MATTER
from carenet.reminders.hooks.sections import SectionWithoutPeople
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Delivery, InboxEntry, Occurrence, Reminder
from carenet.reminders.registry import OpenMatter, Recipient, WaitingRows
from carenet.reminders.selectors import (
    codes_waiting_for,
    overdue_deliveries,
    overdue_reminders,
    silent_matters,
    without_date,
)
from carenet.reminders.states import DIGEST, UNDELIVERED
from carenet.rest import metrics

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def register() -> None:
    """Called once, when the apps are ready."""
    registry.register(Digest(), once=True)
    registry.register(Undelivered(), once=True)
    registry.open_matters.append(OpenMatter("reminder", without_date))
    registry.register(SectionWithoutPeople())
    registry.open_matters.append(SECTION_MATTER)
    registry.health_figures["silent"] = _silent
    registry.health_figures["stalled_closures"] = _stalled_closures
    registry.sweeps.append("sweep")
    registry.waiting_rows.append(WaitingRows("reminder", overdue_reminders, "due_at"))
    registry.waiting_rows.extend(_messages_of(channel) for channel in CHANNELS)
    registry.waiting_rows.append(WaitingRows("job", to_go_on_with, "moved_at"))
    metrics.collectors.append(Figures())
    registry.register(ClosureWaits(), answered_at_subject=True)
    registry.register(AgencyClosed(), notice=True)
    registry.register(OperatorChangeUnderReview(), answered_at_subject=True)
    closure_has_moved.register(notify_of_closure)
    operator_change_has_moved.register(notify_of_operator_change)
    moved_to_section.register(pass_reminders_about)
    member_left.register(release_reminders, at_last=True)
    member_unavailable.register(release_unavailable, at_last=True)
    add_held_kinds(
        HeldKind(
            name="reminders",
            label=_("reminders that they have taken on"),
            otherwise=_("they come again to those whose work it is"),
            found=reminders_held,
        )
    )
    add_closure_kinds(
        ClosureKind(
            name="reminders_taken_on",
            label=_("reminders that its people have taken on"),
            fate=ClosureOutcome.ENDS,
            found=_taken_on,
            settle=free_reminders,
            columns=("reminders.Reminder.holder_agency",),
        ),
        ClosureKind(
            name="reminders",
            label=_("open reminders"),
            fate=ClosureOutcome.PASSES,
            found=_open,
            settle=pass_reminders,
            columns=("reminders.Reminder.agency",),
        ),
        at_last=True,
    )
    stays_with_agency(
        "reminders.Delivery.agency",
        "reminders.DigestRound.agency",
        "reminders.InboxEntry.agency",
        "reminders.ReminderEvent.by_agency",
    )


def _taken_on(agency: Agency) -> QuerySet[Reminder]:
    return Reminder.objects.filter(holder_agency=agency, settled_at=None)


def _open(agency: Agency) -> QuerySet[Reminder]:
    return Reminder.objects.filter(agency=agency, settled_at=None)


def _messages_of(channel: str) -> WaitingRows:
    def rows(now: datetime) -> QuerySet[Delivery]:
        return overdue_deliveries(now).filter(channel=channel)

    return WaitingRows(f"{channel}_message", rows, "due_at")


def _silent() -> int:
    """Return how many matters are open while nobody will be told of them: 0, within ten minutes."""
    return sum(silent_matters(clock.now()).values())


def _stalled_closures() -> int:
    """Return how many closures, and changes of the operator, do not get on: 0."""
    return stalled(clock.now())


class Digest(BaseKind):
    """What waits for a person in an agency, once a working day; `subject_code` is the day."""

    name = DIGEST
    subject_kind = "membership"

    def still_applies(self, occurrence: Occurrence) -> bool:
        person = occurrence.person
        return person is not None and bool(codes_waiting_for(person, occurrence.agency))

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        return [Recipient(occurrence.person, occurrence.agency)] if occurrence.person else []

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return actor.user == occurrence.person

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("What waits for you on %(day)s.") % {"day": occurrence.subject_code}


class Undelivered(BaseKind):
    """A message that may not have arrived, and whose reader has not read it in the inbox either.

    The managers of the reader's agency hear of it, or the reader once more where no other one is.
    """

    name = UNDELIVERED
    subject_kind = "message"

    def still_applies(self, occurrence: Occurrence) -> bool:
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

    def _message(self, occurrence: Occurrence) -> Delivery:
        related = ("reminder__agency", "reminder__person", "recipient")
        return Delivery.objects.select_related(*related).get(pk=occurrence.subject_id)
