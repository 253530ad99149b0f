"""`docs/states.md` and `docs/data-model.md`: the diagrams."""

from __future__ import annotations

from carenet.referrals.states import (
    TABLE,
    ReferralDelivery,
    ReferralStatus,
    Situation,
    Verb,
    resolve,
)
from launch import diagrams
from tests.docs.pages import DOCS, text_of


def test_the_diagrams_are_those_of_the_code() -> None:
    drawn = diagrams.diagrams()
    pages = [text_of(DOCS / name) for name in diagrams.PAGES]
    assert pages == [diagrams.fill(page, drawn) for page in pages], "python3 run.py diagrams"
    places = [found["name"] for page in pages for found in diagrams.PLACE.finditer(page)]
    assert sorted(places) == sorted(drawn)


def test_every_arrow_of_a_referral_is_one_that_the_table_knows() -> None:
    moves = [move for name in diagrams.REFERRAL for move in diagrams.MACHINES[name]()]
    assert {move.verb for move in moves} == set(Verb)
    for move in moves:
        target = ReferralStatus(move.target)
        now = Situation(
            ReferralStatus(move.source),
            pool=True,
            withdrawal_requested=True,
            delivery=ReferralDelivery.WAITING if move.verb == Verb.DELIVER else None,
            asked_from=target,
            held_from=target,
            proposed_from=target,
        )
        verb = Verb(move.verb)
        assert target in {resolve(verb, side, now) for side in TABLE[verb].sides}, move
