"""What is told of the closure of an agency: that it waits for somebody, and that it is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency, AgencyClosure
from carenet.agencies.policy import closures_visible_to
from carenet.agencies.roles import Role
from carenet.agencies.selectors import coordinating_office, members_in_roles
from carenet.agencies.states import CLOSURE_UNDECIDED, ClosureState
from carenet.reminders.actions.agency_closure import AGENCY_CLOSED, CLOSURE_WAITS
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ClosureWaits(BaseKind):
    """A closure waits for its second person, or for the first one where the Ministry's file suggests it.

    Those who could be that are told, and again every three working days.
    """

    name = CLOSURE_WAITS
    working_days = 3
    endless = True
    subject_kind = "agencyclosure"
    visible_to = staticmethod(closures_visible_to)

    def applicable(self) -> QuerySet[Any]:
        return AgencyClosure.objects.filter(state__in=sorted(CLOSURE_UNDECIDED))

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        closure = AgencyClosure.objects.select_related("agency").get(pk=occurrence.subject_id)
        office = coordinating_office(closure.agency.municipality_code)
        asked = [(closure.agency, {Role.MANAGER})]
        if office:
            asked.append((office, {Role.MANAGER, Role.COORDINATOR}))
        return [
            Recipient(user, agency)
            for agency, roles in asked
            for user in members_in_roles(agency, roles)
            if user.pk != closure.proposed_by_id
        ]

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("The closure of %(agency)s waits for a decision.") % {
            "agency": occurrence.subject_code
        }


class AgencyClosed(BaseKind):
    """An agency has closed: the managers of those who took something over, and of the ward office."""

    name = AGENCY_CLOSED
    subject_kind = "agencyclosure"
    visible_to = staticmethod(closures_visible_to)

    def applicable(self) -> QuerySet[Any]:
        return AgencyClosure.objects.filter(state=ClosureState.DONE)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        closure = AgencyClosure.objects.select_related("agency").get(pk=occurrence.subject_id)
        named = closure.successors.values("agency")
        taken = closure.entries.values("successor")
        agencies = list(Agency.objects.filter(Q(pk__in=named) | Q(pk__in=taken)).order_by("pk"))
        office = coordinating_office(closure.agency.municipality_code)
        if office and office not in agencies:
            agencies.append(office)
        return [
            Recipient(user, agency)
            for agency in agencies
            for user in members_in_roles(agency, {Role.MANAGER})
        ]

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("%(agency)s has closed. Look at what has passed to whom.") % {
            "agency": occurrence.subject_code
        }
