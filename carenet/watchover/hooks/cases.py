"""What the responsible agency of a watch is told: a case of its person has ended, or its basis has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role
from carenet.reminders.kinds import BaseKind
from carenet.watchover import policy
from carenet.watchover.actions.case_end import BASIS_ENDED, CASE_ENDED, TOLD_FOR
from carenet.watchover.actions.locks import KIND
from carenet.watchover.models import WatchAssignment
from carenet.watchover.states import OPEN, WatchEndReason

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from carenet.reminders.registry import Occurrence


class CaseEnded(BaseKind):
    """A case of the person has ended: whether the watch goes on is the responsible agency's to say."""

    name = CASE_ENDED
    subject_kind = KIND
    roles = ({Role.STAFF, Role.COORDINATOR},)
    message = _("A case of the person of watch %(code)s has ended. Does the watch go on?")
    visible_to = staticmethod(policy.visible_to)

    def applicable(self) -> QuerySet[Any]:
        return WatchAssignment.objects.filter(status__in=sorted(OPEN))

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        """Ask once more when it is no news any more, so that it ends with its reason."""
        return now + TOLD_FOR if occurrence.step == 0 else None


class BasisEnded(CaseEnded):
    """A watch is over because its lawful basis is: whoever answers for it decides what follows."""

    name = BASIS_ENDED
    end_reason = WatchEndReason.BASIS_ENDED
    message = _(
        "Watch %(code)s is over: no lawful basis carries it any more. Ask the person, and propose "
        "it anew where one does."
    )

    def applicable(self) -> QuerySet[Any]:
        return WatchAssignment.objects.filter(end_reason=self.end_reason)
