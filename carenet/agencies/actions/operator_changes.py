"""Another corporation runs an agency from a day on: planned, reviewed, carried out on the day.

Each account, system and grant that stays is confirmed, nobody's by themselves. On the day what was not
confirmed ends, in batches, and the new corporation is the one that runs the agency.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from carenet.agencies import policy
from carenet.agencies.actions.directory import designate, register_operator
from carenet.agencies.actions.locks import SYSTEM, lock_agency, who_of
from carenet.agencies.actors import Actor, system_actor
from carenet.agencies.models import Agency, Membership, OperatorChange, OperatorChangeReview, User
from carenet.agencies.registry import ClosureBatch, operator_change_has_moved
from carenet.agencies.selectors.operator_changes import (
    reviewed_kinds,
    rows_under_review,
    unconfirmed,
)
from carenet.agencies.states import OperatorChangeState
from carenet.audit.actions import acting_as, log_out_of_reach, log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid, NotFound
from carenet.core.models import check_version, get_visible
from carenet.rest.ids import ids_in
from carenet.rest.limits import demand_near

logger = logging.getLogger(__name__)
#: What the trail calls it.
KIND = "operatorchange"
#: As many rows as one batch ends.
AT_ONCE = 50
_MOST_MINUTES = 60


@transaction.atomic
def plan_operator_change(
    *,
    actor: Actor | None,
    agency: Agency,
    operator_name: str,
    on: date,
    corporate_number: str | None = None,
) -> OperatorChange:
    """Announce that another corporation runs an agency from `on`: the review begins.

    Raises `Invalid` for a day that is not ahead, or beyond `AGENCY_OPERATOR_MOST_DAYS`, and for the
    corporation that runs it already; `Conflict` where another change is under review.
    """
    demand(policy.can_plan_operator_change(actor, agency))
    held = lock_agency(agency)
    if not held.active:
        raise Conflict(_("This agency is closed already."), code="agency_inactive")
    if on <= clock.today():
        raise Invalid({"on": _("Give a day ahead: the review goes on until then.")})
    demand_near("on", on, "AGENCY_OPERATOR_MOST_DAYS")
    with acting_as(SYSTEM):
        operator = register_operator(
            actor=None, name=operator_name, corporate_number=corporate_number or None
        )
    if held.designations.filter(until=None, operator=operator).exists():
        raise Invalid({"operator_name": _("This corporation runs the agency already.")})
    if held.operator_changes.filter(state=OperatorChangeState.PLANNED).exists():
        raise Conflict(
            _("Another change is under review. Withdraw that one first."),
            code="operator_change_exists",
        )
    change = OperatorChange.objects.create(
        agency=held,
        operator=operator,
        on=on,
        planned_by=actor.user if actor else None,
        planned_by_agency=actor.agency if actor else None,
    )
    return _notify(actor, change, "plan", on=on.isoformat())


@transaction.atomic
def confirm_kept(
    *,
    actor: Actor,
    change_id: UUID,
    kind: str,
    ids: Sequence[str],
    version: int | None = None,
) -> OperatorChange:
    """Say that these accounts, systems or grants stay; what was said before stays said.

    Raises `Invalid` for what is not under review, and for one's own account; `Conflict` once the change
    is over.
    """
    change = _lock_planned(actor, change_id, version)
    demand(policy.can_review_operator_change(actor, change))
    found = {each.name: (each, review) for each, review in reviewed_kinds()}.get(kind)
    if found is None:
        raise Invalid({"kind": _("Nothing of this kind is under review.")})
    rows = {str(row.pk): row for row in rows_under_review(change, *found)}
    wanted = set(ids)
    if wanted - rows.keys():
        log_out_of_reach(kind, *ids_in(sorted(wanted)))
        raise Invalid({"ids": _("Name what is under review.")})
    user = _person_of_another(actor, [rows[each] for each in wanted])
    OperatorChangeReview.objects.bulk_create(
        [
            OperatorChangeReview(
                change=change,
                kind=kind,
                object_id=each,
                by_user=user,
                by_agency=actor.agency,
            )
            for each in sorted(wanted)
        ],
        ignore_conflicts=True,
    )
    change.save_version("version")
    return _notify(actor, change, "review", of=kind, number=len(wanted))


@transaction.atomic
def withdraw_operator_change(
    *, actor: Actor | None, change_id: UUID, version: int | None = None
) -> OperatorChange:
    """Call it off before its day: the corporation stays, and everything that hangs on the agency."""
    change = _lock_planned(actor, change_id, version)
    demand(policy.can_plan_operator_change(actor, change.agency))
    change.state, change.ended_at = OperatorChangeState.WITHDRAWN, clock.now()
    change.save_version()
    return _notify(actor, change, "withdraw")


def change_some(*, now: datetime) -> bool:
    """Deal with one batch of a change whose day has come; False where nothing is to be done."""
    ready = Q(next_try_at=None) | Q(next_try_at__lte=now)
    due = OperatorChange.objects.filter(
        ready, state=OperatorChangeState.PLANNED, on__lte=clock.today()
    )
    broken: OperatorChange | None = None
    try:
        with transaction.atomic(durable=True):
            found = due.select_for_update(of=("self",), skip_locked=True)
            change = found.select_related("agency", "operator").order_by("on", "pk").first()
            if change is None:
                return False
            broken = change
            _run_batch(change, now)
    except Exception:
        if broken is None:
            raise
        logger.exception("change of the operator %s: a batch broke off", broken.pk)
        failures = broken.failures + 1
        wait = timedelta(minutes=min(failures, _MOST_MINUTES))
        OperatorChange.objects.filter(pk=broken.pk).update(
            failures=failures, next_try_at=now + wait
        )
        return False
    return True


def _run_batch(change: OperatorChange, now: datetime) -> None:
    """End the first rows that nobody has confirmed; where there are none, the corporation changes."""
    agency = change.agency
    if not agency.active:
        change.state, change.ended_at = OperatorChangeState.WITHDRAWN, now
        change.save()
        return
    at_once = 1 if change.failures else AT_ONCE
    for kind, review in reviewed_kinds():
        rows = list(unconfirmed(change, kind, review)[:at_once])
        if rows and kind.settle:
            kind.settle(ClosureBatch(system_actor(agency), agency, rows))
            log_write(
                system_actor(agency).who, "agency.end_unconfirmed", "agency", agency.pk,
                of=kind.name, number=len(rows),
            )  # fmt: skip
            OperatorChange.objects.filter(pk=change.pk).update(failures=0, next_try_at=None)
            return
    designate(actor=None, agency=agency, operator=change.operator, since=change.on)
    change.state, change.ended_at = OperatorChangeState.DONE, now
    change.save_version()
    _notify(system_actor(agency), change, "complete")


def _lock_planned(actor: Actor | None, change_id: UUID, version: int | None) -> OperatorChange:
    visible = policy.operator_changes_visible_to(actor) if actor else OperatorChange.objects.all()
    found = visible.select_for_update(of=("self",)).select_related("agency", "operator")
    change = get_visible(found, pk=change_id)
    check_version(change, version)
    if change.state != OperatorChangeState.PLANNED or change.on <= clock.today():
        raise Conflict(_("This review is over. What was not confirmed ends."), code="review_over")
    return change


def _person_of_another(actor: Actor, rows: Sequence[Any]) -> User:
    """Return who confirms; raises `Invalid` for their own account, `NotFound` for a system."""
    if actor.user is None:
        raise NotFound
    if any(isinstance(row, Membership) and row.user_id == actor.user.pk for row in rows):
        raise Invalid({"ids": _("Somebody else confirms your own account.")})
    return actor.user


def _notify(actor: Actor | None, change: OperatorChange, verb: str, **data: Any) -> OperatorChange:
    log_write(who_of(actor), f"agency.{verb}_operator_change", KIND, change.pk, **data)
    operator_change_has_moved(change)
    return change
