"""Telling a receiver that reads nothing here: by FAX, by telephone, in person."""

from __future__ import annotations

from uuid import UUID

from carenet.agencies.actors import Actor
from carenet.referrals.actions.consents import demand_carried
from carenet.referrals.actions.transitions import transition
from carenet.referrals.models import Referral
from carenet.referrals.states import Verb


def deliver(
    *, actor: Actor, referral_id: UUID, channel: str, words: str = "", version: int | None = None
) -> Referral:
    """Record that the sender has told the receiver, and how; from now on it is the receiver's turn.

    `channel` is `phone`, `fax` or `in_person`, `words` who took it there. Only now the receiver learns
    of it: what it rests on is asked again. Raises `Conflict` where nothing waits to be told, and what
    `demand_carried` does.
    """
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.DELIVER, version=version
    ) as change:
        demand_carried(actor, change.referral)
        change.told_by, change.reason = channel, words
        change.data = {"delivery": channel}
    return change.referral
