"""Lists whose basis ends while people on them wait, as the engine of reminders asks about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.reminders.kinds import BaseKind, members
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import OpenMatter, Recipient, ReminderRequest
from carenet.watchlists.models import WatchList
from carenet.watchlists.policy import lists_visible_to
from carenet.watchlists.selectors import lists_ending, lists_over

LIST_ENDING, LIST_OVER = "list.ending", "list.over"


class ListEnding(BaseKind):
    """The basis of a list is over before long, and people on it wait for a visit or a decision.

    The managers and coordinators of its agency are told, a working day later whoever delivered it.
    """

    name = LIST_ENDING
    subject_kind = "watchlist"
    working_days = 1
    visible_to = staticmethod(lists_visible_to)
    message = _(
        "The basis of the list “%(code)s” is over before long, and people on it still wait. Ask "
        "the ward office for a new one, or settle them."
    )

    def applicable(self) -> QuerySet[Any]:
        return lists_ending(clock.now())

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        found = WatchList.objects.select_related("agency", "by_agency")
        watch_list = found.get(pk=occurrence.subject_id)
        agencies = {watch_list.agency} | ({watch_list.by_agency} if occurrence.step else set())
        return [
            each
            for agency in sorted(agencies, key=lambda each: each.pk)
            for each in members(agency, {Role.MANAGER, Role.COORDINATOR})
        ]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return bool(actor.may("watch.count")) and super().may_see(actor, occurrence)


class ListOver(ListEnding):
    """The basis of a list is over, and people on it wait to whom nobody may be sent any more."""

    name = LIST_OVER
    message = _(
        "The basis of the list “%(code)s” is over, and people on it still wait: nobody may be "
        "sent to them. Ask the ward office for a new one, or settle them."
    )

    def applicable(self) -> QuerySet[Any]:
        return lists_over(clock.now())


def _cause_of_list(watch_list: WatchList, now: datetime) -> ReminderRequest:
    """A list has no code; its name is anybody's words, so that day and area stand for it."""
    area = watch_list.area.name if watch_list.area else ""
    code = f"{watch_list.delivered_on.isoformat()} {area}".strip()[:40]
    return ReminderRequest(watch_list.pk, code, watch_list.agency, now)


ENDS = (
    OpenMatter("list_ending", lists_ending, LIST_ENDING, _cause_of_list),
    OpenMatter("list_over", lists_over, LIST_OVER, _cause_of_list),
)
