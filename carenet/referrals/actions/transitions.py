"""Transitions of referrals.

The order is that of `carenet.core.transitions`, in one transaction; a lost race answers 409 and changes
nothing. Here is what a referral hangs into it: the case is locked first, by everybody; the actor has
a side; index, escalations and reminders follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from carenet.access.actions import AccessPath, reindex
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.selectors import somebody_may
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import lock_case_unchecked
from carenet.cases.models import Case
from carenet.core import transitions as core
from carenet.core.decisions import demand
from carenet.core.errors import Invalid, NotFound
from carenet.core.models import get_visible
from carenet.core.states import Refusal
from carenet.referrals import policy
from carenet.referrals.actions.consents import forget_withdrawal
from carenet.referrals.actions.deadlines import step_due
from carenet.referrals.actions.escalation import update_escalations
from carenet.referrals.actions.notifications import notify
from carenet.referrals.models import EventChannel, Referral, ReferralEvent
from carenet.referrals.selectors import (
    COORDINATOR,
    POOL,
    RECEIVER,
    SENDER,
    TELLING,
    UNTOLD,
    pool_waited_for,
)
from carenet.referrals.states import (
    ENDINGS,
    SAYS_TO_RECEIVER,
    TABLE,
    ClosedAs,
    ReferralDelivery,
    ReferralStatus,
    Side,
    Verb,
    delivery_after,
    resolve,
)


@dataclass(slots=True, kw_only=True)
class Transition(core.Transition[Actor, Referral, Verb, ReferralStatus]):
    """A transition of a referral: the verb's own part says `reason` and `data` of the event.

    `on_behalf_of` is the agency whose words the actor writes down, `channel` how they came; `told_by`
    is how the receiver was told of what the sender says.
    """

    table = TABLE
    case: Case
    side: Side = Side.S
    reason: str = ""
    channel: str = ""
    on_behalf_of: Agency | None = None
    told_by: str = ""

    @property
    def referral(self) -> Referral:
        """The row, by its own name."""
        return self.row

    def authorize(self) -> None:
        self.side = _side(self.actor, self.referral, self.verb, self.channel)
        if self.channel:
            sender = self.side is Side.S
            self.on_behalf_of = self.referral.sender if sender else self.referral.received_by

    def resolve(self) -> ReferralStatus | Refusal:
        return resolve(self.verb, self.side, self.referral.situation)

    def save(self) -> None:
        referral, before = self.referral, self.referral.turn
        referral.status = self.target
        self._set_delivery()
        if referral.turn != before:
            referral.turn_since = self.now
        referral.due_at = step_due(referral, self.now)
        _set_ends(referral, self.now)
        referral.save_version()

    def _set_delivery(self) -> None:
        referral, known = self.referral, self.referral.situation.delivery
        says = self.verb in SAYS_TO_RECEIVER
        found = delivery_after(
            self.verb,
            self.side,
            self.target,
            known,
            reads=says and (referral.unclaimed or reads_here(referral.receiver)),
            channel=self.told_by or self.channel,
        )
        if found != known or says:
            referral.delivery = found or ""
            referral.delivered_at = self.now if found != ReferralDelivery.WAITING else None

    def log_event(self) -> None:
        ReferralEvent.objects.create(
            referral=self.referral,
            verb=self.verb,
            from_status=self.source,
            to_status=self.target,
            side=self.side,
            at=self.now,
            **self.actor.attribution,
            on_behalf_of=self.on_behalf_of,
            channel=self.channel or EventChannel.SYSTEM,
            reason=self.reason,
            data=self.data,
        )

    def follow_up(self) -> None:
        index(self.referral)
        update_escalations(self.referral, self.now)
        forget_withdrawal(self.referral)
        notify(self)

    def log_write(self) -> None:
        whose = {"on_behalf_of": str(self.on_behalf_of.pk)} if self.on_behalf_of else {}
        log_write(
            self.actor.who,
            f"referral.{self.verb.value}",
            "referral",
            self.referral.pk,
            to=self.target.value,
            **whose,
        )


def transition(
    *,
    actor: Actor,
    referral_id: UUID,
    verb: Verb,
    version: int | None = None,
    channel: str | None = None,
) -> AbstractContextManager[Transition]:
    """Make a transition of a referral; the body of the `with` is the verb's own part.

    With a `channel` the actor writes down what the other side has said by phone, FAX or in person.
    Raises `NotFound` out of reach, `Forbidden` in the wrong role or part, `PreconditionFailed` for a
    stale version, `Conflict` when the table does not lead anywhere from here, `Invalid` for a channel
    where one speaks for oneself.
    """

    def lock() -> Transition:
        referral, case = lock_referral(actor, referral_id)
        return Transition(actor=actor, row=referral, case=case, verb=verb, channel=channel or "")

    return core.transition(lock, version)


@contextmanager
def system_transition(
    *, actor: Actor, referral: Referral, case: Case, verb: Verb
) -> Iterator[Transition]:
    """Make a transition that follows from something else, on rows that are locked already."""
    # A lead that moves withdraws what is pending in the sender's stead; the event says by whom.
    side = Side.SYSTEM if verb is Verb.SETTLE else Side.S
    change = Transition(actor=actor, row=referral, case=case, verb=verb, side=side)
    with core.follow(change):
        change.side = Side.SYSTEM
        yield change


def claim_transition(
    *, actor: Actor, referral: Referral, case: Case
) -> AbstractContextManager[Transition]:
    """Claim a locked referral that waits in an open pool; the caller has asked the policy."""
    return core.follow(
        Transition(actor=actor, row=referral, case=case, verb=Verb.CLAIM, side=Side.POOL)
    )


def lock_referral(actor: Actor, referral_id: UUID) -> tuple[Referral, Case]:
    """Lock a visible referral and its case, the case first; raises `NotFound` out of reach."""
    case_id = (
        policy.visible_to(actor).filter(pk=referral_id).values_list("case_id", flat=True).first()
    )
    if case_id is None:
        raise NotFound
    case = lock_case_unchecked(case_id)
    # Asked again under the lock: whoever held it before may have ended the actor's part.
    visible = policy.visible_to(actor).select_for_update(of=("self",))
    referral = get_visible(visible.select_related("sender", "receiver"), pk=referral_id)
    referral.case = case
    return referral, case


def index(referral: Referral) -> None:
    """Write the referral's entries in the access index; nobody but the sender lists a draft."""
    ways = [AccessPath(SENDER, referral.sender_id, referral.s_until)]
    if referral.undelivered:
        ways.append(AccessPath(TELLING, referral.sender_id, referral.s_until))
    if referral.status != ReferralStatus.DRAFT:
        if referral.receiver_id:
            way = UNTOLD if referral.undelivered else RECEIVER
            ways.append(AccessPath(way, referral.receiver_id, referral.r_until))
        ways += [AccessPath(POOL, agency_id) for agency_id in pool_waited_for(referral)]
        if referral.coordinator_id:
            ways.append(AccessPath(COORDINATOR, referral.coordinator_id))
    reindex(
        kind="referral",
        object_id=referral.pk,
        status=referral.status,
        next_due=referral.due_at,
        owners=[] if referral.status == ReferralStatus.DISCARDED else ways,
        restricted=referral.case.restricted,
    )


def reads_here(receiver: Agency | None) -> bool:
    """Whether a person or a system of this receiver could answer here what it is sent."""
    ability = policy.VERB_ABILITIES[Verb.ACCEPT]
    return receiver is not None and somebody_may(receiver, ability)


def _side(actor: Actor, referral: Referral, verb: Verb, channel: str | None) -> Side:
    """Return the part in which the verb is taken: the actor's own, or that of whom they write for."""
    own = policy.can_do(actor, referral, verb)
    if policy.needs_channel(actor, referral, verb) or (channel and not own):
        demand(policy.can_record(actor, referral, verb))
        if not channel:
            raise Invalid({"channel": _("Say how the sender's words have reached you.")})
        return policy.recorded_side(verb)
    demand(own)
    if channel:
        raise Invalid({"channel": _("Leave it out: you speak for your own agency.")})
    return policy.acting_side(actor, referral, verb)


def _set_ends(referral: Referral, now: datetime) -> None:
    """An ending shows R the way out in N days; S stays until it has closed the loop, then as long."""
    end = now + timedelta(days=settings.REFERRAL_VISIBLE_DAYS_AFTER_END)
    if referral.status in ENDINGS or referral.status == ReferralStatus.CLOSED:
        referral.r_until = referral.r_until or end
    if referral.status == ReferralStatus.VOID:
        referral.s_until = referral.s_until or end
    if referral.status == ReferralStatus.CLOSED:
        referral.s_until = end
        referral.closed_at = now
        referral.closed_as = referral.closed_as or ClosedAs.CLOSED
