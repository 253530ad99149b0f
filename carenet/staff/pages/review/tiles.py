"""The five numbers with which the review opens, and what has changed since yesterday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Actor
from carenet.referrals.selectors.review import Stage, late
from carenet.watchlists.selectors import first_visits
from carenet.watchover.selectors.overview import calls, happened
from carenet.watchover.states import AlertVerb, WatchVerb

#: What is told of watches and alerts, in this order.
_TOLD: dict[str, Any] = {
    AlertVerb.OPEN: gettext_lazy("somebody to be seen"),
    AlertVerb.RESOLVE: gettext_lazy("seen to"),
    WatchVerb.CHECK_IN: gettext_lazy("visits recorded"),
    WatchVerb.ACTIVATE: gettext_lazy("watches begun"),
    WatchVerb.END: gettext_lazy("watches ended"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """How many there are of something, and where they are; `urgent` where somebody has to go now."""

    number: int
    words: str
    address: str
    urgent: bool = False


def numbers(actor: Actor, alerts: int, since: datetime) -> tuple[list[Number], list[Number]]:
    """Return the five numbers, and how often what has happened since a moment."""
    called = calls(actor)
    waiting, visited = first_visits(actor, since)
    overdue, newly = late(actor, since)
    referrals = f"{reverse('staff-review-referrals-list')}?stage={Stage.OVERDUE}"
    five = [
        Number(alerts, _("to be seen now"), "#open", urgent=alerts > 0),
        Number(called.alone, _("watched by one person alone"), reverse("staff-review-single")),
        Number(waiting, _("listed and not yet visited"), reverse("staff-review-to-visit")),
        Number(overdue, _("referrals that wait too long"), referrals),
        Number(called.ending, _("terms that end"), reverse("staff-review-terms")),
    ]
    counts = happened(actor, since)
    changes = [Number(counts.get(verb, 0), str(words), "") for verb, words in _TOLD.items()]
    changes += [
        Number(visited, _("first visits of the lists"), reverse("staff-review-lists")),
        Number(newly, _("referrals newly overdue"), referrals),
    ]
    return five, [each for each in changes if each.number]
