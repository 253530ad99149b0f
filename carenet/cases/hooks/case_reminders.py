"""What is due in a case: its next action, also where nobody would be told, and the end of a share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.cases import policy
from carenet.cases.actions.locks import NEXT_ACTION
from carenet.cases.actions.share_expiry import GRANT_ENDING
from carenet.cases.models import Case
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import OpenMatter, Recipient
from carenet.reminders.selectors import never_notified


class NextActionDue(BaseKind):
    """A case's next action is due: the person in charge, then the manager.

    When the person in charge is away, for good or for a time without a deputy, the whole staff of
    the agency hears of it instead.
    """

    name = NEXT_ACTION
    subject_kind = "case"
    message = _("The next action of case %(code)s is due.")
    visible_to = staticmethod(policy.visible_to)
    working_days = 1

    def applicable(self) -> QuerySet[Any]:
        return Case.objects.filter(next_action_on__isnull=False, ended_at=None)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        return self.at_lead(occurrence, occurrence.agency, occurrence.person)

    def at_lead(self, occurrence: Occurrence, lead: Agency, person: User | None) -> list[Recipient]:
        """Return whom a step reaches: the person in charge, else the staff; then the managers."""
        if occurrence.step > 0:
            managers = members_in_roles(lead, {Role.MANAGER})
            return self.first_who_see(occurrence, (lead, managers))
        return self.person_or_desk(occurrence, lead, person)


class GrantEnding(NextActionDue):
    """A share of a case is about to end: whoever has the case now, then the lead's managers.

    It is written about the share, and read through the case.
    """

    name = GRANT_ENDING
    subject_kind = "grant"
    message = _("A share of case %(code)s ends soon. Give it anew, or let it end.")

    def applicable(self) -> QuerySet[Any]:
        """Return the shares that live, and whose case does."""
        open_case = Case.objects.filter(pk=OuterRef("subject_id"), ended_at=None)
        return Grant.objects.live().filter(Exists(open_case), until__isnull=False)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        case = Case.objects.select_related("lead_agency", "person_in_charge").get(
            pk=Grant.objects.values("subject_id").get(pk=occurrence.subject_id)["subject_id"]
        )
        return self.at_lead(occurrence, case.lead_agency, case.person_in_charge)

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        of = Grant.objects.filter(pk=occurrence.subject_id).values("subject_id")
        return policy.visible_to(actor).filter(pk__in=of).exists()


def undated(now: datetime) -> QuerySet[Case]:
    """Return the open cases whose next action nobody will be told of."""
    return Case.objects.filter(never_notified(now), next_action_on__isnull=False, ended_at=None)


MATTERS = (OpenMatter("next_action", undated),)
