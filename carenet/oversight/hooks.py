"""What this room hangs into lower rooms: incidents of voided referrals, and their reminder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.oversight import policy
from carenet.oversight.actions import INCIDENT_OPEN, open_incident
from carenet.oversight.models import Incident, IncidentState
from carenet.referrals.registry import on_referral_voided
from carenet.reminders import registry as reminders
from carenet.reminders.registry import Recipient

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.reminders.registry import Occurrence


def register() -> None:
    """Called once, when the apps are ready."""
    on_referral_voided(open_incident)
    reminders.register(IncidentOpen())


class IncidentOpen:
    """An incident waits for the privacy officer: the auditors of the ward office.

    Where there is no ward office, the sender's own auditors hear of it.
    """

    name = INCIDENT_OPEN
    subject_kind = "incident"

    def still_holds(self, occurrence: Occurrence) -> bool:
        waiting = Incident.objects.filter(state=IncidentState.OPEN)
        return waiting.filter(pk=occurrence.subject_id).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        auditors = members_in_roles(occurrence.agency, {Role.AUDITOR})
        return [Recipient(user, occurrence.agency) for user in auditors]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.incidents_visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("Referral %(code)s was entered in error; the incident waits for you.") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return None
