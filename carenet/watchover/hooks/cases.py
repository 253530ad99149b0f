"""What the responsible agency of a watch is told: a case of its person has ended, or its basis has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.reminders.registry import Recipient
from carenet.watchover import policy
from carenet.watchover.actions.case_end import BASIS_ENDED, CASE_ENDED, TOLD_FOR
from carenet.watchover.actions.locks import KIND
from carenet.watchover.models import WatchAssignment
from carenet.watchover.states import OPEN, WatchEndReason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.reminders.registry import Occurrence


class CaseEnded:
    """A case of the person has ended: whether the watch goes on is the responsible agency's to say."""

    name = CASE_ENDED
    subject_kind = KIND

    def still_applies(self, occurrence: Occurrence) -> bool:
        found = WatchAssignment.objects.filter(pk=occurrence.subject_id, status__in=sorted(OPEN))
        return found.exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        people = members_in_roles(occurrence.agency, {Role.STAFF, Role.COORDINATOR})
        return [Recipient(person, occurrence.agency) for person in people]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("A case of the person of watch %(code)s has ended. Does the watch go on?") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        """Ask once more when it is no news any more, so that it ends with its reason."""
        return now + TOLD_FOR if occurrence.step == 0 else None


class BasisEnded(CaseEnded):
    """A watch is over because its lawful basis is: whoever answers for it decides what follows."""

    name = BASIS_ENDED
    end_reason = WatchEndReason.BASIS_ENDED

    def still_applies(self, occurrence: Occurrence) -> bool:
        found = WatchAssignment.objects.filter(pk=occurrence.subject_id)
        return found.filter(end_reason=self.end_reason).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _(
            "Watch %(code)s is over: no lawful basis carries it any more. Ask the person, and propose "
            "it anew where one does."
        ) % {"code": occurrence.subject_code}
