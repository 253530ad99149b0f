"""What is told of a change of the operator: whose accounts end unless somebody confirms them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Membership, OperatorChange, User
from carenet.agencies.policy import operator_changes_visible_to
from carenet.agencies.roles import Role
from carenet.agencies.selectors import coordinating_office, members_in_roles
from carenet.agencies.selectors.operator_changes import reviewed_kinds, unconfirmed
from carenet.agencies.states import OperatorChangeState
from carenet.core import clock
from carenet.reminders.actions.agency_closure import OPERATOR_CHANGE
from carenet.reminders.kinds import BaseKind, members
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class OperatorChangeUnderReview(BaseKind):
    """Until the day: the managers and the ward office, who confirm, and whoever is not confirmed yet."""

    name = OPERATOR_CHANGE
    working_days = 5
    endless = True
    subject_kind = "operatorchange"
    visible_to = staticmethod(operator_changes_visible_to)

    def applicable(self) -> QuerySet[Any]:
        today = clock.today()
        return OperatorChange.objects.filter(state=OperatorChangeState.PLANNED, on__gt=today)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        change = OperatorChange.objects.select_related("agency").get(pk=occurrence.subject_id)
        office = coordinating_office(change.agency.municipality_code)
        told = [Recipient(user, change.agency) for user in self._inside(change)]
        if office:
            told += members(office, {Role.MANAGER, Role.COORDINATOR})
        return told

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("%(what)s: accounts and grants that nobody confirms end on that day.") % {
            "what": occurrence.subject_code
        }

    @staticmethod
    def _inside(change: OperatorChange) -> list[User]:
        """Return the managers, and whose account nobody has confirmed; each once."""
        people = {user.pk: user for user in members_in_roles(change.agency, {Role.MANAGER})}
        for kind, review in reviewed_kinds():
            if kind.name == "members":
                rows = unconfirmed(change, kind, review).values("pk")
                left = Membership.objects.current().filter(pk__in=rows).select_related("user")
                people |= {each.user_id: each.user for each in left}
        return sorted(people.values(), key=lambda user: user.pk)
