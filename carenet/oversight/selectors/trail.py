"""The trail, searched: by person or object, day or span, who acted, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from carenet.abuse.models import AbuseReport
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.audit.models import AuditEntry
from carenet.cases.models import Case
from carenet.core.clock import midnight
from carenet.oversight import policy
from carenet.referrals.models import Referral
from carenet.residents import matching
from carenet.residents.models import Inquiry, Resident
from carenet.residents.selectors import born_then, records_of
from carenet.watchover.models import Concern, WatchAssignment

#: As many people of one name and birth as are looked at.
MOST_ALIKE = 10
#: As many of the staff of one name as a search by name takes in.
MOST_OF_STAFF = 20
#: What the trail calls what has a code, by the letter of the code, and where it is looked up.
CODED: dict[str, tuple[str, type[Any]]] = {
    "A": ("abuse_report", AbuseReport),
    "C": ("case", Case),
    "N": ("concern", Concern),
    "Q": ("inquiry", Inquiry),
    "R": ("referral", Referral),
    "W": ("watchassignment", WatchAssignment),
}
#: The place of a row in the list: its time and its id.
Key = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the trail is looked for; what is left out narrows nothing."""

    deed: str = ""
    actions: Sequence[str] = ()
    objects: Sequence[UUID] = ()
    actor_id: str = ""
    agency_id: UUID | None = None
    since: date | None = None
    until: date | None = None


def trail(actor: Actor, wanted: Wanted) -> QuerySet[AuditEntry]:
    """Return the visible entries that are wanted, the newest first."""
    found = policy.visible_to(actor)
    if wanted.objects:
        found = found.filter(object_ids__overlap=list(wanted.objects))
    if wanted.actions:
        found = found.filter(action__in=list(wanted.actions))
    exact = {"deed": wanted.deed, "actor_id": wanted.actor_id, "agency_id": wanted.agency_id}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.since:
        found = found.filter(time__gte=midnight(wanted.since))
    if wanted.until:
        found = found.filter(time__lt=midnight(wanted.until + timedelta(days=1)))
    return found.order_by("-time", "-id")


def trail_page(
    entries: QuerySet[AuditEntry], *, after: Key | None, backwards: bool, limit: int
) -> tuple[list[AuditEntry], list[Key]]:
    """Return up to `limit` entries behind a place of the list, or in front of it, and their places."""
    if after and backwards:
        newer = entries.filter(pk__gt=after).order_by("time", "id")
        rows = list(newer[:limit])[::-1]
    else:
        rows = list((entries.filter(pk__lt=after) if after else entries)[:limit])
    return rows, [(row.time, row.id) for row in rows]


def object_with_code(actor: Actor, letter: str, year: str, number: int) -> tuple[str, UUID] | None:
    """Return what has this code, of those that the trail tells the actor about: its kind and id."""
    kind, model = CODED[letter]
    row = model.objects.filter(number=number).first()
    if row is None or not row.code.startswith(f"{letter}-{year}-"):
        return None
    return (kind, row.pk) if policy.is_told_of(actor, [row.pk]) else None


def people_called(actor: Actor, name: str, birth: matching.Born) -> list[Resident]:
    """Return who has exactly this name (or its kana) and birth, and of whom the trail tells the actor.

    Nobody is found by a part of a name: both are said, as by somebody who proves who they are.
    """
    written, kana = matching.fold_name(name), matching.fold_kana(name)
    if not written:
        return []
    people = Resident.objects.filter(born_then(birth), merged_into=None)
    called = Q(search__name=written)
    if kana:
        called |= Q(search__kana=kana)
    return [
        each
        for each in people.filter(called).order_by("id")[:MOST_ALIKE]
        if policy.is_told_of(actor, records_of(each))
    ]


def staff_called(actor: Actor, name: str) -> list[User]:
    """Return the people with an account of this name, of those whom the trail tells the actor about."""
    typed = "".join(name.split())
    if not typed:
        return []
    found = User.objects.filter(username=typed) | User.objects.filter(name=name.strip())
    members = policy.members_in_trail(actor, found.order_by("name_kana", "id")[:MOST_OF_STAFF])
    return list(members)
