"""Watches that rest on no basis that holds: found, and ended with word to who answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from carenet.abuse.models import AbuseReport
from carenet.abuse.states import ABUSE_OPEN
from carenet.access.rules import BASES, Giver, Ground, SharingBasis
from carenet.agencies.actors import system_actor
from carenet.agencies.models import Agency
from carenet.core import clock
from carenet.residents.actions.basis_review import judge
from carenet.residents.registry import Finding
from carenet.watchover.actions.bases import FIELDS, claim_of_watch, receivers
from carenet.watchover.actions.case_end import notify_of_end
from carenet.watchover.actions.locks import locked
from carenet.watchover.actions.transitions import apply
from carenet.watchover.models import WatchAssignment, WatchEvent
from carenet.watchover.states import OPEN, WatchEndReason, WatchStatus, WatchVerb


class OpenWatches:
    """Not over yet; a proposal by consent opens nothing, for the person was not asked yet."""

    kind = "watchassignment"

    def ids(self) -> Iterable[UUID]:
        return _open().order_by("pk").values_list("pk", flat=True)

    def review(self, ids: Sequence[UUID], *, end: bool) -> Sequence[Finding]:
        events = WatchEvent.objects.filter(assignment__in=ids, verb=WatchVerb.PROPOSE)
        proposers = {
            each.assignment_id: each.by_agency for each in events.select_related("by_agency")
        }
        findings = []
        for watch in locked(_open().filter(pk__in=ids)):
            reason = _why_not(watch, proposers)
            if reason:
                findings.append(Finding(watch.pk, reason))
            if reason and end:
                by = system_actor(watch.responsible_agency)
                apply(watch, WatchVerb.END, by, reason=WatchEndReason.BASIS_ENDED)
                notify_of_end(watch)
        return findings


def _open() -> QuerySet[WatchAssignment]:
    unasked = Q(status=WatchStatus.PROPOSED, sharing_basis=SharingBasis.CONSENT)
    return WatchAssignment.objects.filter(status__in=sorted(OPEN)).exclude(unasked)


def _why_not(watch: WatchAssignment, proposers: Mapping[UUID, Agency]) -> str:
    rule = BASES[SharingBasis(watch.sharing_basis)]
    reports = AbuseReport.objects.filter(
        case__resident=watch.resident_id, status__in=sorted(ABUSE_OPEN)
    )
    if rule.ground is Ground.REPORT and reports.exists():
        return ""
    proposer = proposers.get(watch.pk, watch.responsible_agency)
    giver = proposer if rule.giver is Giver.ORGAN else watch.responsible_agency
    reason, _until = judge(
        giver=giver, resident=watch.resident, agencies=receivers(watch),
        claim=claim_of_watch(watch),
        # One with an end was judged as it was given: by that it ends.
        given_at=clock.now() if watch.basis_until else watch.created_at,
        fields=FIELDS,
    )  # fmt: skip
    return reason
