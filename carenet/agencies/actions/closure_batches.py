"""A confirmed closure is carried out in batches, each a transaction of its own.

What is still to be done is asked of the rooms each time, so that a batch that broke off, or a worker
that died, costs nothing but the batch: the next one finds the same rows again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from carenet.agencies.actions.members import end_place
from carenet.agencies.actors import system_actor
from carenet.agencies.models import (
    Agency,
    AgencyClosure,
    ClosureEntry,
    Designation,
    Invitation,
    InvitationAnswer,
)
from carenet.agencies.registry import ClosureBatch, ClosureKind, closure_has_moved, closure_kinds
from carenet.agencies.selectors.roster import coordinating_office
from carenet.agencies.states import ClosureOutcome, ClosureState
from carenet.audit.actions import log_write
from carenet.core import clock

logger = logging.getLogger(__name__)
#: As many rows as one batch deals with.
AT_ONCE = 50
#: After so many failures in a row the next try waits as many minutes, at most so long.
MOST_MINUTES = 60


def close_some(*, now: datetime) -> bool:
    """Deal with one batch of a confirmed closure; False where nothing is to be done, or it broke off."""
    ready = Q(next_try_at=None) | Q(next_try_at__lte=now)
    waiting = AgencyClosure.objects.filter(ready, state=ClosureState.CONFIRMED)
    broken: AgencyClosure | None = None
    try:
        with transaction.atomic(durable=True):
            found = waiting.select_for_update(of=("self",), skip_locked=True)
            closure = found.select_related("agency").order_by("confirmed_at").first()
            if closure is None:
                return False
            broken = closure
            _run_batch(closure, now)
    except Exception:
        if broken is None:
            raise
        logger.exception("closure %s: a batch broke off", broken.pk)
        failures = broken.failures + 1
        wait = timedelta(minutes=min(failures, MOST_MINUTES))
        AgencyClosure.objects.filter(pk=broken.pk).update(failures=failures, next_try_at=now + wait)
        return False
    return True


def _run_batch(closure: AgencyClosure, now: datetime) -> None:
    """Deal with the first rows that any room still names; where none does, it is done."""
    at_once = 1 if closure.failures else AT_ONCE
    for kind in closure_kinds():
        rows = list(kind.found(closure.agency).order_by("pk")[:at_once]) if kind.settle else []
        if kind.settle and rows:
            _settle(closure, kind, kind.settle, rows)
            AgencyClosure.objects.filter(pk=closure.pk).update(failures=0, next_try_at=None)
            return
    closure.state, closure.ended_at = ClosureState.DONE, now
    closure.save_version()
    log_write(
        system_actor(closure.agency).who, "agency.close", "agency", closure.agency_id,
        closure=str(closure.pk),
    )  # fmt: skip
    closure_has_moved(closure)


def _settle(
    closure: AgencyClosure,
    kind: ClosureKind,
    settle: Callable[[ClosureBatch], None],
    rows: list[Any],
) -> None:
    ids = [row.pk for row in rows]
    to = (
        None if kind.fate == ClosureOutcome.ENDS else _successor(closure, kind.follows or kind.name)
    )
    settle(ClosureBatch(system_actor(closure.agency), closure.agency, rows, to))
    if kind.found(closure.agency).filter(pk__in=ids).exists():
        raise LookupError(kind.name)  # it would come to the same rows for ever
    if to is not None:
        ClosureEntry.objects.bulk_create(
            ClosureEntry(closure=closure, kind=kind.name, object_id=pk, successor=to)
            for pk in ids
            if isinstance(pk, UUID)
        )


def _successor(closure: AgencyClosure, kind: str) -> Agency:
    """Return who takes a kind over; for what came up after the proposal, whoever takes most.

    Where nobody was named at all it is the ward office.
    """
    by_kind = {each.kind: each.agency for each in closure.successors.select_related("agency")}
    found = by_kind.get(kind) or by_kind.get("") or next(iter(by_kind.values()), None)
    office = found or coordinating_office(closure.agency.municipality_code)
    if office is None:
        raise LookupError(kind)
    return office


def withdraw_invitations_for_closure(batch: ClosureBatch) -> None:
    """Withdraw what it has offered to people who have not answered yet."""
    waiting = Invitation.objects.filter(pk__in=batch.ids, answer="")
    waiting.update(answer=InvitationAnswer.WITHDRAWN, answered_at=clock.now())
    log_write(batch.by.who, "agency.withdraw_invitation", "invitation", *batch.ids)


def end_members_for_closure(batch: ClosureBatch) -> None:
    """End its memberships; the accounts stay, and act for whatever else they belong to."""
    for membership in batch.rows:
        end_place(batch.by, membership)


def end_designations(batch: ClosureBatch) -> None:
    """Let the corporation run it until today."""
    Designation.objects.filter(pk__in=batch.ids).update(until=clock.today())
