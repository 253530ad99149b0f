"""What is told of a change of the operator: whose accounts end unless somebody confirms them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Membership, OperatorChange, User
from carenet.agencies.policy import operator_changes_visible_to
from carenet.agencies.roles import Role
from carenet.agencies.selectors import calendar_of, coordinating_office, members_in_roles
from carenet.agencies.selectors.operator_changes import reviewed_kinds, unconfirmed
from carenet.agencies.states import OperatorChangeState
from carenet.core import clock
from carenet.reminders.actions.agency_closure import OPERATOR_CHANGE
from carenet.reminders.registry import Recipient

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.reminders.registry import Occurrence

WORKING_DAYS_BETWEEN = 5


class OperatorChangeUnderReview:
    """Until the day: the managers and the ward office, who confirm, and whoever is not confirmed yet."""

    name = OPERATOR_CHANGE
    subject_kind = "operatorchange"

    def still_applies(self, occurrence: Occurrence) -> bool:
        planned = OperatorChange.objects.filter(state=OperatorChangeState.PLANNED)
        return planned.filter(pk=occurrence.subject_id, on__gt=clock.today()).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        change = OperatorChange.objects.select_related("agency").get(pk=occurrence.subject_id)
        office = coordinating_office(change.agency.municipality_code)
        told = [Recipient(user, change.agency) for user in self._inside(change)]
        if office:
            roles = {Role.MANAGER, Role.COORDINATOR}
            told += [Recipient(user, office) for user in members_in_roles(office, roles)]
        return told

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return operator_changes_visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("%(what)s: accounts and grants that nobody confirms end on that day.") % {
            "what": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return calendar_of(occurrence.agency).working_days_later(now, WORKING_DAYS_BETWEEN)

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
