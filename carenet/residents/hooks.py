"""What this room hangs into lower rooms, and what of its own follows a merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carenet.access.registry import Guarded, guard
from carenet.agencies.roles import Role
from carenet.agencies.selectors import calendar_of, members_in_roles
from carenet.reminders import registry as reminders
from carenet.reminders.registry import Recipient
from carenet.residents import policy
from carenet.residents.actions.inquiring import INQUIRY_REMINDER
from carenet.residents.models import Inquiry, InquiryState, MatchHint, Resident, ResidentShare
from carenet.residents.registry import PointsAtResident, on_merging

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.reminders.registry import Occurrence


def register() -> None:
    """Let `access` give shares on residents; an inquiry that waits is a reason to remind."""
    guard(Guarded("resident", Resident, ResidentShare, policy.decide, _has_no_list))
    on_merging(PointsAtResident(MatchHint, "resident"))
    on_merging(PointsAtResident(Inquiry, "resident", versioned=True))
    reminders.register(InquiryWaits())


def _has_no_list(resident_id: UUID) -> None:
    """There is no list of residents, so there is nothing to bring up to date."""


class InquiryWaits:
    """An inquiry waits for an answer: the staff of the agency that is asked, then its managers.

    One working day of that agency lies between the two.
    """

    name = INQUIRY_REMINDER
    subject_kind = "inquiry"

    def still_holds(self, occurrence: Occurrence) -> bool:
        return Inquiry.objects.filter(
            pk=occurrence.subject_id, state=InquiryState.OPEN, until__gt=timezone.now()
        ).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        role = Role.STAFF if occurrence.step == 0 else Role.MANAGER
        members = members_in_roles(occurrence.agency, {role})
        return [Recipient(user, occurrence.agency) for user in members]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.inquiries_visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("Inquiry %(code)s waits for an answer.") % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step > 0:
            return None
        return calendar_of(occurrence.agency).chase_after(now, 1)
