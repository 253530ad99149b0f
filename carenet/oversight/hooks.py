"""What this room hangs into lower rooms: incidents of voided referrals, and their reminder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role
from carenet.agencies.selectors import calendar_of, members_in_roles
from carenet.oversight import policy
from carenet.oversight.actions import INCIDENT_OPEN, open_incident
from carenet.oversight.models import Incident, IncidentState
from carenet.referrals.registry import on_referral_voided
from carenet.reminders import registry as reminders
from carenet.reminders.registry import Recipient

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import User
    from carenet.reminders.registry import Occurrence

WORKING_DAYS_BETWEEN = 3


def register() -> None:
    """Called once, when the apps are ready."""
    on_referral_voided(open_incident)
    reminders.register(IncidentOpen())


class IncidentOpen:
    """An incident waits for the privacy officer: the auditors of the ward office.

    Where there is no ward office, the sender's own auditors hear of it. It asks again until there is
    a finding; where nobody holds the role, the engine looks each day whether somebody does.
    """

    name = INCIDENT_OPEN
    subject_kind = "incident"

    def still_holds(self, occurrence: Occurrence) -> bool:
        waiting = Incident.objects.filter(state=IncidentState.OPEN)
        return waiting.filter(pk=occurrence.subject_id).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        return [Recipient(user, occurrence.agency) for user in self._auditors(occurrence)]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.incidents_visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("Referral %(code)s was entered in error; the incident waits for you.") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if not self._auditors(occurrence):
            return None
        return calendar_of(occurrence.agency).chase_after(now, WORKING_DAYS_BETWEEN)

    def _auditors(self, occurrence: Occurrence) -> QuerySet[User]:
        return members_in_roles(occurrence.agency, {Role.AUDITOR})
