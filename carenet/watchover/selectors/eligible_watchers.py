"""Who may be named to look in or to stand by: who has a place near enough to the watch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind, Membership, User
from carenet.agencies.roles import LOOKING_IN_ROLES
from carenet.watchover import policy
from carenet.watchover.models import WatchAssignment
from carenet.watchover.states import OPEN

#: As many as a list to choose from may hold.
MOST_CANDIDATES = 500
#: Agencies of the municipality whose people look in on those whom others answer for.
_NEIGHBOURS = (AgencyKind.COMMISSIONERS_COUNCIL, AgencyKind.WATCH_PARTNER)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody, the agency for which they would look in, and until when they work there, if it ends."""

    user: User
    agency: Agency
    until: datetime | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """One word for both."""
        return place_named(self.user.pk, self.agency.pk)


def place_named(user: UUID | None, agency: UUID | None) -> str:
    """Return the word for a person's place in an agency; nothing for nobody."""
    return f"{user}.{agency}" if user and agency else ""


def candidates(actor: Actor, assignment: WatchAssignment) -> list[Candidate]:
    """Return who may be chosen: people of the agencies concerned and of the councils around.

    Nobody for who may not assign. Whether somebody is the right one is the action's to say.
    """
    here = assignment.responsible_agency
    known = {here.pk, assignment.watcher_agency_id, assignment.backup_agency_id} - {None}
    return _looking_in(
        actor,
        Q(agency__in=known)
        | Q(agency__kind__in=_NEIGHBOURS, agency__municipality_code=here.municipality_code),
    )


def candidates_around(actor: Actor, agencies: Iterable[Agency]) -> list[Candidate]:
    """Return who may be sent or named by these agencies: their own people and the councils around."""
    here = list(agencies)
    return _looking_in(
        actor,
        Q(agency__in=[each.pk for each in here])
        | Q(
            agency__kind__in=_NEIGHBOURS,
            agency__municipality_code__in={each.municipality_code for each in here},
        ),
    )


def successors(actor: Actor, agencies: set[UUID]) -> list[Candidate]:
    """Return who may come after somebody who looks in for one of these agencies."""
    return _looking_in(actor, Q(agency__in=agencies))


def in_charge(actor: Actor) -> list[tuple[Candidate, int]]:
    """Return who looks in or stands by in watches that the actor keeps, and in how many, most first."""
    kept = WatchAssignment.objects.filter(policy.watches_of(actor), status__in=sorted(OPEN))
    numbers: Counter[tuple[UUID, UUID]] = Counter()
    for role in ("watcher", "backup"):
        rows = kept.filter(**{f"{role}__isnull": False}).order_by()
        counted = rows.values_list(role, f"{role}_agency").annotate(number=Count("id"))
        for user, agency, number in counted:
            numbers[user, agency] += number
    users = User.objects.in_bulk({user for user, _agency in numbers})
    agencies = Agency.objects.in_bulk({agency for _user, agency in numbers})
    found = [
        (Candidate(users[user], agencies[agency]), number)
        for (user, agency), number in numbers.most_common(MOST_CANDIDATES)
    ]
    return sorted(found, key=lambda each: (each[0].agency.name, each[0].user.name))


def _looking_in(actor: Actor, where: Q) -> list[Candidate]:
    if not actor.may("watch.assign"):
        return []
    members = Membership.objects.current().filter(
        where, agency__active=True, roles__overlap=sorted(LOOKING_IN_ROLES)
    )
    found = members.select_related("user", "agency").order_by("agency__name", "user__name", "pk")
    return [Candidate(each.user, each.agency, each.until) for each in found[:MOST_CANDIDATES]]
