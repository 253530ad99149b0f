"""The escalation policies as data: nobody's turn is forgotten, and nobody's silence ends anything."""

from __future__ import annotations

from itertools import pairwise

import pytest

from carenet.referrals.escalation import (
    ESCALATION_POLICIES,
    TELEPHONE,
    ReferralPolicy,
    Start,
    Who,
    due_policy,
)
from carenet.referrals.states import (
    AT_RECEIVER,
    OPEN,
    TABLE,
    TURN,
    ReferralDelivery,
    ReferralKind,
    ReferralStatus,
    Side,
    Situation,
    resolve,
)

every_policy = pytest.mark.parametrize(
    "policy", ESCALATION_POLICIES, ids=lambda policy: policy.kind
)


@pytest.mark.parametrize("status", sorted(OPEN))
def test_whoever_has_the_turn_is_the_one_who_is_chased(status: ReferralStatus) -> None:
    policy = due_policy(Situation(status))
    assert policy
    assert policy.chased == TURN[status]


@pytest.mark.parametrize("status", sorted({*ReferralStatus} - OPEN))
def test_nothing_is_due_where_nobody_has_to_act_by_a_date(status: ReferralStatus) -> None:
    assert due_policy(Situation(status)) is None


def test_what_sends_on_another_one_must_not_rest_as_a_draft() -> None:
    policy = due_policy(Situation(ReferralStatus.DRAFT, replaces=True))
    assert policy
    assert policy.chased == Side.S


@pytest.mark.parametrize("status", list(ReferralStatus))
def test_at_most_one_policy_is_due_at_a_time(status: ReferralStatus) -> None:
    due = [
        each
        for each in ESCALATION_POLICIES
        if each.start is Start.AT_DUE and each.applies(Situation(status))
    ]
    assert len(due) <= 1


@every_policy
def test_a_policy_begins_with_the_silent_side_and_ends_with_the_coordinators(
    policy: ReferralPolicy,
) -> None:
    first, last = policy.steps[0].tier, policy.steps[-1].tier
    assert first.side == (Side.S if policy.if_undelivered else policy.chased)
    assert (last.side, last.who) == (Side.C, Who.COORDINATORS)


@pytest.mark.parametrize("status", sorted(AT_RECEIVER))
def test_until_the_receiver_was_told_the_sender_alone_is_chased(status: ReferralStatus) -> None:
    now = Situation(status, withdrawal_requested=True, delivery=ReferralDelivery.WAITING)
    assert [each for each in ESCALATION_POLICIES if each.applies(now)] == [TELEPHONE]


@every_policy
def test_a_policy_never_turns_back(policy: ReferralPolicy) -> None:
    order = [Side.R, Side.S, Side.C]
    sides = [order.index(step.tier.side) for step in policy.steps]
    assert all(before <= after for before, after in pairwise(sides))
    assert len(set(policy.steps)) == len(policy.steps)


@every_policy
def test_the_text_of_a_policy_names_nothing_but_code_and_agency(policy: ReferralPolicy) -> None:
    for text in (policy.to_chased, policy.to_others):
        assert str(text) % {"code": "R-26-000001", "agency": "…"} is not None


def test_a_withdrawal_is_chased_only_when_it_was_asked_for() -> None:
    (policy,) = (each for each in ESCALATION_POLICIES if each.if_withdrawal_requested)
    assert not policy.applies(Situation(ReferralStatus.IN_PROGRESS))
    assert policy.applies(Situation(ReferralStatus.IN_PROGRESS, withdrawal_requested=True))


def test_information_waits_only_to_be_received() -> None:
    """Where a verb leads that information knows, it is sent, closed or void."""
    known = ReferralKind.INFORMATION
    reached = {
        resolve(verb, side, Situation(ReferralStatus.SENT, kind=known))
        for verb, row in TABLE.items()
        if row.informs
        for side in row.sides
    }
    statuses = {each for each in reached if isinstance(each, ReferralStatus)}
    assert statuses == {ReferralStatus.CLOSED, ReferralStatus.VOID}
