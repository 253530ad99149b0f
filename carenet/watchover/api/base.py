"""What the views of this room share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from carenet.agencies.api.views import ActorViewSet
from carenet.audit.actions import log_out_of_reach
from carenet.errors import NotFound
from carenet.rest.etags import etag
from carenet.watchover import policy

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from carenet.watchover.models import WatchAssignment

OF_ASSIGNMENT = OpenApiParameter("assignment", UUID, description="Of this watch alone.")


class WatchView(ActorViewSet):
    """Reads bodies and answers with what the actor may see afterwards."""

    def read(self, shape: type[Any], request: Request, *, partial: bool = False) -> dict[str, Any]:
        """Return what a body says; raises `ValidationError`."""
        body = shape(data=request.data, partial=partial, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def answer(self, pk: UUID, code: int = status.HTTP_200_OK) -> Response:
        """Answer with an object from the visible set, and its version where it has one."""
        found = self.still_visible(pk)
        headers = {"ETag": etag(found)} if hasattr(found, "version") else {}
        return Response(self.get_serializer(found).data, status=code, headers=headers)

    def page_of(self, rows: QuerySet[Any]) -> Response:
        """Answer with a page of a list."""
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def of_assignment(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow a list down to the watch in `?assignment=`; raises `ValidationError`."""
        wanted = self.wanted_assignment()
        return rows if wanted is None else rows.filter(assignment=wanted)

    def wanted_assignment(self) -> UUID | None:
        """Return `?assignment=`, None without it; raises `ValidationError`."""
        given = self.request.query_params.get("assignment")
        try:
            wanted = UUID(given) if given is not None else None
        except ValueError:
            raise ValidationError({"assignment": [_("Give the id of a watch.")]}) from None
        if wanted and not policy.visible_to(self.actor).filter(pk=wanted).exists():
            log_out_of_reach("watchassignment", wanted)
        return wanted


class OfAssignment(WatchView):
    """What hangs on a watch, reached through it."""

    @property
    def assignment(self) -> WatchAssignment:
        """The watch in the address; raises `NotFound` out of reach."""
        found = policy.visible_to(self.actor).select_related("responsible_agency")
        assignment = found.filter(pk=self.kwargs["assignment_id"]).first()
        if assignment is None:
            raise NotFound
        return assignment

    def named(self) -> Any:
        return self.get_object() if self.lookup_url_kwarg in self.kwargs else self.assignment
