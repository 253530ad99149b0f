"""What the views of this room share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError

from carenet.agencies.api.views import ActorViewSet
from carenet.audit.actions import log_out_of_reach
from carenet.core.models import get_visible
from carenet.watchover import policy
from carenet.watchover.models import WatchAssignment

OF_ASSIGNMENT = OpenApiParameter("assignment", UUID, description="Of this watch alone.")


class WatchView(ActorViewSet):
    """Reads bodies and answers with what the actor may see afterwards."""

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
        return get_visible(found, pk=self.kwargs["assignment_id"])

    def named(self) -> Any:
        return self.get_object() if self.lookup_url_kwarg in self.kwargs else self.assignment
