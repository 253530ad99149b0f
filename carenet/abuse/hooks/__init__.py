"""What this room hangs into lower rooms: what an open report forbids, what is due in one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from carenet.abuse import policy
from carenet.abuse.actions.constraints import (
    demand_that_the_ward_stays,
    end_refusal,
    has_open_report,
    opening_refusal,
    refuse_to_end,
    refuse_to_open,
    with_open_report,
)
from carenet.abuse.hooks.agency_closure import CLOSURE_KINDS, COLUMNS_THAT_STAY
from carenet.abuse.hooks.reminders import (
    MATTERS,
    AbuseDeadlineDue,
    AbuseDecisionWaits,
    AbuseStandsStill,
)
from carenet.access.registry import add_object_of_basis
from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.registry import (
    add_closure_kinds,
    keep_with_office,
    stays_with_agency,
    tell_left_behind,
)
from carenet.cases.registry import (
    CaseGuard,
    ConsultationGuard,
    case_ended,
    case_guards,
    consultation_guards,
    naming_ends,
    outlives_record,
    restriction_changed,
)
from carenet.reminders import registry as reminders
from carenet.residents.registry import conditions_of_concealment

KINDS = (AbuseDeadlineDue(), AbuseStandsStill(), AbuseDecisionWaits())


def register() -> None:
    """Called once, when the apps are ready."""
    add_object_of_basis(SharingBasis.ABUSE_REPORT, policy.report_of)
    add_object_of_basis(SharingBasis.CHILD_WELFARE, policy.child_report_of)
    conditions_of_concealment.append(policy.has_report)
    consultation_guards.append(
        ConsultationGuard(policy.unreported, policy.reported_and_named, policy.can_read_reported)
    )
    case_guards.append(CaseGuard(end_refusal, opening_refusal))
    case_ended.register(refuse_to_end)
    restriction_changed.register(refuse_to_open)
    naming_ends.register(demand_that_the_ward_stays)
    outlives_record.append(has_open_report)
    for kind in KINDS:
        reminders.register(kind)
    reminders.open_matters.extend(MATTERS)
    add_closure_kinds(*CLOSURE_KINDS)
    stays_with_agency(*COLUMNS_THAT_STAY)
    keep_with_office("cases", with_open_report)
    for kind_of_cases in ("cases", "ended_cases"):
        tell_left_behind(kind_of_cases, _tell_closed_reports)
    keep_with_office("referrals_received", partial(with_open_report, "case"))


def _tell_closed_reports(actor: Actor, ids: list[Any]) -> Mapping[Any, str]:
    """Return by case that its report stays with the office: to whoever reads that report."""
    found = policy.reports_visible_to(actor).filter(case__in=ids).values_list("case", flat=True)
    return dict.fromkeys(found, _("the abuse report, which is closed, and who reads it"))
