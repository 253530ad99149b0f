"""A concern that nobody has triaged, as the engine of reminders asks about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import CASEWORK_ROLES, Role
from carenet.agencies.selectors import calendar_of, coordinating_office, members_in_roles
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient
from carenet.reminders.selectors import standing_in
from carenet.watchover import policy
from carenet.watchover.actions.concerns import GATHERED, UNTRIAGED, gathered
from carenet.watchover.models import Concern

#: How long each step is left alone where life is in danger; else it is a working day.
IN_DANGER = timedelta(minutes=30)
DESK, MANAGERS = 0, 1


class UntriagedConcern(BaseKind):
    """The desk is told, then its managers, then the ward's coordinators until it is triaged."""

    name = UNTRIAGED
    subject_kind = "concern"
    message = _("Somebody is worried about a person: concern %(code)s. Decide what to do.")
    visible_to = staticmethod(policy.concerns_visible_to)

    def applicable(self) -> QuerySet[Any]:
        return Concern.objects.filter(triaged_at=None)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        always = _in_danger(occurrence)
        agency = occurrence.agency
        if occurrence.step > MANAGERS:
            office = coordinating_office(agency.municipality_code)
            ward = members_in_roles(office, {Role.COORDINATOR}) if office else []
            told = [Recipient(person, office, always) for person in ward if office]
            if standing_in(told):
                return told
        roles = CASEWORK_ROLES | {Role.COORDINATOR}
        if occurrence.step == DESK:
            roles = frozenset({Role.STAFF, Role.COORDINATOR})
        return [Recipient(person, agency, always) for person in members_in_roles(agency, roles)]

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        """The last step comes again; where it reaches nobody, it is asked again the next day."""
        if occurrence.step > MANAGERS and not standing_in(list(self.recipients(occurrence))):
            return None
        if _in_danger(occurrence):
            return now + IN_DANGER
        return calendar_of(occurrence.agency).working_days_later(now, 1)


class GatheredConcerns(UntriagedConcern):
    """Many dangers to life without a name came in at once: the same people are told, once for all."""

    name = GATHERED
    message = _(
        "More people are said to be in danger than are told one by one: concern %(code)s and those "
        "that came in after it. Go through the list of concerns."
    )

    def still_applies(self, occurrence: Occurrence) -> bool:
        return gathered(occurrence.agency, occurrence.subject_id).exists()


def _in_danger(occurrence: Occurrence) -> bool:
    return Concern.objects.filter(pk=occurrence.subject_id, danger_to_life=True).exists()
