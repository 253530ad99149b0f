"""Sending on elsewhere what came to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from carenet.audit.actions import record
from carenet.decisions import demand
from carenet.errors import Invalid
from carenet.referrals import policy
from carenet.referrals.actions.chasing import chase
from carenet.referrals.actions.deadlines import step_due
from carenet.referrals.actions.sending import check_draft, demand_open
from carenet.referrals.actions.stepping import index, step
from carenet.referrals.models import Referral
from carenet.referrals.states import ClosedAs, Side, Verb

if TYPE_CHECKING:
    from uuid import UUID

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency
    from carenet.referrals.actions.stepping import Step

#: What the new draft takes over. Basis, address, deadline and addressee were meant for one receiver
#: alone: the sender decides them anew.
INHERITED = [
    "kind", "need", "need_text", "reason", "summary", "requested_service", "urgency",
    "wishes_of_person", "wishes_of_family", "how_to_contact", "part_of_id",
]  # fmt: skip


def reroute(
    *,
    actor: Actor,
    referral_id: UUID,
    receiver: Agency,
    reason: str = "",
    version: int | None = None,
) -> Referral:
    """Close as rerouted, and prepare a new draft to another receiver that `replaces` it.

    The draft is the sender's, whoever reroutes: only the sender has a part in the case and answers
    for the disclosure. It is due like any of the sender's steps, at once where the coordinator made
    it: what came back must not rest unsent. Raises `Conflict` for an ended case, `Invalid` for a
    receiver that cannot receive. Returns the closed referral.
    """
    with step(
        actor=actor, referral_id=referral_id, verb=Verb.REROUTE, version=version
    ) as under_way:
        demand_open(under_way.case)
        if under_way.side is Side.S:
            demand(policy.can_draft(actor, under_way.case))
        draft = _draft(under_way, receiver)
        under_way.referral.closed_as = ClosedAs.REROUTED
        under_way.reason = reason
        under_way.data = {"to": str(receiver.pk), "replaced_by": draft.code}
    return under_way.referral


def _draft(step: Step, receiver: Agency) -> Referral:
    old = step.referral
    if receiver.pk == old.receiver_id:
        raise Invalid({"receiver": _("Choose another agency than the one it came back from.")})
    draft = Referral(
        case=step.case,
        resident_id=old.resident_id,
        sender=old.sender,
        sender_person=old.sender_person,
        receiver=receiver,
        replaces=old,
        **{name: getattr(old, name) for name in INHERITED},
    )
    check_draft(step.actor, draft)
    draft.due_at = step.now if step.side is Side.C else step_due(draft, step.now)
    draft.save()
    draft.refresh_from_db(fields=["number"])
    index(draft)
    chase(draft, step.now)
    record(step.actor.who, "referral.draft", "referral", draft.pk)
    return draft
