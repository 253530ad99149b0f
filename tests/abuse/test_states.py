"""The table of an abuse report: where each step leads, proved without a database."""

from __future__ import annotations

import pytest

from carenet.abuse.states import (
    ABUSE_MOVES,
    DEADLINE_STEPS,
    GOES_ON,
    NOT_TO_BE_CHECKED,
    RESPONSE_NEEDED,
    TO_BE_CHECKED,
    AbuseSituation,
    AbuseStatus,
    AbuseVerb,
    Evaluation,
    Finding,
)
from carenet.core.states import Refusal

S, V = AbuseStatus, AbuseVerb


PROPOSED = AbuseSituation(S.DECISION_PROPOSED, proposed_from=S.FACTS_CHECKED)


def at(status: AbuseStatus, *known: object) -> AbuseSituation:
    """Return a report in this status, of which this much is known."""
    return AbuseSituation(
        status,
        to_check=next((each for each in known if isinstance(each, bool)), None),
        finding=next((each for each in known if isinstance(each, Finding)), None),
        evaluation=next((each for each in known if isinstance(each, Evaluation)), None),
    )


@pytest.mark.parametrize(
    ("verb", "situation", "leads_to"),
    [
        (V.HOLD_RECEPTION, at(S.RECEIVED), S.RECEPTION_HELD),
        (V.HOLD_RECEPTION, at(S.RECEPTION_HELD, False), S.RECEPTION_HELD),
        (V.CHECK_FACTS, at(S.RECEIVED), ABUSE_MOVES.refusal),
        (V.CHECK_FACTS, at(S.RECEPTION_HELD, True), S.FACTS_CHECKED),
        (V.CHECK_FACTS, at(S.RECEPTION_HELD, False), NOT_TO_BE_CHECKED),
        (V.CHECK_FACTS, at(S.FACTS_CHECKED, True), S.FACTS_CHECKED),
        (V.CHECK_FACTS, at(S.DECIDED, Finding.UNDETERMINED), S.FACTS_CHECKED),
        (V.INVESTIGATE_ENTRY, at(S.RECEPTION_HELD, True), S.RECEPTION_HELD),
        (V.INVESTIGATE_ENTRY, at(S.FACTS_CHECKED, True), S.FACTS_CHECKED),
        (V.PROPOSE_DECISION, at(S.RECEPTION_HELD, True), TO_BE_CHECKED),
        (V.PROPOSE_DECISION, at(S.RECEPTION_HELD, False), S.DECISION_PROPOSED),
        (V.PROPOSE_DECISION, at(S.FACTS_CHECKED, True), S.DECISION_PROPOSED),
        (V.PROPOSE_DECISION, at(S.DECIDED, Finding.FOUND), ABUSE_MOVES.refusal),
        (V.DECIDE, at(S.FACTS_CHECKED, True), ABUSE_MOVES.refusal),
        (V.DECIDE, PROPOSED, S.DECIDED),
        (V.REJECT_DECISION, PROPOSED, S.FACTS_CHECKED),
        (V.WITHDRAW_DECISION, PROPOSED, S.FACTS_CHECKED),
        (V.WITHDRAW_DECISION, at(S.FACTS_CHECKED, True), ABUSE_MOVES.refusal),
        (V.CLOSE, PROPOSED, ABUSE_MOVES.refusal),
        (V.CLOSE_ELSEWHERE, at(S.RECEIVED), S.CLOSED),
        (V.CLOSE_ELSEWHERE, PROPOSED, S.CLOSED),
        (V.PLAN, at(S.DECIDED, Finding.FOUND), S.PLANNED),
        (V.EVALUATE, at(S.PLANNED, Finding.FOUND), S.EVALUATED),
        (V.PLAN, at(S.EVALUATED, Finding.FOUND, Evaluation.CONTINUES), S.PLANNED),
        (V.CLOSE, at(S.DECIDED, Finding.FOUND), RESPONSE_NEEDED),
        (V.CLOSE, at(S.DECIDED, Finding.UNDETERMINED), RESPONSE_NEEDED),
        (V.CLOSE, at(S.DECIDED, Finding.NOT_FOUND), S.CLOSED),
        (V.CLOSE, at(S.DECIDED, Finding.NOT_CHECKED), S.CLOSED),
        (V.CLOSE, at(S.EVALUATED, Finding.FOUND, Evaluation.CONTINUES), GOES_ON),
        (V.CLOSE, at(S.EVALUATED, Finding.FOUND, Evaluation.RESOLVED), S.CLOSED),
    ],
)
def test_where_a_step_leads(
    verb: AbuseVerb, situation: AbuseSituation, leads_to: AbuseStatus | Refusal
) -> None:
    assert ABUSE_MOVES.resolve(verb, situation.status, situation) is leads_to


@pytest.mark.parametrize("verb", ABUSE_MOVES)
def test_nothing_moves_a_closed_report(verb: AbuseVerb) -> None:
    closed = at(S.CLOSED, Finding.NOT_FOUND)
    assert ABUSE_MOVES.resolve(verb, closed.status, closed) is ABUSE_MOVES.refusal


def test_what_is_the_municipalitys_is_for_the_ward_office_alone() -> None:
    alone = {verb for verb, move in ABUSE_MOVES.items() if move.ward_only}
    assert alone == {
        V.INVESTIGATE_ENTRY, V.PROPOSE_DECISION, V.DECIDE, V.REJECT_DECISION, V.WITHDRAW_DECISION,
        V.CLOSE, V.CLOSE_ELSEWHERE,
    }  # fmt: skip


def test_every_deadline_counts_from_an_earlier_step() -> None:
    order = list(AbuseVerb)
    assert all(
        order.index(AbuseVerb(each.counted_from)) < order.index(AbuseVerb(step))
        for step, each in DEADLINE_STEPS.items()
    )
