"""Many watches begin at once: a coordinator who has been through the list with the commissioners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, NotFound
from carenet.watchover import policy
from carenet.watchover.actions.bases import demand_access
from carenet.watchover.actions.locks import locked, log_same_event
from carenet.watchover.actions.schedule import demand_readable, read_schedule_from
from carenet.watchover.models import WatchAssignment, WatchSchedule
from carenet.watchover.states import WatchStatus, WatchVerb

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from carenet.agencies.actors import Actor
    from carenet.watchover.actions.schedule import VisitSchedule


_CHANGED = ["status", "laid_until", "lay_out_at", "version", "consent", "basis_until"]


@transaction.atomic
def begin_many(*, actor: Actor, rhythms: Mapping[UUID, VisitSchedule]) -> list[WatchAssignment]:
    """Set the rhythm of many proposed watches, note that the people agree, and begin: all or none.

    As `set_schedule`, then `consent` and `activate` for each. Raises `Conflict` for one that is not
    proposed, has a rhythm already or has no watcher, `Invalid` for a rule that cannot be read.
    """
    now = clock.now()
    held = list(locked(policy.visible_to(actor)).filter(pk__in=rhythms.keys()))
    if len(held) != len(rhythms):
        raise NotFound
    scheduled = set(
        WatchSchedule.objects.filter(assignment__in=rhythms).values_list("assignment", flat=True)
    )
    for each in held:
        demand(policy.can_change(actor, each))
        if each.status != WatchStatus.PROPOSED or not each.watcher_id or each.pk in scheduled:
            raise Conflict(
                _("This does not fit where the watch stands: %(status)s.")
                % {"status": WatchStatus(each.status).label},
                code="wrong_status",
            )
        demand_readable(rhythms[each.pk], each.responsible_agency, since=now)
    demand_access(actor, held, WatchVerb.CONSENT)
    WatchSchedule.objects.bulk_create(_schedule(each, rhythms[each.pk], now) for each in held)
    for each in held:
        each.status = WatchStatus.ACTIVE
        read_schedule_from(each, now)
        each.version += 3
    WatchAssignment.objects.bulk_update(held, _CHANGED)
    for verb in (WatchVerb.SCHEDULE, WatchVerb.CONSENT, WatchVerb.ACTIVATE):
        log_same_event(actor, verb, held)
    return held


def _schedule(assignment: WatchAssignment, rhythm: VisitSchedule, now: datetime) -> WatchSchedule:
    return WatchSchedule(
        assignment=assignment,
        rule=rhythm.rule,
        begins_at=rhythm.begins_at,
        window_minutes=rhythm.window_minutes,
        grace_minutes=rhythm.grace_minutes,
        holiday_policy=rhythm.holiday_policy,
        effective_from=now,
    )
