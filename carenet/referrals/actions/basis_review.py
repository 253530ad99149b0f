"""Open referrals that rest on no basis that holds: found, and closed to R with word to S."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from carenet.abuse.actions.constraints import has_open_report
from carenet.access.actions import GrantCause, end_cause
from carenet.access.rules import BASES, Giver, Ground, SharingBasis
from carenet.agencies.actors import system_actor
from carenet.audit.actions import log_write
from carenet.cases.models import Case
from carenet.core import clock
from carenet.referrals.actions.consents import FIELDS, asked, claim_of_referral
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN
from carenet.residents.actions.basis_review import judge, notify_giver
from carenet.residents.registry import Finding


class SentReferrals:
    """Sent and not over yet; those whose basis is known to be over are closed to R already."""

    kind = "referral"

    def ids(self) -> Iterable[UUID]:
        return _open().order_by("pk").values_list("pk", flat=True)

    def review(self, ids: Sequence[UUID], *, end: bool) -> Sequence[Finding]:
        found = _open().filter(pk__in=ids)
        # Whoever locks a case and a referral locks the case first.
        cases = Case.objects.filter(pk__in=found.values("case")).order_by("pk")
        list(cases.select_for_update(of=("self",)))
        related = (
            "case__lead_agency",
            "resident",
            "sender",
            "sender_person",
            "receiver",
            "consent",
        )
        rows = found.select_related(*related).order_by("pk").select_for_update(of=("self",))
        findings = []
        for referral in rows:
            reason = _why_not(referral)
            if reason:
                findings.append(Finding(referral.pk, reason))
            if reason and end:
                _end(referral, reason)
        return findings


def _open() -> QuerySet[Referral]:
    over = Q(basis_until__lte=clock.now()) | Q(consent__withdrawal__isnull=False)
    return Referral.objects.filter(status__in=sorted(OPEN), sent_at__isnull=False).exclude(over)


def _why_not(referral: Referral) -> str:
    rule = BASES[SharingBasis(referral.sharing_basis)]
    if rule.ground is Ground.REPORT and has_open_report(referral.case):
        return ""
    # The lead may have moved to R with it; what S then gave is judged by who leads now.
    giver = referral.case.lead_agency if rule.giver is Giver.LEAD else referral.sender
    reason, _until = judge(
        giver=giver, resident=referral.resident, agencies=asked(referral),
        claim=claim_of_referral(referral), given_at=referral.sent_at or referral.created_at,
        case_id=referral.case_id, fields=FIELDS,
    )  # fmt: skip
    return reason


def _end(referral: Referral, reason: str) -> None:
    """Its status stays: responsibility does not vanish with a permission, and S decides."""
    actor = system_actor(referral.sender)
    referral.basis_until = clock.now()
    referral.save_version("basis_until")
    end_cause(actor=actor, cause=GrantCause("referral", referral.pk))
    notify_giver(referral.pk, referral.code, referral.sender, referral.sender_person)
    log_write(actor.who, "referral.end_basis", "referral", referral.pk, reason=reason)
