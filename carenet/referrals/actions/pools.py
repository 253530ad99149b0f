"""Open pools: a referral addressed to several agencies, of which the first to claim it becomes R."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.selectors import somebody_may
from carenet.cases.actions.locks import lock_case_unchecked
from carenet.cases.models import Case
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible
from carenet.referrals import policy
from carenet.referrals.actions.consents import demand_carried
from carenet.referrals.actions.transitions import claim_transition
from carenet.referrals.escalation import UNANSWERED_POLICY
from carenet.referrals.models import Referral
from carenet.referrals.states import ReferralKind, ReferralStatus, Verb
from carenet.reminders.actions import cancel_reminder

#: How many agencies a pool has.
FEWEST, MOST = 2, 20


@dataclass(frozen=True, slots=True)
class Address:
    """To whom a draft goes, as far as its author says so now: one receiver, or a pool."""

    receiver: Agency | None
    pool: Sequence[Agency] | None
    without_pool: bool = False

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Address:
        """Take `receiver` and `pool` out of `fields`; raises `Invalid` for both at once."""
        told = "pool" in fields
        receiver, pool = fields.pop("receiver", None), fields.pop("pool", None)
        address = cls(receiver, pool, told and not pool)
        if address.receiver and address.pool:
            raise Invalid({"pool": _("Name one receiver or a pool, not both.")})
        return address

    def write_on(self, referral: Referral) -> None:
        """Address a draft; raises `Invalid` for a pool that cannot be one."""
        if self.pool:
            _check_members(referral, self.pool)
            referral.receiver, referral.to_pool = None, True
        elif self.receiver:
            referral.receiver, referral.to_pool = self.receiver, False
        elif self.without_pool:
            referral.to_pool = False
        if referral.receiver is None and not referral.to_pool:
            raise Invalid({"receiver": _("Name a receiver, or the agencies of a pool.")})

    def open_pool(self, referral: Referral) -> None:
        """Keep the agencies of a saved draft's pool, or forget those of a former one."""
        if self.pool or self.receiver:
            referral.pool.set(self.pool or [])


@transaction.atomic
def claim(*, actor: Actor, referral_id: UUID, version: int | None = None) -> Referral:
    """Claim a referral for the actor's agency, which becomes R and has received it.

    Raises `NotFound` for whatever never waited for this agency, `Conflict` when another one was first,
    it no longer waits, or the person refuses.
    """
    referral, case = _lock(actor, referral_id)
    demand(actor.may(policy.VERB_ABILITIES[Verb.CLAIM]))
    waits = referral.status == ReferralStatus.SENT and referral.carries_at(clock.now())
    if referral.receiver_id or not waits:
        raise Conflict(
            _("Another agency was first, or it is no longer open. There is nothing left to do."),
            code="already_claimed",
        )
    demand(policy.can_claim(actor, referral))
    check_version(referral, version)
    with claim_transition(actor=actor, referral=referral, case=case) as change:
        referral.receiver = actor.agency
        referral.received_at = referral.turn_since = change.now
        demand_carried(actor, referral)
        # R's own time begins; whoever was waited for with it hears why that is over.
        cancel_reminder(kind=UNANSWERED_POLICY.kind, subject_id=referral.pk, because=Verb.CLAIM)
    return referral


def check_open_pool(referral: Referral) -> None:
    """Raise `Invalid` for what cannot be asked of agencies that are not known by name yet."""
    if referral.kind == ReferralKind.INFORMATION:
        raise Invalid({"pool": _("Information goes to a receiver; nobody claims it.")})
    if referral.addressee:
        raise Invalid({"addressee": _("A pool has no addressee. Leave it out.")})
    if referral.case.restricted:
        raise Invalid({"pool": _("The case is restricted: name the one receiver it is for.")})
    if referral.discloses_address:
        raise Invalid(
            {"discloses_address": _("A protected address is disclosed to a named receiver alone.")}
        )


def check_places(referral: Referral) -> None:
    """Raise `Invalid` when an agency of the pool takes no part any more, or has become S.

    Nor is a pool asked in which nobody could claim: a claim is made here or not at all.
    """
    pool = list(referral.pool.all())
    _check_members(referral, pool)
    if not any(somebody_may(agency, policy.VERB_ABILITIES[Verb.CLAIM]) for agency in pool):
        raise Invalid(
            {"pool": _("Nobody in these agencies can claim it here. Name one receiver instead.")}
        )


def _check_members(referral: Referral, pool: Sequence[Agency]) -> None:
    if any(agency.pk == referral.sender_id for agency in pool):
        raise Invalid({"pool": _("Choose other agencies than your own.")})
    if not all(agency.active for agency in pool):
        raise Invalid({"pool": _("An agency of it takes no part any more. Choose another.")})
    if not FEWEST <= len(pool) <= MOST:
        raise Invalid(
            {
                "pool": _("Name %(fewest)s to %(most)s different agencies.")
                % {"fewest": FEWEST, "most": MOST}
            }
        )


def _lock(actor: Actor, referral_id: UUID) -> tuple[Referral, Case]:
    """Lock a referral that waits, or waited, for the actor's agency; its case first."""
    once = policy.claimable_by(actor).filter(pk=referral_id)
    case_id = get_visible(once.values_list("case_id", flat=True))
    case = lock_case_unchecked(case_id)
    # Asked again under the lock: the case may have been restricted meanwhile.
    referral = get_visible(
        once.select_for_update(of=("self",)).select_related("sender", "receiver")
    )
    referral.case = case
    return referral, case
