"""Abuse reports of an agency that closes go to its successor."""

from __future__ import annotations

from carenet.abuse.actions.intake import ABUSE_CAUSE, deciders_of
from carenet.abuse.models import AbuseReport
from carenet.access.actions import GrantCause, pass_cause
from carenet.agencies.registry import ClosureBatch
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import name_members
from carenet.cases.actions.member_left import successor_of


def pass_abuse_reports(batch: ClosureBatch) -> None:
    """Let the successor stand for whoever took these reports; the ward office stays as it is."""
    held = AbuseReport.objects.select_for_update(of=("self",)).filter(pk__in=batch.ids)
    for report in held.select_related("case").order_by("pk"):
        report.taken_by = batch.successor
        report.save_version("taken_by")
        name_members(report.case, None, successor_of(batch.successor, None))
    log_write(batch.by.who, "abuse.pass_on", "abuse_report", *batch.ids, to=str(batch.successor.pk))


def pass_abuse_findings(batch: ClosureBatch) -> None:
    """Let the rest of the ward office decide on the reports of a section that closes.

    Those who decide there are named to the case, which the report goes on sharing with them.
    """
    held = AbuseReport.objects.select_for_update(of=("self",)).filter(pk__in=batch.ids)
    for report in held.select_related("case").order_by("pk"):
        report.ward_office = batch.successor
        report.save_version("ward_office")
        name_members(report.case, None, *deciders_of(batch.successor))
        pass_cause(
            actor=batch.by,
            cause=GrantCause(ABUSE_CAUSE, report.pk),
            source=batch.agency,
            target=batch.successor,
        )
    log_write(
        batch.by.who,
        "abuse.pass_finding_on",
        "abuse_report",
        *batch.ids,
        to=str(batch.successor.pk),
    )
