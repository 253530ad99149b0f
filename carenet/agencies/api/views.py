"""The base of every view: an Actor first, then the ability, then the object from its visible set.

A view names the ability of each of its actions; an action without one is closed to everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from carenet.agencies.actions.acting_agency import attach_actor
from carenet.agencies.actors import Actor
from carenet.agencies.selectors.principals import (
    principal,
    principal_key,
    resolve_actor,
)
from carenet.audit.actions import current_context, log_denial, log_read
from carenet.core.models import get_visible
from carenet.rest.etags import etag
from carenet.rest.idempotency import IdempotencyGuard
from carenet.rest.ids import ids_named
from carenet.rest.pagination import CursorPage, refuse_unknown_query
from carenet.rest.problems import DENIALS
from carenet.rest.stored_response import ShownObjects, shown_in
from carenet.rest.views import AtomicIdempotentMixin

#: What the trail calls objects that it does not call by the name of their model.
NAMES = {"abusereport": "abuse_report", "progressnote": "note", "auditentry": "audit_entry"}


class ActorViewSet(AtomicIdempotentMixin, GenericViewSet[Any]):
    """Base of the API's view sets.

    Subclasses set `abilities` (action → name in the role table), `queryset_for(actor)`, and
    serializers; `filter_names` are the query parameters that their list takes,
    `query_names` those of their other actions; `verb_abilities` (verb → ability) and `id_argument`
    (what actions call the object's id) serve each `ApiVerb`, which notes in `needs_version` where a
    version must be sent; `asking` are the actions that only ask,
    though by POST: under a kept key they ask anew.
    """

    abilities: ClassVar[dict[str, str]] = {}
    verb_abilities: ClassVar[Mapping[str, str]] = {}
    filter_names: ClassVar[frozenset[str]] = frozenset()
    query_names: ClassVar[frozenset[str]] = frozenset()
    asking: ClassVar[frozenset[str]] = frozenset()
    needs_version: ClassVar[tuple[str, ...]] = ()
    pagination_class = CursorPage
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    id_argument = "id"
    lookup_value_converter = "uuid"

    @property
    def actor(self) -> Actor:
        """Who acts in this request."""
        actor: Actor = self.request.actor  # type: ignore[attr-defined]
        return actor

    def queryset_for(self, actor: Actor) -> QuerySet[Any]:
        """Return what the actor may see: always from the room's `visible_to`."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        return self.queryset_for(self.actor)

    def get_object(self) -> Any:
        """Return the object that the address names, from the visible set or not at all."""
        return self.still_visible(self.kwargs[self.lookup_url_kwarg])

    def read_body(
        self, shape: type[Any], instance: Any = None, *, partial: bool = False
    ) -> dict[str, Any]:
        """Return what the body says, of an object that there is or of a new one.

        Raises `ValidationError`.
        """
        context = self.get_serializer_context()
        body = shape(instance, data=self.request.data, partial=partial, context=context)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def respond(self, found: Any, code: int = status.HTTP_200_OK) -> Response:
        """Answer with an object, and its version where it has one."""
        headers = {"ETag": etag(found)} if hasattr(found, "version") else {}
        return Response(self.get_serializer(found).data, status=code, headers=headers)

    def respond_visible(self, pk: UUID, code: int = status.HTTP_200_OK) -> Response:
        """Answer with an object from the visible set; raises `NotFound` when it is not in there."""
        return self.respond(self.still_visible(pk), code)

    def page_of(self, rows: QuerySet[Any]) -> Response:
        """Answer with a page of a list."""
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Authentication runs when `user` is first read; permissions and throttles need the Actor.
        if request.user is not None:
            current_context().who = principal(request)
            actor = resolve_actor(request)
            request.actor = actor  # type: ignore[attr-defined]
            request.user.actor = actor  # type: ignore[union-attr]
            attach_actor(request, actor)
        super().initial(request, *args, **kwargs)
        if self.action in {None, "metadata"}:
            return  # The address does not take the method: 405, whatever the query.
        known = (
            {"limit", "cursor", *self.filter_names} if self.action == "list" else self.query_names
        )
        refuse_unknown_query(request, set(known))

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        self._note_denial(response)
        return response

    def _note_denial(self, response: Response) -> None:
        if response.status_code in DENIALS:
            log_denial(
                response.data["code"],
                *ids_named(self.request),
                kind=self.object_kind,
                status=response.status_code,
                path=self.request.path,
            )

    @property
    def object_kind(self) -> str:
        """What the trail calls the objects of these addresses."""
        shape: Any = getattr(self.serializer_class, "Meta", None)
        rows: Any = getattr(self, "queryset", None)
        model: Any = getattr(shape, "model", None) if rows is None else rows.model
        name = str(model._meta.model_name) if model else ""
        return NAMES.get(name, name)

    def principal_key(self, request: Request) -> str:
        return principal_key(request)

    def named(self) -> Any:
        """Return what the address names, or all of what it names the parent of."""
        if self.lookup_url_kwarg in self.kwargs:
            return self.get_object()
        return self.get_queryset() if self.kwargs else None

    def shown(self, answer: Response) -> ShownObjects | None:
        """Return what can be shown again as it was: by the view's own serializer.

        Of an answer of `asking` it is only asked whether all of it may still be seen.
        """
        found = shown_in(answer.data)
        own = found and found.serializer is self.get_serializer_class()
        return found if own or self.action in self.asking else None

    def replay(self, ticket: IdempotencyGuard) -> Response | None:
        """Answer with what was shown as it is now; raises `NotFound` when it is out of reach.

        Where it cannot be rendered anew, the status says that it was done.
        """
        kept: dict[str, Any] = ticket.row.shown or {}
        rows = self._all_still_visible(kept["kind"], kept["ids"]) if kept else []
        if self.action in self.asking:
            return None
        if not rows:
            return ticket.answer()
        shown = [self.get_serializer(row).data for row in rows]
        answer = ticket.answer({kept["member"]: shown} if kept["member"] else shown[0])
        if "ETag" in answer.headers and hasattr(rows[0], "version"):
            answer["ETag"] = etag(rows[0])
        return answer

    def replay_refusal(self, ticket: IdempotencyGuard) -> Response | None:
        answer = super().replay_refusal(ticket)
        if answer is not None:
            self._note_denial(answer)
        return answer

    def replay_queryset(self) -> QuerySet[Any]:
        """Return among what an answer is shown again: its own effect may have ended it."""
        return self.get_queryset()

    def _all_still_visible(self, kind: str, ids: list[str]) -> list[Any]:
        """Return the objects in this order, noted as read; none of a kind that is not the view's."""
        visible = self.replay_queryset()
        if visible.model._meta.label_lower != kind:
            return []
        found = {str(row.pk): row for row in visible.filter(pk__in=ids)}
        rows = [found.get(pk) or self.still_visible(pk) for pk in ids]
        for row in rows:
            log_read(str(row._meta.model_name), row.pk)
            if getattr(row, "resident_id", None):
                log_read("resident", row.resident_id)
        return rows

    def still_visible(self, pk: UUID | str) -> Any:
        """Return an object from the visible set; raises `NotFound` when it is not in there."""
        return get_visible(self.get_queryset(), pk=pk)
