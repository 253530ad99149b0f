"""`user.has_perm(perm, obj)`, answered by the room's own policy.

guardian's backend counts every group of a user and knows no end of a share; ours asks for the Actor
that the request has set on the user. No Actor means no.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from carenet.access.registry import guarded_model
from carenet.agencies.actors import Actor


class PolicyBackend(BaseBackend):
    """Object permissions only; it signs nobody in."""

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Model | None = None
    ) -> bool:
        """Whether the user's Actor may, as `policy.py` of the object's room decides."""
        actor: Actor | None = getattr(user_obj, "actor", None)
        guarded = guarded_model(type(obj)) if obj is not None else None
        if actor is None or guarded is None or not user_obj.is_active:
            return False
        return bool(guarded.decide(actor, perm.rpartition(".")[2], obj))

    def get_all_permissions(
        self,
        user_obj: AbstractBaseUser | AnonymousUser,
        obj: Model | None = None,
    ) -> set[Any]:
        return set()
