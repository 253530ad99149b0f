"""`/me/`: who asks, and for which agency they act in this session.

It answers even while that is not settled: how else would one find out what there is to choose.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies import selectors
from carenet.agencies.actions.acting_agency import act_for
from carenet.agencies.actors import Actor
from carenet.agencies.api.serializers import AgencyChoice, MeSerializer, me
from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.models import User
from carenet.agencies.selectors.principals import (
    LONGEST_PURPOSE,
    header_text,
    resolve_actor,
)
from carenet.audit.actions import Who, current_context
from carenet.core.errors import AmbiguousAgency, Forbidden
from carenet.rest.pagination import refuse_unknown_query
from carenet.rest.schema import CarenetSchema


class SessionSchema(CarenetSchema):
    """A session has no version: nothing is overwritten that somebody else could have changed."""

    def get_override_parameters(self) -> list[Any]:
        headers = super().get_override_parameters()
        return [each for each in headers if getattr(each, "name", "") != "If-Match"]

    def _problems(self) -> list[int]:
        return sorted(set(super()._problems()) - {412, 428})


class MeViewSet(ActorViewSet):
    """Whoever has signed in, whatever their roles; the role table is not asked."""

    serializer_class = MeSerializer
    permission_classes = []
    schema = SessionSchema()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        actor = _settled(request)
        user = request.user if isinstance(request.user, User) else None
        request.actor = actor  # type: ignore[attr-defined]
        trail = current_context()
        trail.who = actor.who if actor else Who("user", str(user.pk) if user else "")
        trail.purpose = header_text(request, "Carenet-Purpose", longest=LONGEST_PURPOSE)
        super(ActorViewSet, self).initial(request, *args, **kwargs)
        if self.action not in {None, "metadata"}:
            refuse_unknown_query(request, {"limit", "cursor"} if self.action == "list" else set())

    def principal_key(self, request: Request) -> str:
        who = current_context().who
        return f"{who.kind}:{who.id}:{who.agency_id}"

    @extend_schema(responses=MeSerializer)
    def retrieve(self, request: Request) -> Response:
        """Read who you are, and which agencies you may act for."""
        return self._answer(request, request.actor)  # type: ignore[attr-defined]

    @extend_schema(request=AgencyChoice, responses=MeSerializer)
    def choose(self, request: Request) -> Response:
        """Choose the agency that you act for in this session."""
        if not isinstance(request.user, User):
            raise Forbidden(
                _("A client belongs to one agency; there is nothing to choose."),
                basis=_("A session of a person."),
                code="not_a_person",
            )
        given = self.read_body(AgencyChoice)
        actor = act_for(request, request.user, given["agency"])
        return self._answer(request, actor)

    def _answer(self, request: Request, actor: Actor | None) -> Response:
        user = request.user if isinstance(request.user, User) else None
        memberships = list(selectors.memberships_of(user)) if user else []
        return Response(self.get_serializer(me(user, actor, memberships)).data)


def _settled(request: Request) -> Actor | None:
    """Return the Actor, None when it is not settled for which agency the person acts."""
    try:
        return resolve_actor(request)
    except AmbiguousAgency:
        return None
    except Forbidden as error:
        if error.reason_code != "no_agency":
            raise
        return None
