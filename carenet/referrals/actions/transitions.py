"""Transitions of referrals: one function for all of them.

It 1. locks the case, then the referral (everybody in this order), 2. looks whether the actor may see
and do it, 3. compares version and status with the table, 4. lets the verb do its part, 5. writes
status, one event, audit, index and reminders. All of it is one transaction; a lost race answers 409
and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from carenet.access.actions import AccessPath, reindex
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import lock_case_unchecked
from carenet.cases.models import Case
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid, NotFound
from carenet.core.models import get_visible
from carenet.referrals import policy
from carenet.referrals.actions.consents import forget_withdrawal
from carenet.referrals.actions.deadlines import step_due
from carenet.referrals.actions.escalation import update_escalations
from carenet.referrals.actions.notifications import notify
from carenet.referrals.models import EventChannel, Referral, ReferralEvent
from carenet.referrals.selectors import COORDINATOR, POOL, RECEIVER, SENDER, pool_waited_for
from carenet.referrals.states import (
    ENDINGS,
    ClosedAs,
    ReferralStatus,
    Refusal,
    Side,
    Verb,
    resolve,
)
from carenet.rest.etags import check_version


@dataclass(slots=True)
class Transition:
    """A transition in progress: the verb's own part changes `referral` and says `reason` and `data`.

    `on_behalf_of` is the agency whose words the actor writes down, `channel` how they came.
    """

    actor: Actor
    verb: Verb
    side: Side
    referral: Referral
    case: Case
    source: ReferralStatus
    target: ReferralStatus
    now: datetime
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    on_behalf_of: Agency | None = None
    channel: str = EventChannel.SYSTEM


@contextmanager
def transition(
    *,
    actor: Actor,
    referral_id: UUID,
    verb: Verb,
    version: int | None = None,
    channel: str | None = None,
) -> Iterator[Transition]:
    """Make a transition of a referral; the body of the `with` is the verb's own part.

    With a `channel` the actor writes down what the other side has said by phone, FAX or in person.
    Raises `NotFound` out of reach, `Forbidden` in the wrong role or part, `PreconditionFailed` for a
    stale version, `Conflict` when the table does not lead anywhere from here, `Invalid` for a channel
    where one speaks for oneself.
    """
    with transaction.atomic():
        referral, case = lock_referral(actor, referral_id)
        side = _side(actor, referral, verb, channel)
        check_version(referral, version)
        with _transition(actor, referral, case, verb, side) as change:
            if channel:
                change.channel = channel
                change.on_behalf_of = referral.sender if side is Side.S else referral.received_by
            yield change


@contextmanager
def system_transition(
    *, actor: Actor, referral: Referral, case: Case, verb: Verb
) -> Iterator[Transition]:
    """Make a transition that follows from something else, on rows that are locked already."""
    # A lead that moves withdraws what is pending in the sender's stead; the event says by whom.
    side = Side.SYSTEM if verb is Verb.SETTLE else Side.S
    with _transition(actor, referral, case, verb, side) as change:
        change.side = Side.SYSTEM
        yield change


@contextmanager
def claim_transition(*, actor: Actor, referral: Referral, case: Case) -> Iterator[Transition]:
    """Claim a locked referral that waits in an open pool; the caller has asked the policy."""
    with _transition(actor, referral, case, Verb.CLAIM, Side.POOL) as change:
        yield change


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
    if referral.status != ReferralStatus.DRAFT:
        if referral.receiver_id:
            ways.append(AccessPath(RECEIVER, referral.receiver_id, referral.r_until))
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


@contextmanager
def _transition(
    actor: Actor, referral: Referral, case: Case, verb: Verb, side: Side
) -> Iterator[Transition]:
    source = ReferralStatus(referral.status)
    target = resolve(verb, side, referral.situation)
    if isinstance(target, Refusal):
        _refuse(verb, source, target)
    change = Transition(actor, verb, side, referral, case, source, target, clock.now())
    yield change
    _complete(change)


def _complete(change: Transition) -> None:
    """Write the new status and everything that follows from it."""
    referral = change.referral
    before = referral.turn
    referral.status = change.target
    referral.version += 1
    if referral.turn != before:
        referral.turn_since = change.now
    referral.due_at = step_due(referral, change.now)
    _set_ends(referral, change.now)
    referral.save()
    _write_event(change)
    index(referral)
    update_escalations(referral, change.now)
    forget_withdrawal(referral)
    notify(change)
    whose = {"on_behalf_of": str(change.on_behalf_of.pk)} if change.on_behalf_of else {}
    log_write(
        change.actor.who,
        f"referral.{change.verb.value}",
        "referral",
        referral.pk,
        to=change.target.value,
        **whose,
    )


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


def _write_event(change: Transition) -> None:
    actor = change.actor
    ReferralEvent.objects.create(
        referral=change.referral,
        verb=change.verb,
        from_status=change.source,
        to_status=change.target,
        side=change.side,
        at=change.now,
        **actor.attribution,
        on_behalf_of=change.on_behalf_of,
        channel=change.channel,
        reason=change.reason,
        data=change.data,
    )


def _refuse(verb: Verb, status: ReferralStatus, refusal: Refusal) -> NoReturn:
    if refusal is Refusal.KIND:
        raise Conflict(
            _("“%(verb)s” does not exist for a referral that only informs.") % {"verb": verb.label},
            code="wrong_kind",
        )
    raise Conflict(
        _("“%(verb)s” is not possible while the referral is “%(status)s”. Read it again.")
        % {"verb": verb.label, "status": status.label},
        code="wrong_status",
    )
