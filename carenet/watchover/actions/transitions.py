"""Where an assignment stands: agreed to, begun, suspended, resumed, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.core import clock
from carenet.core.errors import Conflict
from carenet.watchover import policy
from carenet.watchover.actions.alerts import end_alerts
from carenet.watchover.actions.bases import demand_access
from carenet.watchover.actions.locks import lock_assignment, log_event, save_version
from carenet.watchover.actions.schedule import generate_expectations, read_schedule_from, void
from carenet.watchover.states import (
    TABLE,
    AlertEnd,
    AlertKind,
    WatchEndReason,
    WatchStatus,
    WatchVerb,
)

if TYPE_CHECKING:
    from uuid import UUID

    from carenet.agencies.actors import Actor
    from carenet.watchover.models import WatchAssignment

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
    if assignment.status not in TABLE[verb].sources:
        raise Conflict(
            _("This does not fit where the watch stands: %(status)s.")
            % {"status": WatchStatus(assignment.status).label},
            code="wrong_status",
        )
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
    """Do a verb that fits to a locked assignment, and save it."""
    now, source = clock.now(), assignment.status
    assignment.status = TABLE[verb].target
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
