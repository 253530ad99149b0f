"""Rules by which a watch shows in the review: plain, each with its words, never a score."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from django.db import models
from django.utils.translation import gettext_lazy as _

from carenet.watchover.states import WELL, CheckInOutcome

Signs = Sequence[tuple[str, datetime]]


class ReviewRule(models.TextChoices):
    """Why a watch shows in the review."""

    NO_BACKUP = "no_backup", _("One person looks in, and nobody stands by.")
    OVERLOADED = "overloaded", _("The watcher has more watches than one person can look after.")
    TERM_ENDS = "term_ends", _("The term ends soon.")
    BASIS_ENDS = "basis_ends", _("The basis of sharing ends soon.")
    EXPECTS_NOBODY = "expects_nobody", _("By its rhythm nobody is expected any more before long.")
    PAUSED_LONG = "paused_long", _("The pause is longer than usual, or has no end.")
    INDIRECT_ONLY = "indirect_only", _("The last signs were indirect: nobody met or heard them.")
    LENGTHENING_GAPS = (
        "lengthening_gaps",
        _("The gaps between signs of life grow, and the last is at least twice the first."),
    )
    NO_ANSWER_THEN_FINE = (
        "no_answer_then_fine",
        _("More than once there was no answer, and then everything was fine."),
    )


#: So many check-ins are looked at, the latest ones.
LOOKED_AT = 10
#: So many gaps in a row have to grow.
GAPS = 3


def weakening(signs: Signs, *, indirect_in_a_row: int) -> list[ReviewRule]:
    """Return the rules that fire for outcomes and the moments they were observed, oldest first."""
    fired = {
        ReviewRule.INDIRECT_ONLY: _only_indirect(signs, indirect_in_a_row),
        ReviewRule.LENGTHENING_GAPS: _lengthen(signs),
        ReviewRule.NO_ANSWER_THEN_FINE: _fine_after_all(signs) > 1,
    }
    return [rule for rule, fires in fired.items() if fires]


def _only_indirect(signs: Signs, number: int) -> bool:
    last = [outcome for outcome, _at in signs[-number:]]
    return len(last) == number and set(last) == {CheckInOutcome.INDIRECT}


def _lengthen(signs: Signs) -> bool:
    alive = [moment for outcome, moment in signs if outcome in WELL][-GAPS - 1 :]
    gaps = [after - before for before, after in pairwise(alive)]
    if len(gaps) < GAPS:
        return False
    return all(one < other for one, other in pairwise(gaps)) and gaps[-1] >= 2 * gaps[0]


def _fine_after_all(signs: Signs) -> int:
    """How often the next that was found after "no answer" was a sign of life."""
    outcomes = [outcome for outcome, _at in signs]
    return sum(
        one == CheckInOutcome.NO_ANSWER and other in WELL for one, other in pairwise(outcomes)
    )
