"""Signs of life that partners' systems send: a meter that turns, a parcel that was taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_out_of_reach, log_write
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.watchover import policy
from carenet.watchover.actions.check_ins import record_check_in
from carenet.watchover.actions.locks import KIND, locked
from carenet.watchover.models import CheckIn, WatchAssignment
from carenet.watchover.states import CheckInOutcome


class SignalResult(models.TextChoices):
    """What became of one sign."""

    RECORDED = "recorded", _("recorded")
    KNOWN = "known", _("recorded before")
    DIFFERS = "differs", _("another sign was sent under this key")
    NOT_FOUND = "not_found", _("no such watch, or not yours")
    NOT_WATCHED = "not_watched", _("nobody is watched over at that time")
    WRONG_TIME = "wrong_time", _("not in the past three months")


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign as a partner's system sends it; `key` is its own id of it."""

    assignment: UUID
    key: str
    observed_at: datetime


@transaction.atomic
def record_signals(*, actor: Actor, signals: Sequence[Signal]) -> list[SignalResult]:
    """Record indirect signs, each by itself; return what became of each, in their order.

    The same key of the same client again is the same sign. A watch that is not the client's is as
    good as none.
    """
    demand(actor.may("watch.signal"))
    wanted = {each.assignment for each in signals}
    held = {each.pk: each for each in locked(policy.signalled_by(actor).filter(pk__in=wanted))}
    log_out_of_reach(KIND, *(wanted - held.keys()))
    log_write(actor.who, "watch.signals", KIND, *held, sent=len(signals))
    return [_one(actor, held.get(each.assignment), each) for each in signals]


def _one(actor: Actor, assignment: WatchAssignment | None, signal: Signal) -> SignalResult:
    if assignment is None:
        return SignalResult.NOT_FOUND
    key = uuid5(NAMESPACE_URL, f"{actor.client_id} {signal.key}")
    sent = CheckIn.objects.filter(client_key=key, by_client=actor.client_id).exclude(by_client="")
    same = sent.first()
    if same:
        told = (same.assignment_id, same.observed_at) == (assignment.pk, signal.observed_at)
        return SignalResult.KNOWN if told else SignalResult.DIFFERS
    try:
        with transaction.atomic():
            record_check_in(
                assignment,
                actor,
                outcome=CheckInOutcome.INDIRECT,
                observed_at=signal.observed_at,
                client_key=key,
            )
    except Conflict:
        return SignalResult.NOT_WATCHED
    except Invalid:
        return SignalResult.WRONG_TIME
    return SignalResult.RECORDED
