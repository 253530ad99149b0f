"""Looking whether somebody is known already, here or elsewhere, before a record is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.residents.models import MatchHint, Resident
from carenet.residents.selectors import likely_matches, matches_out_of_sight, traits_of

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor
    from carenet.residents.selectors import Match

#: For how long a hint can be used, and how many one question may give.
HINT_LASTS, MOST_HINTS = timedelta(hours=24), 3


@dataclass(frozen=True, slots=True)
class DuplicateCheck:
    """Who may be meant: the people whom the actor sees, and hints at others."""

    matches: list[Match]
    hints: list[MatchHint]


@transaction.atomic
def find_duplicates(*, actor: Actor, **fields: Any) -> DuplicateCheck:
    """Compare a description with the register; `fields` are those of `Resident`.

    Hints are for people who ask, never for a partner's systems: an inquiry follows from them.
    """
    demand(actor.may("residents.register"))
    traits = traits_of(Resident(**fields))
    hints = []
    if actor.user and actor.may("residents.inquire"):
        elsewhere = matches_out_of_sight(actor, traits)[:MOST_HINTS]
        hints = [_hint(actor, match.resident) for match in elsewhere]
    if hints:
        # Not about whom: the trail of the one who asks must not tell what the hint does not.
        log_write(actor.who, "resident.hint", "match_hint", *(hint.pk for hint in hints))
    return DuplicateCheck(likely_matches(actor, traits), hints)


def _hint(actor: Actor, resident: Resident) -> MatchHint:
    now = clock.now()
    return MatchHint.objects.create(
        resident=resident,
        given_to=actor.agency,
        given_to_user=actor.user,
        given_at=now,
        until=now + HINT_LASTS,
    )
