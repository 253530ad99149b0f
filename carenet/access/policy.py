"""The clause that every guarded room's `visible_to` builds on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from carenet import clock
from carenet.access.registry import shares_of

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor


def shared_with(actor: Actor, kind: str, *codenames: str, ref: str = "pk") -> Q:
    """Return the condition "one of these permissions is shared with the actor's agency now".

    `ref` names the column of the outer query that holds the guarded object's id. Only those who do
    casework receive shares: watchers and auditors match nothing.
    """
    if not actor.does_casework:
        return Q(pk__in=[])
    shares = shares_of(kind).objects.filter(
        content_object=OuterRef(ref),
        group=actor.group_id,
        permission__codename__in=codenames,
    )
    return Q(Exists(shares.filter(Q(until=None) | Q(until__gt=clock.now()))))
