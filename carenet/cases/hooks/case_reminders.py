"""What is due in a case: its next action, also where nobody would be told, and the end of a share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role
from carenet.cases import policy
from carenet.cases.actions.locks import NEXT_ACTION
from carenet.cases.actions.share_expiry import GRANT_ENDING
from carenet.cases.models import Case
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import OpenMatter, Recipient
from carenet.reminders.selectors import never_notified

#: In whose hands a case is.
_HANDS = ("lead_agency", "person_in_charge")


class CaseKind(BaseKind):
    """What is due in a case: whoever may see the case may see it. Its cases are read together."""

    visible_to = staticmethod(policy.visible_to)

    def case_ids(self, subjects: Collection[UUID]) -> Mapping[UUID, UUID]:
        """Return the case of each subject; what is gone is missing."""
        return {each: each for each in subjects}

    def case_of(self, occurrence: Occurrence) -> Case:
        """Return the case that it is about; raises `KeyError` where there is none any more."""
        cases = self._cases_of(occurrence)
        if self.batch:
            self.batch.once("hands", lambda: prefetch_related_objects([*cases.values()], *_HANDS))
        return cases[occurrence.subject_id]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        case = self._cases_of(occurrence).get(occurrence.subject_id)
        return case is not None and bool(policy.can_view(actor, case))

    def _cases_of(self, occurrence: Occurrence) -> Mapping[UUID, Case]:
        if self.batch is None:
            return self._read({occurrence.subject_id})
        ids = self.batch.ids
        return self.batch.once("cases", lambda: self._read(ids))

    def _read(self, subjects: Collection[UUID]) -> Mapping[UUID, Case]:
        ids = self.case_ids(subjects)
        found = Case.objects.in_bulk(set(ids.values()))
        return {each: found[case] for each, case in ids.items() if case in found}


class NextActionDue(CaseKind):
    """A case's next action is due: the person in charge, then the manager.

    When the person in charge is away, for good or for a time without a deputy, the whole staff of
    the agency hears of it instead.
    """

    name = NEXT_ACTION
    subject_kind = "case"
    message = _("The next action of case %(code)s is due.")
    working_days = 1

    def applicable(self) -> QuerySet[Any]:
        return Case.objects.filter(next_action_on__isnull=False, ended_at=None)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        return self.at_lead(occurrence, occurrence.agency, occurrence.person)

    def at_lead(self, occurrence: Occurrence, lead: Agency, person: User | None) -> list[Recipient]:
        """Return whom a step reaches: the person in charge, else the staff; then the managers."""
        if occurrence.step > 0:
            managers = self.in_roles(lead, {Role.MANAGER})
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
        case = self.case_of(occurrence)
        return self.at_lead(occurrence, case.lead_agency, case.person_in_charge)

    def case_ids(self, subjects: Collection[UUID]) -> Mapping[UUID, UUID]:
        return dict(Grant.objects.filter(pk__in=subjects).values_list("pk", "subject_id"))


def undated(now: datetime) -> QuerySet[Case]:
    """Return the open cases whose next action nobody will be told of."""
    return Case.objects.filter(never_notified(now), next_action_on__isnull=False, ended_at=None)


MATTERS = (OpenMatter("next_action", undated),)
