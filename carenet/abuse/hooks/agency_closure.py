"""What of abuse reports hangs on an agency that closes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.abuse.actions.agency_closure import pass_abuse_findings, pass_abuse_reports
from carenet.abuse.models import AbuseReport
from carenet.abuse.states import ABUSE_OPEN
from carenet.agencies.models import Agency
from carenet.agencies.registry import ClosureKind
from carenet.agencies.states import ClosureOutcome


def _abuse_reports(agency: Agency) -> QuerySet[AbuseReport]:
    return AbuseReport.objects.filter(taken_by=agency, status__in=sorted(ABUSE_OPEN))


def _abuse_findings(agency: Agency) -> QuerySet[AbuseReport]:
    """Return the open reports on which it decides: a section's, for a ward office is not closed here."""
    return AbuseReport.objects.filter(ward_office=agency, status__in=sorted(ABUSE_OPEN))


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
    ClosureKind(
        name="abuse_findings",
        label=_("open abuse reports on which it decides"),
        fate=ClosureOutcome.FOLLOWS,
        follows="cases",
        found=_abuse_findings,
        settle=pass_abuse_findings,
        columns=("cases.AbuseReport.ward_office",),
    ),
)
#: Who wrote something is history.
COLUMNS_THAT_STAY = (
    "cases.AbuseEvent.by_agency",
    "cases.DeskCall.by_agency",
)
