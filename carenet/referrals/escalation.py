"""Who is chased when a referral stands still, step by step, as data: provable without a database.

An escalation policy belongs to a state of the referral and to the agency whose turn it is. Each of
its steps follows some working days after the one before; a step at which nobody can be told is passed
at once. Every policy leads to C and stays there: nobody's silence declines or closes anything.

`docs/referrals.md` shows the same table to people.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import ChasingStage
from carenet.referrals.states import (
    AT_RECEIVER,
    ENDINGS,
    UNANSWERED,
    ReferralStatus,
    Side,
    Situation,
)
from carenet.reminders.escalation import EscalationPolicy, PolicyStep

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Who(Enum):
    """Whom a step reaches on its side; for whoever is away their deputy."""

    PERSON = "person"
    PERSON_ELSE_DESK = "person_else_desk"
    DESK = "desk"
    MANAGERS = "managers"
    #: The first of person, desk, managers and coordinators in which somebody can be told.
    ANYBODY = "anybody"
    #: C's coordinators; without one who is there and may know, the people of the case's lead.
    COORDINATORS = "coordinators"


class Start(Enum):
    """When the first step falls due."""

    AT_DUE = "at_due"  # when the referral is overdue
    AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True)
class Tier:
    """Whom a step reaches: on which side, and who there."""

    side: Side
    who: Who


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPolicy(EscalationPolicy[Tier]):
    """A kind of chase: while what holds, whose silence it is, and who is told of it in turn.

    `stage` says which of the chased agency's rules set its pace. `to_chased` and `to_others` are
    what the chased side reads, and what everybody else does, who might telephone.
    """

    kind: str
    stage: ChasingStage
    chased: Side
    statuses: frozenset[ReferralStatus]
    to_chased: StrOrPromise
    to_others: StrOrPromise
    start: Start = Start.AT_DUE
    #: Only while S has asked for the withdrawal.
    if_withdrawal_requested: bool = False
    #: Only for what is sent on in the place of another that came back.
    if_replacing: bool = False
    #: Only while S has yet to tell an R that reads nothing here; others of its silence wait for that.
    if_undelivered: bool = False

    def applies(self, now: Situation) -> bool:
        """Whether a referral in this situation is reason to chase."""
        if self.if_withdrawal_requested and not now.withdrawal_requested:
            return False
        if self.if_replacing and not now.replaces:
            return False
        if self.chased is R and now.undelivered != self.if_undelivered:
            return False
        return now.status in self.statuses


def _steps(*tiers: tuple[Side, Who]) -> tuple[PolicyStep[Tier], ...]:
    return tuple(PolicyStep(Tier(side, who)) for side, who in tiers)


_T = ReferralStatus
S, R, C = Side.S, Side.R, Side.C
_TO_C = (C, Who.COORDINATORS)
#: R's silence once somebody there has it in hand.
_AFTER_ACCEPTANCE = _steps(
    (R, Who.PERSON_ELSE_DESK), (R, Who.MANAGERS), (S, Who.PERSON_ELSE_DESK), _TO_C
)

UNANSWERED_POLICY = ReferralPolicy(
    kind="referral.unanswered",
    stage=ChasingStage.ANSWER,
    chased=R,
    statuses=UNANSWERED,
    steps=_steps((R, Who.DESK), (R, Who.MANAGERS), (S, Who.PERSON_ELSE_DESK), _TO_C),
    to_chased=_("Referral %(code)s waits for an answer."),
    to_others=_("%(agency)s has not answered referral %(code)s."),
)
TELEPHONE = ReferralPolicy(
    kind="referral.telephone",
    stage=ChasingStage.ANSWER,
    chased=R,
    statuses=AT_RECEIVER,
    # Nobody of R hears of it before S has told them: what comes of it then, the others chase.
    steps=_steps((S, Who.ANYBODY), (S, Who.DESK), (S, Who.MANAGERS), _TO_C),
    to_chased="",
    to_others=_("Nobody at %(agency)s can read referral %(code)s here. Tell them of it."),
    start=Start.AT_ONCE,
    if_undelivered=True,
)
NOT_STARTED = ReferralPolicy(
    kind="referral.not_started",
    stage=ChasingStage.START,
    chased=R,
    statuses=frozenset({_T.ACCEPTED}),
    steps=_AFTER_ACCEPTANCE,
    to_chased=_("Referral %(code)s was accepted and waits for the first contact."),
    to_others=_("%(agency)s has not begun with referral %(code)s."),
)
NO_PROGRESS = ReferralPolicy(
    kind="referral.no_progress",
    stage=ChasingStage.PROGRESS,
    chased=R,
    statuses=frozenset({_T.IN_PROGRESS}),
    steps=_AFTER_ACCEPTANCE,
    to_chased=_("Nothing has been said about referral %(code)s for some time."),
    to_others=_("Nothing has been heard from %(agency)s about referral %(code)s for some time."),
)
HOLD_REVIEW = ReferralPolicy(
    kind="referral.hold_review",
    stage=ChasingStage.PROGRESS,
    chased=R,
    statuses=frozenset({_T.ON_HOLD}),
    steps=_AFTER_ACCEPTANCE,
    to_chased=_("Referral %(code)s is on hold; look at it again today."),
    to_others=_("%(agency)s has not looked again at referral %(code)s, which is on hold."),
)
WITHDRAWAL = ReferralPolicy(
    kind="referral.withdrawal_requested",
    stage=ChasingStage.ANSWER,
    chased=R,
    statuses=frozenset({_T.IN_PROGRESS, _T.ON_HOLD, _T.INFO_NEEDED}),
    steps=_AFTER_ACCEPTANCE,
    to_chased=_("The sender asks to withdraw referral %(code)s."),
    to_others=_("%(agency)s has not answered the request to withdraw referral %(code)s."),
    start=Start.AT_ONCE,
    if_withdrawal_requested=True,
)
SENDERS_TURN = ReferralPolicy(
    kind="referral.senders_turn",
    stage=ChasingStage.SENDER,
    chased=S,
    statuses=frozenset({_T.INFO_NEEDED, _T.DECLINE_PROPOSED}) | ENDINGS,
    steps=_steps((S, Who.PERSON), (S, Who.DESK), (S, Who.MANAGERS), _TO_C),
    to_chased=_("Referral %(code)s waits for you, its sender."),
    to_others=_("Referral %(code)s waits for its sender, %(agency)s."),
)
REROUTED = ReferralPolicy(
    kind="referral.rerouted",
    stage=ChasingStage.SENDER,
    chased=S,
    statuses=frozenset({_T.DRAFT}),
    steps=_steps((S, Who.PERSON_ELSE_DESK), (S, Who.MANAGERS), _TO_C),
    to_chased=_("Draft %(code)s sends on what came back. It waits to be sent or discarded."),
    to_others=_("%(agency)s has not sent on what came back: draft %(code)s waits."),
    if_replacing=True,
)

ESCALATION_POLICIES = (
    UNANSWERED_POLICY,
    TELEPHONE,
    NOT_STARTED,
    NO_PROGRESS,
    HOLD_REVIEW,
    WITHDRAWAL,
    SENDERS_TURN,
    REROUTED,
)


def due_policy(now: Situation) -> ReferralPolicy | None:
    """Return the escalation policy that says by when the next step is due.

    None where nothing is due by itself.
    """
    return next(
        (each for each in ESCALATION_POLICIES if each.start is Start.AT_DUE and each.applies(now)),
        None,
    )
