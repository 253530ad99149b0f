"""Shares of cases that rest on no basis that holds: found, and ended with word to the lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from carenet.access.models import Grant, GrantQuerySet
from carenet.access.rules import BASES, Giver, SharingBasis
from carenet.cases.actions.share_expiry import forget_ending
from carenet.cases.actions.shares import BY_HAND
from carenet.cases.models import Case
from carenet.residents.actions.basis_review import NO_END, end_grant, judge_grant, notify_giver
from carenet.residents.registry import Finding


class SharedCases:
    """What the lead has shared by hand; what a referral or a report brought ends with these."""

    kind = "grant"

    def ids(self) -> Iterable[UUID]:
        return _shared().order_by("pk").values_list("pk", flat=True)

    def review(self, ids: Sequence[UUID], *, end: bool) -> Sequence[Finding]:
        found = _shared().filter(pk__in=ids)
        rows = Case.objects.filter(pk__in=found.values("subject_id")).order_by("pk")
        rows = rows.select_related("lead_agency", "resident", "person_in_charge")
        cases = {each.pk: each for each in rows.select_for_update(of=("self",))}
        findings = []
        grants = found.select_related("group__agency", "given_by_agency").order_by("pk")
        for grant in grants.select_for_update(of=("self",)):
            case = cases[grant.subject_id]
            leads = BASES[SharingBasis(grant.basis)].giver is Giver.LEAD
            giver = case.lead_agency if leads else grant.given_by_agency
            reason, until = judge_grant(grant, case.resident, giver, case_id=case.pk)
            if not reason:
                continue
            findings.append(Finding(grant.pk, reason))
            if end:
                forget_ending(grant)
                end_grant(grant, reason, until)
                if reason != NO_END:
                    notify_giver(grant.pk, case.code, case.lead_agency, case.person_in_charge)
        return findings


def _shared() -> GrantQuerySet:
    return Grant.objects.live().filter(subject_kind="case", cause_kind__in=sorted(BY_HAND))
