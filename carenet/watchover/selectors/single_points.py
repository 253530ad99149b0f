"""Whose watches rest on them alone: single points by watcher, and the watches of one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.watchover import policy
from carenet.watchover.models import WatchAssignment
from carenet.watchover.rules import ReviewRule
from carenet.watchover.selectors import review
from carenet.watchover.states import WatchStatus

#: As many people as are named beside their watcher; the list of the watcher has all.
NAMED = 8


@dataclass(slots=True)
class SinglePoint:
    """A watcher on whom people rest alone, or who has too many; without one nobody looks in.

    `alone`: for how many nobody stands by; `first` are some of them.
    """

    pk: UUID | None
    watches: int
    alone: int
    watcher: User | None = None
    first: list[WatchAssignment] = field(default_factory=list)

    @property
    def overloaded(self) -> bool:
        """Whether they look in on more people than one person can look after."""
        return self.pk is not None and self.watches > int(settings.WATCH_REVIEW_MOST_WATCHES)

    @property
    def more(self) -> int:
        """How many of those who rest on them alone are not named here."""
        return self.alone - len(self.first)


def by_watcher(actor: Actor) -> list[SinglePoint]:
    """Return the watchers whom the review holds up, on whom most people rest alone first."""
    rows = _kept(actor).order_by().values_list("watcher")
    counted = rows.annotate(number=Count("pk"), alone=Count("pk", filter=review.ALONE))
    points = [SinglePoint(*row) for row in counted]
    held_up = [each for each in points if each.alone or each.overloaded]
    return sorted(held_up, key=lambda each: (-each.alone, -each.watches, str(each.pk)))


def with_names(actor: Actor, points: Sequence[SinglePoint]) -> None:
    """Say of these who the watchers are, and name the first of the people who rest on them alone."""
    people = User.objects.in_bulk([each.pk for each in points if each.pk])
    of = Q(watcher__in=list(people)) | (Q(watcher=None) if any(not p.pk for p in points) else Q())
    place = Window(RowNumber(), partition_by=[F("watcher")], order_by="-id")
    rows = _kept(actor).filter(of, review.ALONE).annotate(place=place).filter(place__lte=NAMED)
    first: dict[UUID | None, list[WatchAssignment]] = defaultdict(list)
    for watch in rows.select_related("resident").order_by("-id"):
        first[watch.watcher_id].append(watch)
    for each in points:
        each.watcher = people.get(each.pk) if each.pk else None
        each.first = first[each.pk]


def of_watcher(
    actor: Actor, watcher: UUID | None
) -> tuple[QuerySet[WatchAssignment], review.Rules]:
    """Return the watches of a watcher that the review holds up, and why each; None: of nobody."""
    rows = _kept(actor).filter(watcher=watcher).values_list("id", "backup")
    read: list[tuple[UUID, UUID | None]] = list(rows[: settings.WATCH_REVIEW_MOST_READ])
    overloaded = SinglePoint(watcher, len(read), 0).overloaded
    rules: review.Rules = {}
    for pk, backup in read:
        if backup is None or overloaded:
            rules[pk] = [ReviewRule.NO_BACKUP] if backup is None else []
            rules[pk] += [ReviewRule.OVERLOADED] if overloaded else []
    return review.watches(actor).filter(pk__in=list(rules)), rules


def _kept(actor: Actor) -> QuerySet[WatchAssignment]:
    return WatchAssignment.objects.filter(policy.watches_of(actor), status=WatchStatus.ACTIVE)
