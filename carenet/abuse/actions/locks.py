"""Locks on abuse reports: the case first, then the report."""

from __future__ import annotations

from uuid import UUID

from carenet.abuse.models import AbuseReport
from carenet.abuse.policy import reports_visible_to
from carenet.agencies.actors import Actor
from carenet.cases.actions.locks import lock_case_unchecked
from carenet.core.models import check_version, get_visible


def lock_report(actor: Actor, report_id: UUID, version: int | None = None) -> AbuseReport:
    """Lock a visible report and its case until the transaction ends.

    Raises `NotFound` out of reach, `PreconditionFailed` when `version` is stale.
    """
    found = reports_visible_to(actor).filter(pk=report_id)
    case_id = get_visible(found.values_list("case_id", flat=True))
    case = lock_case_unchecked(case_id)
    # Asked again under the lock: whoever held it before may have ended the actor's naming.
    visible = reports_visible_to(actor).select_for_update(of=("self",))
    report = get_visible(visible.select_related("taken_by", "ward_office"), pk=report_id)
    report.case = case
    check_version(report, version)
    return report
