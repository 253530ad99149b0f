"""What of abuse reports hangs on an agency that closes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.abuse.actions.agency_closure import pass_abuse_reports
from carenet.abuse.models import AbuseReport
from carenet.abuse.states import ABUSE_OPEN
from carenet.agencies.models import Agency
from carenet.agencies.registry import ClosureKind
from carenet.agencies.states import ClosureOutcome


def _abuse_reports(agency: Agency) -> QuerySet[AbuseReport]:
    return AbuseReport.objects.filter(taken_by=agency, status__in=sorted(ABUSE_OPEN))


CLOSURE_KINDS = (
    ClosureKind(
        name="abuse_reports",
        label=_("open abuse reports that it took"),
        fate=ClosureOutcome.FOLLOWS,
        follows="cases",
        found=_abuse_reports,
        settle=pass_abuse_reports,
        columns=("cases.AbuseReport.taken_by",),
    ),
)
#: Who wrote something is history; a ward office, which decides on abuse reports, is not closed here.
COLUMNS_THAT_STAY = (
    "cases.AbuseEvent.by_agency",
    "cases.AbuseReport.ward_office",
    "cases.DeskCall.by_agency",
)
