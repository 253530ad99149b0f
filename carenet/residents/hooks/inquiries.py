"""An inquiry that waits for an answer, and one that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role
from carenet.agencies.selectors import calendar_of, members_in_roles
from carenet.core import clock
from carenet.reminders.registry import Recipient
from carenet.reminders.selectors import first_reached, never_notified
from carenet.residents import policy
from carenet.residents.actions.inquiries import INQUIRY_OVER, INQUIRY_REMINDER
from carenet.residents.models import Inquiry, InquiryState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.reminders.registry import Occurrence


class InquiryWaits:
    """An inquiry waits for an answer: the staff of the agency that is asked, then its managers.

    One working day of that agency lies between the two.
    """

    name = INQUIRY_REMINDER
    subject_kind = "inquiry"

    def still_applies(self, occurrence: Occurrence) -> bool:
        return Inquiry.objects.filter(
            pk=occurrence.subject_id, state=InquiryState.OPEN, until__gt=clock.now()
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
        return calendar_of(occurrence.agency).working_days_later(now, 1)


class InquiryOver:
    """An inquiry was answered, or its time is over: who asked, or the staff, if they are not there."""

    name = INQUIRY_OVER
    subject_kind = "inquiry"

    def still_applies(self, occurrence: Occurrence) -> bool:
        inquiry = Inquiry.objects.get(pk=occurrence.subject_id)
        return inquiry.stands != InquiryState.OPEN

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        agency, person = occurrence.agency, occurrence.person
        groups = [
            (agency, [person] if person else []),
            (agency, members_in_roles(agency, {Role.STAFF})),
        ]
        return first_reached(groups, lambda who: self.may_see(who, occurrence))

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.inquiries_visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("Inquiry %(code)s was answered, or nobody will answer it any more.") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return None


def unanswered(now: datetime) -> QuerySet[Inquiry]:
    """Return the open inquiries of which nobody will be told."""
    return Inquiry.objects.filter(never_notified(now), state=InquiryState.OPEN, until__gt=now)
