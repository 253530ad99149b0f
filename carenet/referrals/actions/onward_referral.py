"""Sending on elsewhere what came to nothing."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import demand_open
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.referrals import policy
from carenet.referrals.actions.deadlines import step_due
from carenet.referrals.actions.drafts import check_draft
from carenet.referrals.actions.escalation import update_escalations
from carenet.referrals.actions.transitions import Transition, index, transition
from carenet.referrals.models import Referral
from carenet.referrals.states import ClosedAs, Side, Verb

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
    with transition(
        actor=actor, referral_id=referral_id, verb=Verb.REROUTE, version=version
    ) as change:
        demand_open(change.case)
        if change.side is Side.S:
            demand(policy.can_draft(actor, change.case))
        draft = _draft(change, receiver)
        change.referral.closed_as = ClosedAs.REROUTED
        change.reason = reason
        change.data = {"to": str(receiver.pk), "replaced_by": draft.code}
    return change.referral


def _draft(change: Transition, receiver: Agency) -> Referral:
    old = change.referral
    if receiver.pk == old.receiver_id:
        raise Invalid({"receiver": _("Choose another agency than the one it came back from.")})
    draft = Referral(
        case=change.case,
        resident_id=old.resident_id,
        sender=old.sender,
        sender_person=old.sender_person,
        receiver=receiver,
        replaces=old,
        **{name: getattr(old, name) for name in INHERITED},
    )
    check_draft(change.actor, draft)
    draft.due_at = change.now if change.side is Side.C else step_due(draft, change.now)
    draft.save()
    draft.refresh_from_db(fields=["number"])
    index(draft)
    update_escalations(draft, change.now)
    log_write(change.actor.who, "referral.draft", "referral", draft.pk)
    return draft
