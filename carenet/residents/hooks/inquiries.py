"""An inquiry that waits for an answer, and one that is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient
from carenet.reminders.selectors import never_notified
from carenet.residents import policy
from carenet.residents.actions.inquiries import INQUIRY_OVER, INQUIRY_REMINDER
from carenet.residents.models import Inquiry, InquiryState


class InquiryWaits(BaseKind):
    """An inquiry waits for an answer: the staff of the agency that is asked, then its managers.

    One working day of that agency lies between the two.
    """

    name = INQUIRY_REMINDER
    subject_kind = "inquiry"
    message = _("Inquiry %(code)s waits for an answer.")
    visible_to = staticmethod(policy.inquiries_visible_to)
    roles = ({Role.STAFF}, {Role.MANAGER})
    working_days = 1

    def applicable(self) -> QuerySet[Any]:
        return Inquiry.objects.filter(state=InquiryState.OPEN, until__gt=clock.now())


class InquiryOver(BaseKind):
    """An inquiry was answered, or its time is over: who asked, or the staff, if they are not there."""

    name = INQUIRY_OVER
    subject_kind = "inquiry"
    message = _("Inquiry %(code)s was answered, or nobody will answer it any more.")
    visible_to = staticmethod(policy.inquiries_visible_to)

    def still_applies(self, occurrence: Occurrence) -> bool:
        inquiry = Inquiry.objects.get(pk=occurrence.subject_id)
        return inquiry.stands != InquiryState.OPEN

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        return self.person_or_desk(occurrence, occurrence.agency, occurrence.person)


def unanswered(now: datetime) -> QuerySet[Inquiry]:
    """Return the open inquiries of which nobody will be told."""
    return Inquiry.objects.filter(never_notified(now), state=InquiryState.OPEN, until__gt=now)
