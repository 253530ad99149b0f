"""Which one-tap link a secret opens, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from carenet.agencies.actors import Actor
from carenet.agencies.selectors import actor_of
from carenet.watchover import policy
from carenet.watchover.models import OneTapLink
from carenet.watchover.selectors.concerns import hash_of
from carenet.watchover.states import ExpectationState


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that is good now, and as whom it records."""

    link: OneTapLink
    actor: Actor


def open_link(secret: str, now: datetime) -> OpenLink | None:
    """Return the link of a secret if it would record something now; None for every other.

    Whoever no longer looks in, or left, has no link any more.
    """
    link = (
        OneTapLink.objects.select_related(
            "expectation__assignment__responsible_agency", "person", "agency"
        )
        .filter(
            secret=hash_of(secret),
            used_at=None,
            expectation__state=ExpectationState.EXPECTED,
            expectation__window_start__lte=now,
            expectation__grace_until__gte=now,
        )
        .first()
    )
    actor = actor_of(link.person, link.agency) if link else None
    if link is None or actor is None:
        return None
    if not policy.can_check_in(actor, link.expectation.assignment):
        return None
    return OpenLink(link, actor)
