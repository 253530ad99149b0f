"""The role table in front of every view: closed unless the view names an ability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission

from carenet.decisions import demand
from carenet.errors import Forbidden

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


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
        demand(request.actor.may(ability))  # type: ignore[attr-defined]
        return True
