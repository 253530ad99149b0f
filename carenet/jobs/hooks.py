"""What of this room hangs on an agency that closes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Agency
from carenet.agencies.registry import ClosureKind, add_closure_kinds
from carenet.agencies.states import ClosureOutcome
from carenet.jobs.actions.lifecycle import cancel_for_closure
from carenet.jobs.models import Job
from carenet.jobs.states import ACTIVE


def register() -> None:
    """Called once, when the apps are ready."""
    add_closure_kinds(
        ClosureKind(
            name="jobs",
            label=_("imports and exports under way"),
            fate=ClosureOutcome.ENDS,
            found=_under_way,
            settle=cancel_for_closure,
            columns=("jobs.Job.agency",),
        )
    )


def _under_way(agency: Agency) -> QuerySet[Job]:
    return Job.objects.filter(agency=agency, state__in=sorted(ACTIVE), cancel_asked_at=None)
