"""Watches that end by their last day, as the engine of reminders asks about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from carenet.core import clock
from carenet.reminders.registry import OpenMatter, ReminderRequest
from carenet.watchover.actions.case_end import TERM_ENDED
from carenet.watchover.hooks.alerts import AlertNotice
from carenet.watchover.hooks.cases import BasisEnded
from carenet.watchover.selectors.ending_watches import (
    WATCH_ENDING,
    ending_soon,
    unannounced,
)
from carenet.watchover.states import WatchEndReason

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from carenet.watchover.models import WatchAssignment


class WatchEnding(AlertNotice):
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
