"""The role table in front of every view: closed unless the view names an ability.

What a client writes somebody answers for: it names the person, but where a machine acts by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission

from carenet.agencies.roles import ABILITIES
from carenet.core.decisions import demand
from carenet.core.errors import ActingPersonMissing, Forbidden

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

    from carenet.agencies.actors import Actor


class AbilityRequired(BasePermission):
    """Asks whether the actor's role includes the ability before anything is looked up."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        action = getattr(view, "action", None)
        if action in {None, "metadata"}:
            return True  # no such method here: the handler answers 405
        abilities: dict[str, str] = getattr(view, "abilities", {})
        ability = abilities.get(str(action))
        if ability is None:
            raise Forbidden(_("Nobody may do this."))
        actor: Actor = request.actor  # type: ignore[attr-defined]
        demand(actor.may(ability))
        asks: frozenset[str] = getattr(view, "asking", frozenset())
        writes = request.method not in SAFE_METHODS and action not in asks
        if actor.client and writes and not ABILITIES[ability].by_itself:
            _demand_person(actor)
        return True


def _demand_person(actor: Actor) -> None:
    """Raise `ActingPersonMissing` unless the client names who answers for the write."""
    if not actor.claimed_person.strip():
        raise ActingPersonMissing
