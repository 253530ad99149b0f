"""Where an assignment stands: agreed to, begun (also many at once), suspended, resumed, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, NotFound
from carenet.watchover import policy
from carenet.watchover.actions.alerts import end_alerts
from carenet.watchover.actions.bases import demand_access
from carenet.watchover.actions.locks import (
    lock_assignment,
    locked,
    log_event,
    log_same_event,
    save_version,
)
from carenet.watchover.actions.schedule import (
    VisitSchedule,
    demand_readable,
    generate_expectations,
    read_schedule_from,
    void,
)
from carenet.watchover.models import WatchAssignment, WatchSchedule
from carenet.watchover.states import (
    TABLE,
    AlertEnd,
    AlertKind,
    WatchEndReason,
    WatchStatus,
    WatchVerb,
)

#: Ends after which nobody is left to worry about here.
_FOR_GOOD = frozenset({WatchEndReason.DIED, WatchEndReason.MOVED, WatchEndReason.FACILITY})


@transaction.atomic
def move(
    *,
    actor: Actor,
    assignment_id: UUID,
    verb: WatchVerb,
    reason: WatchEndReason | str = "",
    note: str = "",
    version: int | None = None,
    **agreed: Any,
) -> WatchAssignment:
    """Take a verb of `states.TABLE`; `reason` says why it ends.

    `agreed` may hold `consent` or `consent_said`: what the person has agreed to with `CONSENT`. Raises
    what `demand_basis` does where nobody may be let in on the basis, and `Conflict` when the verb does
    not fit, or when a watch without watcher or rhythm is to begin.
    """
    assignment = lock_assignment(actor, assignment_id, policy.can_change, version)
    TABLE.demand(verb, assignment.status)
    demand_access(actor, [assignment], verb, **agreed)
    apply(assignment, verb, actor, reason=reason, note=note)
    return assignment


def apply(
    assignment: WatchAssignment,
    verb: WatchVerb,
    actor: Actor | None,
    *,
    reason: WatchEndReason | str = "",
    note: str = "",
) -> None:
    """Do a verb to a locked assignment, and save it; raises `Conflict` where it does not fit."""
    now, source = clock.now(), assignment.status
    assignment.status = TABLE.demand(verb, source)
    if assignment.status == WatchStatus.ACTIVE:
        _demand_ready(assignment)
        read_schedule_from(assignment, now)
    else:
        assignment.lay_out_at = None
        void(assignment, now)
    if verb is WatchVerb.END:
        assignment.end_reason, assignment.ended_at = reason or WatchEndReason.OTHER, now
    save_version(assignment)
    if verb in {WatchVerb.SUSPEND, WatchVerb.END}:
        kinds = () if reason in _FOR_GOOD else (AlertKind.WATCHER_SILENT,)
        end_alerts(assignment, AlertEnd.WATCH_ENDED, actor, *kinds)
    log_event(
        actor, verb, assignment,
        note=note, source=source, target=str(assignment.status), reason=str(reason),
    )  # fmt: skip


@transaction.atomic
def refresh_term(assignment: WatchAssignment) -> None:
    """Bring a locked assignment into line with its term and basis; the caller saves it."""
    now, over_at, begins_at = clock.now(), assignment.over_at, assignment.begins_at
    if assignment.status != WatchStatus.ACTIVE:
        return
    if over_at is not None:
        void(assignment, now, since=over_at)
    if begins_at is not None and begins_at > now:
        void(assignment, now)
    # What lies ahead is read again; what stands there already stays.
    assignment.laid_until = now
    generate_expectations(assignment, now)


def _demand_ready(assignment: WatchAssignment) -> None:
    if assignment.watcher_id is None or not assignment.schedules.current().exists():
        raise Conflict(
            _("Name a watcher and set the rhythm first: nobody would be missed otherwise."),
            code="watch_not_ready",
        )


_CHANGED = ["status", "laid_until", "lay_out_at", "version", "consent", "basis_until"]


@transaction.atomic
def begin_many(
    *,
    actor: Actor,
    rhythms: Mapping[UUID, VisitSchedule],
    consent_said: Mapping[str, Any] | None = None,
) -> list[WatchAssignment]:
    """Set the rhythm of many proposed watches, note that the people agree, and begin: all or none.

    As `set_schedule`, then `consent` and `activate` for each. `consent_said` is how all of them have
    consented, where that is not on record yet; only watches that rest on a consent ask for it. Raises
    `Conflict` for one that is not proposed, has a rhythm already or has no watcher, `Invalid` for a
    rule that cannot be read.
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
            raise TABLE.refusal.error(WatchVerb.CONSENT, WatchStatus(each.status))
        demand_readable(rhythms[each.pk], each.responsible_agency, since=now)
    said = [each for each in held if consent_said and each.sharing_basis == SharingBasis.CONSENT]
    demand_access(actor, said, WatchVerb.CONSENT, consent_said=consent_said)
    demand_access(actor, [each for each in held if each not in said], WatchVerb.CONSENT)
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
