"""The referral's whole state machine, as data: provable without a database.

`docs/referrals.md` shows the same table to people. Sides: S sends, R receives, C coordinates (the
area's coordinator or the ward office's), POOL is an agency of an open pool, HOUSE is the service
itself (a case ended, a lead moved).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carenet.core.states import UNCHANGED, Back, Move, Refusal, Table


class ReferralStatus(models.TextChoices):
    """Where a referral stands."""

    DRAFT = "draft", _("draft")
    DISCARDED = "discarded", _("discarded")
    SENT = "sent", _("sent")
    RECEIVED = "received", _("received")
    INFO_NEEDED = "info_needed", _("question to the sender")
    ACCEPTED = "accepted", _("accepted")
    IN_PROGRESS = "in_progress", _("in progress")
    ON_HOLD = "on_hold", _("on hold")
    DECLINE_PROPOSED = "decline_proposed", _("decline proposed")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    COMPLETED = "completed", _("completed")
    FAILED = "failed", _("ended without support")
    CLOSED = "closed", pgettext_lazy("referral", "closed")
    VOID = "void", _("entered in error")


class ReferralKind(models.TextChoices):
    """What moves: the lead, a share in the support, or only information."""

    TRANSFER_OF_LEAD = "TRANSFER_OF_LEAD", _("transfer of the lead")
    CO_SUPPORT = "CO_SUPPORT", _("joint support")
    INFORMATION = "INFORMATION", _("information only")


class Verb(models.TextChoices):
    """What moves a referral."""

    DISCARD = "discard", _("discard")
    SEND = "send", _("send")
    DELIVER = "deliver", _("record that they were told")
    CLAIM = "claim", _("claim")
    RECEIVE = "receive", _("receive")
    ASK = "ask", _("ask")
    ANSWER = "answer", _("answer")
    ACCEPT = "accept", _("accept")
    START = "start", _("start")
    HOLD = "hold", _("hold")
    RESUME = "resume", _("resume")
    PROPOSE_DECLINE = "propose-decline", _("propose to decline")
    RETRACT_DECLINE = "retract-decline", _("retract the decline")
    CONTEST_DECLINE = "contest-decline", _("contest the decline")
    CONFIRM_DECLINE = "confirm-decline", _("confirm the decline")
    WITHDRAW = "withdraw", _("withdraw")
    REQUEST_WITHDRAWAL = "request-withdrawal", _("ask the receiver to let go of it")
    AGREE_WITHDRAWAL = "agree-withdrawal", _("agree to withdrawal")
    COMPLETE = "complete", _("complete")
    FAIL = "fail", _("end without support")
    CLOSE = "close", pgettext_lazy("referral", "close")
    REROUTE = "reroute", _("send on to another agency")
    REOPEN = "reopen", pgettext_lazy("referral", "reopen")
    SETTLE = "settle", _("settle")
    VOID = "void", _("cancel as entered by mistake")


class Side(models.TextChoices):
    """In which part somebody acts."""

    S = "S", _("the sender")
    R = "R", _("the receiver")
    C = "C", _("the coordinator")
    POOL = "POOL", _("an agency of the pool")
    SYSTEM = "HOUSE", _("the service itself")


class ClosedAs(models.TextChoices):
    """How a closed referral came to its end."""

    CLOSED = "closed", _("closed by the sender or the coordinator")
    INFORMED = "informed", _("information received")
    TAKEN_BACK = "taken_back", _("information taken back")
    REROUTED = "rerouted", _("sent on elsewhere")
    SETTLED = "settled", _("settled with the case")


class ReferralDelivery(models.TextChoices):
    """How what the sender has said reached the receiver."""

    SYSTEM = "system", _("in this service")
    WAITING = "waiting", _("not delivered")
    PHONE = "phone", _("phone")
    FAX = "fax", _("FAX")
    IN_PERSON = "in_person", _("in person")


@dataclass(frozen=True, slots=True)
class Situation:
    """What the table needs to know of a referral."""

    status: ReferralStatus
    kind: ReferralKind = ReferralKind.CO_SUPPORT
    pool: bool = False
    asked_from: ReferralStatus | None = None
    held_from: ReferralStatus | None = None
    proposed_from: ReferralStatus | None = None
    withdrawal_requested: bool = False
    closed_as: ClosedAs | None = None
    replaces: bool = False
    delivery: ReferralDelivery | None = None

    @property
    def undelivered(self) -> bool:
        """Whether the receiver would have to act, and nobody has told it so yet."""
        return is_undelivered(self.status, self.delivery)


@dataclass(frozen=True, slots=True)
class Row(Move[ReferralStatus]):
    """One row: where the verb leads from each status that knows it, in which parts, by which ability.

    A verb without an `ability` is nobody's over the API. A `reply` is what the receiver says: where
    nobody there can say it here, the sender may write it down. What only informs knows the verbs that
    say so.
    """

    sides: frozenset[Side] = frozenset()
    ability: str = ""
    reply: bool = False
    informs: bool = False


class DueFor(models.TextChoices):
    """What a deadline is for."""

    DELIVERY = "delivery", _("telling the receiver")
    ANSWER = "answer", _("the answer")
    FIRST_CONTACT = "first_contact", _("first contact")
    PROGRESS = "progress", _("a word on how it goes")
    REVIEW = "review", _("review of the hold")
    SENDERS_STEP = "senders_step", _("the sender's next step")


_T = ReferralStatus
S, R, C, POOL, SYSTEM = Side.S, Side.R, Side.C, Side.POOL, Side.SYSTEM
OPEN = frozenset(
    {
        _T.SENT, _T.RECEIVED, _T.INFO_NEEDED, _T.ACCEPTED, _T.IN_PROGRESS, _T.ON_HOLD,
        _T.DECLINE_PROPOSED, _T.COMPLETED, _T.FAILED, _T.DECLINED, _T.WITHDRAWN,
    }
)  # fmt: skip
#: Ended in substance; the sender has yet to close the loop.
ENDINGS = frozenset({_T.COMPLETED, _T.FAILED, _T.DECLINED, _T.WITHDRAWN})
#: R has taken it on, so a transferred lead is with R.
TAKEN_ON = frozenset({_T.ACCEPTED, _T.IN_PROGRESS, _T.ON_HOLD, _T.COMPLETED})
UNANSWERED = frozenset({_T.SENT, _T.RECEIVED})
#: Where the receiver has to do something next, once what the sender has said was delivered.
AT_RECEIVER = frozenset({_T.SENT, _T.RECEIVED, _T.ACCEPTED, _T.IN_PROGRESS, _T.ON_HOLD})
#: What is due in a status, at its `due_at`.
DUE_FOR: dict[ReferralStatus, DueFor] = {
    _T.SENT: DueFor.ANSWER,
    _T.RECEIVED: DueFor.ANSWER,
    _T.ACCEPTED: DueFor.FIRST_CONTACT,
    _T.IN_PROGRESS: DueFor.PROGRESS,
    _T.ON_HOLD: DueFor.REVIEW,
    **dict.fromkeys([_T.INFO_NEEDED, _T.DECLINE_PROPOSED, *sorted(ENDINGS)], DueFor.SENDERS_STEP),
}
#: What a search may ask of somebody's referrals: a status, or all open or ended ones.
PROGRESS: dict[str, frozenset[ReferralStatus]] = {
    "open": OPEN,
    "ended": frozenset({_T.CLOSED, _T.VOID}),
    **{status.value: frozenset({status}) for status in ReferralStatus},
}
#: Where a referral may be that no agency of its pool has claimed: nobody has received it.
UNCLAIMED = frozenset({_T.DRAFT, _T.DISCARDED, _T.SENT, _T.WITHDRAWN, _T.CLOSED, _T.VOID})
#: The receiver, or the pool, still has to do its part: what a second one would only double.
LIVE = OPEN - ENDINGS


ASKED_FROM, HELD_FROM, PROPOSED_FROM = Back("asked_from"), Back("held_from"), Back("proposed_from")
WRONG_KIND = Refusal(
    _("“%(verb)s” does not exist for a referral that only informs."), code="wrong_kind"
)


def before_work(now: Situation) -> bool:
    """Whether it is no question asked at work: such a one does not lead out of the work."""
    return (now.status, now.asked_from) != (_T.INFO_NEEDED, _T.IN_PROGRESS)


def _row(
    sides: set[Side],
    sources: Iterable[ReferralStatus],
    target: ReferralStatus | Back,
    guard: Callable[[Situation], bool] | None = None,
    **more: Any,
) -> Row:
    return Row.between(sources, target, sides=frozenset(sides), guard=guard, **more)


TABLE: Table[Verb, Row, ReferralStatus] = Table(
    ReferralStatus,
    {
        Verb.DISCARD: _row({S}, {_T.DRAFT}, _T.DISCARDED, ability="referrals.draft", informs=True),
        Verb.SEND: _row({S}, {_T.DRAFT}, _T.SENT, ability="referrals.send", informs=True),
        Verb.DELIVER: _row(
            {S},
            AT_RECEIVER,
            UNCHANGED,
            lambda now: now.undelivered,
            ability="referrals.send",
            informs=True,
        ),
        Verb.CLAIM: _row(
            {POOL}, {_T.SENT}, _T.RECEIVED, lambda now: now.pool, ability="referrals.answer"
        ),
        Verb.RECEIVE: _row(
            {R}, {_T.SENT}, _T.RECEIVED, ability="referrals.receive", reply=True, informs=True
        ),
        Verb.ASK: _row(
            {R},
            {_T.RECEIVED, _T.ACCEPTED, _T.IN_PROGRESS},
            _T.INFO_NEEDED,
            ability="referrals.answer",
            reply=True,
        ),
        Verb.ANSWER: _row({S, R}, {_T.INFO_NEEDED}, ASKED_FROM, ability="referrals.answer"),
        Verb.ACCEPT: _row(
            {R}, {_T.SENT, _T.RECEIVED}, _T.ACCEPTED, ability="referrals.answer", reply=True
        ),
        Verb.START: _row(
            {R}, {_T.ACCEPTED}, _T.IN_PROGRESS, ability="referrals.answer", reply=True
        ),
        Verb.HOLD: _row(
            {R}, {_T.ACCEPTED, _T.IN_PROGRESS}, _T.ON_HOLD, ability="referrals.answer", reply=True
        ),
        Verb.RESUME: _row({R}, {_T.ON_HOLD}, HELD_FROM, ability="referrals.answer", reply=True),
        Verb.PROPOSE_DECLINE: _row(
            {R},
            {_T.SENT, _T.RECEIVED, _T.ACCEPTED, _T.INFO_NEEDED},
            _T.DECLINE_PROPOSED,
            before_work,
            ability="referrals.answer",
            reply=True,
        ),
        Verb.RETRACT_DECLINE: _row(
            {R}, {_T.DECLINE_PROPOSED}, PROPOSED_FROM, ability="referrals.answer", reply=True
        ),
        Verb.CONTEST_DECLINE: _row(
            {S}, {_T.DECLINE_PROPOSED}, PROPOSED_FROM, ability="referrals.send"
        ),
        Verb.CONFIRM_DECLINE: _row(
            {S, C}, {_T.DECLINE_PROPOSED}, _T.DECLINED, ability="referrals.settle_up"
        ),
        Verb.WITHDRAW: _row(
            {S},
            {_T.SENT, _T.RECEIVED, _T.DECLINE_PROPOSED, _T.ACCEPTED, _T.INFO_NEEDED},
            _T.WITHDRAWN,
            before_work,
            ability="referrals.send",
            informs=True,
        ),
        Verb.REQUEST_WITHDRAWAL: _row(
            {S}, {_T.IN_PROGRESS, _T.ON_HOLD, _T.INFO_NEEDED}, UNCHANGED, ability="referrals.send"
        ),
        Verb.AGREE_WITHDRAWAL: _row(
            {R, C},
            {_T.IN_PROGRESS, _T.ON_HOLD, _T.INFO_NEEDED},
            _T.WITHDRAWN,
            lambda now: now.withdrawal_requested,
            ability="referrals.settle_up",
            reply=True,
        ),
        Verb.COMPLETE: _row(
            {R}, {_T.ACCEPTED, _T.IN_PROGRESS}, _T.COMPLETED, ability="referrals.answer", reply=True
        ),
        Verb.FAIL: _row(
            {R},
            {_T.ACCEPTED, _T.IN_PROGRESS, _T.ON_HOLD, _T.INFO_NEEDED},
            _T.FAILED,
            ability="referrals.answer",
            reply=True,
        ),
        Verb.CLOSE: _row({S, C}, ENDINGS, _T.CLOSED, ability="referrals.settle_up"),
        Verb.REROUTE: _row(
            {S, C}, {_T.FAILED, _T.DECLINED, _T.WITHDRAWN}, _T.CLOSED, ability="referrals.settle_up"
        ),
        Verb.REOPEN: Row(
            {_T.COMPLETED: _T.IN_PROGRESS, _T.FAILED: _T.IN_PROGRESS, _T.CLOSED: _T.SENT},
            lambda now: now.closed_as not in {ClosedAs.REROUTED, ClosedAs.SETTLED},
            frozenset({S, C}),
            ability="referrals.settle_up",
        ),
        Verb.SETTLE: Row(
            {_T.DRAFT: _T.DISCARDED, **dict.fromkeys(OPEN, _T.CLOSED)},
            sides=frozenset({SYSTEM}),
            informs=True,
        ),
        Verb.VOID: _row(
            {S, C}, OPEN | {_T.CLOSED}, _T.VOID, ability="referrals.void", informs=True
        ),
    },
    Refusal(_("“%(verb)s” is not possible while the referral is “%(status)s”. Read it again.")),
)

#: What the sender, or the coordinator, says to the receiver: where nobody reads it here it is told.
SAYS_TO_RECEIVER = frozenset(
    {Verb.SEND, Verb.ANSWER, Verb.CONTEST_DECLINE, Verb.REQUEST_WITHDRAWAL, Verb.REOPEN}
)
#: Whose turn it is by status alone: who has to do something next.
TURN: dict[ReferralStatus, Side] = {
    _T.DRAFT: S,
    _T.SENT: R,
    _T.RECEIVED: R,
    _T.INFO_NEEDED: S,
    _T.ACCEPTED: R,
    _T.IN_PROGRESS: R,
    _T.ON_HOLD: R,
    _T.DECLINE_PROPOSED: S,
    _T.DECLINED: S,
    _T.WITHDRAWN: S,
    _T.COMPLETED: S,
    _T.FAILED: S,
}


def is_undelivered(status: str, delivery: str | None) -> bool:
    """Whether the receiver would have to act in this status, and nobody has told it so yet."""
    return delivery == ReferralDelivery.WAITING and status in AT_RECEIVER


def turn_of(status: str, delivery: str | None) -> Side | None:
    """Return whose turn it is, by status and delivery; None where nobody has to do anything."""
    return S if is_undelivered(status, delivery) else TURN.get(ReferralStatus(status))


def due_for(status: str, delivery: str | None) -> DueFor | None:
    """Return what a deadline is for, by status and delivery."""
    if is_undelivered(status, delivery):
        return DueFor.DELIVERY
    return DUE_FOR.get(ReferralStatus(status))


def delivery_after(
    verb: Verb,
    side: Side,
    target: ReferralStatus,
    before: ReferralDelivery | None,
    *,
    reads: bool,
    channel: str = "",
) -> ReferralDelivery | None:
    """Return how far the sender's word has come once `side` took the verb, which led to `target`.

    `reads` says whether somebody of the receiver, a person or a system, reads here what it is sent;
    `channel` how a word went outside of this service.
    """
    if verb is Verb.DELIVER:
        return ReferralDelivery(channel)
    if side in {S, C} and verb in SAYS_TO_RECEIVER and target in AT_RECEIVER:
        return ReferralDelivery.SYSTEM if reads else ReferralDelivery.WAITING
    if side in {R, POOL} and before in {None, ReferralDelivery.WAITING}:
        return ReferralDelivery(
            channel or ReferralDelivery.SYSTEM
        )  # whoever answers has heard of it
    return before


def resolve(verb: Verb, side: Side, now: Situation) -> ReferralStatus | Refusal:
    """Return the status that `verb`, taken by `side`, leads to, or why it is not possible."""
    row, informs = TABLE[verb], now.kind == ReferralKind.INFORMATION
    if informs and not row.informs:
        return WRONG_KIND
    if side not in row.sides:
        return TABLE.refusal
    found = TABLE.resolve(verb, now.status, now)
    if informs and verb in {Verb.RECEIVE, Verb.WITHDRAW} and not isinstance(found, Refusal):
        # Nothing is accepted or worked on: receiving it closes it, and so does taking it back.
        return ReferralStatus.CLOSED
    return found
