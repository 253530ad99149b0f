"""What of areas hangs on an agency that closes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency
from carenet.agencies.registry import ClosureKind, add_closure_kinds
from carenet.agencies.states import ClosureOutcome
from carenet.areas.actions.agency_closure import pass_areas
from carenet.areas.models import AgencyArea
from carenet.core import clock
from carenet.core.models import not_ended


def register() -> None:
    """Called once, when the apps are ready."""
    add_closure_kinds(
        ClosureKind(
            name="areas",
            label=_("areas in which it works"),
            fate=ClosureOutcome.PASSES,
            found=_areas,
            settle=pass_areas,
            columns=("agencies.AgencyArea.agency",),
        )
    )


def _areas(agency: Agency) -> QuerySet[AgencyArea]:
    return AgencyArea.objects.filter(not_ended(clock.today()), agency=agency)
