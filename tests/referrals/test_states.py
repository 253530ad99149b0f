"""The transition table, held against a transcript of the specification: status × verb × side."""

from __future__ import annotations

from itertools import product

import pytest

from carenet.core.states import Refusal
from carenet.referrals.states import (
    AT_RECEIVER,
    SAYS_TO_RECEIVER,
    TABLE,
    TURN,
    WRONG_KIND,
    ClosedAs,
    DueFor,
    ReferralDelivery,
    ReferralKind,
    ReferralStatus,
    Side,
    Situation,
    Verb,
    delivery_after,
    due_for,
    resolve,
    turn_of,
)

# status verb side[,side] → target, one line each; whatever is not here is refused.
SPECIFICATION = """
draft            discard            S    discarded
draft            send               S    sent
draft            settle             HOUSE discarded
sent             deliver            S    sent
received         deliver            S    received
accepted         deliver            S    accepted
in_progress      deliver            S    in_progress
on_hold          deliver            S    on_hold
sent             claim              POOL received
sent             receive            R    received
sent             accept             R    accepted
sent             propose-decline    R    decline_proposed
sent             withdraw           S    withdrawn
received         ask                R    info_needed
received         accept             R    accepted
received         propose-decline    R    decline_proposed
received         withdraw           S    withdrawn
info_needed      answer             S,R  received
info_needed      propose-decline    R    decline_proposed
info_needed      withdraw           S    withdrawn
info_needed      request-withdrawal S    info_needed
info_needed      agree-withdrawal   R,C  withdrawn
info_needed      fail               R    failed
accepted         ask                R    info_needed
accepted         start              R    in_progress
accepted         hold               R    on_hold
accepted         propose-decline    R    decline_proposed
accepted         withdraw           S    withdrawn
accepted         complete           R    completed
accepted         fail               R    failed
in_progress      ask                R    info_needed
in_progress      hold               R    on_hold
in_progress      request-withdrawal S    in_progress
in_progress      agree-withdrawal   R,C  withdrawn
in_progress      complete           R    completed
in_progress      fail               R    failed
on_hold          resume             R    in_progress
on_hold          request-withdrawal S    on_hold
on_hold          agree-withdrawal   R,C  withdrawn
on_hold          fail               R    failed
decline_proposed retract-decline    R    received
decline_proposed contest-decline    S    received
decline_proposed confirm-decline    S,C  declined
decline_proposed withdraw           S    withdrawn
completed        close              S,C  closed
completed        reopen             S,C  in_progress
failed           close              S,C  closed
failed           reroute            S,C  closed
failed           reopen             S,C  in_progress
declined         close              S,C  closed
declined         reroute            S,C  closed
withdrawn        close              S,C  closed
withdrawn        reroute            S,C  closed
closed           reopen             S,C  sent
"""
VOIDABLE = set(ReferralStatus) - {
    ReferralStatus.DRAFT,
    ReferralStatus.DISCARDED,
    ReferralStatus.VOID,
}
SETTLED = VOIDABLE - {ReferralStatus.CLOSED}


def _expected() -> dict[tuple[ReferralStatus, Verb, Side], ReferralStatus]:
    table = {}
    for line in SPECIFICATION.strip().splitlines():
        status, verb, sides, target = line.split()
        for side in sides.split(","):
            key = (ReferralStatus(status), Verb(verb), Side(side))
            table[key] = ReferralStatus(target)
    for status in VOIDABLE:
        for side in (Side.S, Side.C):
            table[status, Verb.VOID, side] = ReferralStatus.VOID
    for status in SETTLED:
        table[status, Verb.SETTLE, Side.SYSTEM] = ReferralStatus.CLOSED
    return table


EXPECTED = _expected()


def situation(status: ReferralStatus, **more: object) -> Situation:
    """A referral on its plainest way here: asked and proposed from `received`, held at work."""
    plain = {
        "pool": True,
        "asked_from": ReferralStatus.RECEIVED,
        "held_from": ReferralStatus.IN_PROGRESS,
        "proposed_from": ReferralStatus.RECEIVED,
        "withdrawal_requested": True,
        "delivery": ReferralDelivery.WAITING,
    }
    return Situation(status, **(plain | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("verb", Verb)
def test_every_status_verb_and_side(verb: Verb) -> None:
    for status, side in product(ReferralStatus, Side):
        found = resolve(verb, side, situation(status))
        wanted = EXPECTED.get((status, verb, side))
        if wanted is None:
            assert isinstance(found, Refusal), f"{verb} by {side} from {status} led to {found}"
        else:
            assert found == wanted, f"{verb} by {side} from {status}"


def test_the_transcript_knows_every_verb_and_every_status() -> None:
    assert {verb for _status, verb, _side in EXPECTED} == set(Verb)
    silent = {ReferralStatus.DISCARDED, ReferralStatus.VOID}
    assert {status for status, _verb, _side in EXPECTED} == set(ReferralStatus) - silent


@pytest.mark.parametrize("origin", ["received", "accepted", "in_progress"])
def test_an_answer_leads_back_to_where_it_was_asked_from(origin: str) -> None:
    asked = situation(ReferralStatus.INFO_NEEDED, asked_from=ReferralStatus(origin))
    assert resolve(Verb.ANSWER, Side.S, asked) == origin


@pytest.mark.parametrize("origin", ["accepted", "in_progress"])
def test_resuming_leads_back_to_where_it_was_held_from(origin: str) -> None:
    held = situation(ReferralStatus.ON_HOLD, held_from=ReferralStatus(origin))
    assert resolve(Verb.RESUME, Side.R, held) == origin


@pytest.mark.parametrize("verb", [Verb.CONTEST_DECLINE, Verb.RETRACT_DECLINE])
@pytest.mark.parametrize("origin", ["sent", "received", "accepted", "info_needed"])
def test_a_decline_undone_leads_back_to_where_it_was_proposed(verb: Verb, origin: str) -> None:
    proposed = situation(ReferralStatus.DECLINE_PROPOSED, proposed_from=ReferralStatus(origin))
    side = Side.S if verb is Verb.CONTEST_DECLINE else Side.R
    assert resolve(verb, side, proposed) == origin


def test_a_contested_decline_of_a_question_still_knows_where_it_was_asked_from() -> None:
    asked = situation(
        ReferralStatus.INFO_NEEDED,
        asked_from=ReferralStatus.ACCEPTED,
        proposed_from=ReferralStatus.INFO_NEEDED,
    )
    assert resolve(Verb.ANSWER, Side.S, asked) == ReferralStatus.ACCEPTED


@pytest.mark.parametrize(
    ("verb", "side"), [(Verb.PROPOSE_DECLINE, Side.R), (Verb.WITHDRAW, Side.S)]
)
def test_a_question_asked_at_work_does_not_lead_out_of_the_work(verb: Verb, side: Side) -> None:
    asked = situation(ReferralStatus.INFO_NEEDED, asked_from=ReferralStatus.IN_PROGRESS)
    assert resolve(verb, side, asked) is TABLE.refusal


def test_only_an_open_pool_can_be_claimed() -> None:
    sent = situation(ReferralStatus.SENT, pool=False)
    assert resolve(Verb.CLAIM, Side.POOL, sent) is TABLE.refusal


def test_withdrawal_is_agreed_to_only_when_requested() -> None:
    working = situation(ReferralStatus.IN_PROGRESS, withdrawal_requested=False)
    assert resolve(Verb.AGREE_WITHDRAWAL, Side.R, working) is TABLE.refusal


@pytest.mark.parametrize("closed_as", [ClosedAs.REROUTED, ClosedAs.SETTLED])
def test_what_was_rerouted_or_settled_is_not_reopened(closed_as: ClosedAs) -> None:
    closed = situation(ReferralStatus.CLOSED, closed_as=closed_as)
    assert resolve(Verb.REOPEN, Side.S, closed) is TABLE.refusal


@pytest.mark.parametrize(
    "verb",
    sorted(
        set(Verb)
        - {
            Verb.DISCARD,
            Verb.SEND,
            Verb.DELIVER,
            Verb.RECEIVE,
            Verb.WITHDRAW,
            Verb.VOID,
            Verb.SETTLE,
        }
    ),
)
@pytest.mark.parametrize("status", list(ReferralStatus))
def test_information_knows_only_a_few_verbs(verb: Verb, status: ReferralStatus) -> None:
    informing = situation(status, kind=ReferralKind.INFORMATION)
    assert all(resolve(verb, side, informing) is WRONG_KIND for side in Side)


def test_receiving_information_closes_it() -> None:
    informing = situation(ReferralStatus.SENT, kind=ReferralKind.INFORMATION)
    assert resolve(Verb.RECEIVE, Side.R, informing) == ReferralStatus.CLOSED


def test_somebody_holds_the_ball_until_the_loop_is_closed() -> None:
    done = {ReferralStatus.CLOSED, ReferralStatus.DISCARDED, ReferralStatus.VOID}
    assert set(TURN) == set(ReferralStatus) - done


# Status and delivery say together whose turn it is.

DELIVERED = sorted(set(ReferralDelivery) - {ReferralDelivery.WAITING})


@pytest.mark.parametrize("status", list(ReferralStatus))
def test_what_was_delivered_waits_for_whom_the_status_says(status: ReferralStatus) -> None:
    turns = {turn_of(status, delivery) for delivery in ["", None, *DELIVERED]}
    assert turns == {TURN.get(status)}


@pytest.mark.parametrize("status", list(ReferralStatus))
def test_what_nobody_has_been_told_never_waits_for_the_receiver(status: ReferralStatus) -> None:
    turn, usual = turn_of(status, ReferralDelivery.WAITING), TURN.get(status)
    assert turn is (Side.S if usual is Side.R else usual)
    told = due_for(status, ReferralDelivery.WAITING) is DueFor.DELIVERY
    assert told == (usual is Side.R) == (status in AT_RECEIVER)


@pytest.mark.parametrize("status", sorted(AT_RECEIVER))
def test_only_what_waits_to_be_told_is_told(status: ReferralStatus) -> None:
    delivered = situation(status, delivery=ReferralDelivery.SYSTEM)
    assert resolve(Verb.DELIVER, Side.S, delivered) is TABLE.refusal


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("before", [None, *ReferralDelivery])
def test_a_receiver_that_reads_here_is_never_waited_for_in_vain(
    verb: Verb, before: ReferralDelivery | None
) -> None:
    """Only what S or C says to a receiver that reads nothing begins to wait; whoever answers knows."""
    for side, target, reads in product(Side, ReferralStatus, [True, False]):
        found = delivery_after(verb, side, target, before, reads=reads, channel="fax")
        begins = found is ReferralDelivery.WAITING and before is not found
        says = verb in SAYS_TO_RECEIVER and side in {Side.S, Side.C} and target in AT_RECEIVER
        assert begins <= (says and not reads)
        if says:
            assert (found is ReferralDelivery.WAITING) == (not reads)
        elif verb is Verb.DELIVER or side in {Side.R, Side.POOL}:
            assert found is not ReferralDelivery.WAITING
        else:
            assert found is before
