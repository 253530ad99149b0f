"""Watches that end: by their last day, with their basis, or because a case of the person has ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import OpenMatter, ReminderRequest
from carenet.watchover import policy
from carenet.watchover.actions.case_end import BASIS_ENDED, CASE_ENDED, TERM_ENDED, TOLD_FOR
from carenet.watchover.actions.locks import KIND
from carenet.watchover.hooks.idle_watches import WatchNotice
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors.ending_watches import (
    WATCH_ENDING,
    ending_soon,
    unannounced,
)
from carenet.watchover.states import OPEN, WatchEndReason


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


class WatchEnding(WatchNotice):
    """Watches are over before long by their last day: are they to go on?

    One reminder for all of an agency and a day, about the first of them; when that one goes on, the
    next look writes one about the next.
    """

    name = WATCH_ENDING
    subject_kind = "watchend"
    message = _(
        "Watch %(code)s is over before long, and so is any other one with the same last day. Let "
        "them go on, or leave it at that."
    )

    def applicable(self) -> QuerySet[Any]:
        return ending_soon(clock.now())


class TermEnded(BasisEnded):
    """A watch is over because its term is: whoever answers for it decides what follows."""

    name = TERM_ENDED
    end_reason = WatchEndReason.TERM_OVER
    message = _("Watch %(code)s is over with its term. Propose it anew if it is to go on.")


def _cause_of_watch(watch: WatchAssignment, now: datetime) -> ReminderRequest:
    return ReminderRequest(watch.pk, watch.code, watch.responsible_agency, now)


ENDS = (OpenMatter("watch_ending", unannounced, WATCH_ENDING, _cause_of_watch),)
