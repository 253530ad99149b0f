"""What this room hangs into lower rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.abuse.registry import reporter_texts
from carenet.access.registry import Guarded, add_standings, guard
from carenet.agencies.actors import Actor
from carenet.agencies.registry import (
    HeldKind,
    add_closure_kinds,
    add_held_kinds,
    member_left,
    readers_gained,
    stays_with_agency,
)
from carenet.cases.registry import (
    case_ended,
    case_handed_over,
    handover_sections,
    restriction_changed,
)
from carenet.referrals import policy
from carenet.referrals.actions.basis_review import SentReferrals
from carenet.referrals.actions.confidentiality import adapt_to_restriction
from carenet.referrals.actions.consents import end_what_rested
from carenet.referrals.actions.loop_closure import settle_case
from carenet.referrals.actions.member_left import (
    hand_over_referrals,
    referrals_held,
    release_referrals,
)
from carenet.referrals.actions.newcomers import tell_newcomers
from carenet.referrals.actions.reporter_redaction import ReporterTextInReferrals
from carenet.referrals.actions.transitions import index
from carenet.referrals.escalation import ESCALATION_POLICIES
from carenet.referrals.hooks.agency_closure import CLOSURE_KINDS, COLUMNS_THAT_STAY
from carenet.referrals.hooks.consents import ConsentWithdrawn
from carenet.referrals.hooks.escalation import ReferralEscalation
from carenet.referrals.hooks.handover import OpenReferrals
from carenet.referrals.hooks.notifications import DeclineProposed, Settled
from carenet.referrals.models import AttachmentScan, Referral, ScanState
from carenet.referrals.states import OPEN, PROGRESS
from carenet.reminders import registry as reminders
from carenet.reminders.registry import OpenMatter, WaitingRows
from carenet.reminders.selectors import never_notified
from carenet.residents.registry import (
    PointsAtResident,
    Progress,
    ResidentVisibility,
    add_progress,
    consent_withdrawn,
    disclosures,
    pointers_at_residents,
    resident_visibilities,
)
from carenet.tasks.registry import add_source
from carenet.tasks.states import TaskSource


def register() -> None:
    """Called once, when the apps are ready."""
    guard(Guarded("referral", Referral, None, policy.decide, _reindex))
    add_standings(policy.standings)
    disclosures.append(SentReferrals())
    resident_visibilities.append(ResidentVisibility(policy.sees_resident, policy.reaches))
    add_progress(Progress("referral", frozenset(PROGRESS), policy.has_referral_in))
    pointers_at_residents.append(
        PointsAtResident(Referral, "resident", versioned=True, after="case__resident")
    )
    case_ended.register(settle_case)
    restriction_changed.register(adapt_to_restriction)
    reporter_texts.append(ReporterTextInReferrals())
    consent_withdrawn.register(end_what_rested)
    member_left.register(release_referrals)
    readers_gained.register(tell_newcomers)
    case_handed_over.register(hand_over_referrals)
    handover_sections.append(OpenReferrals())
    add_source(TaskSource.REFERRAL, _referrals_seen)
    reminders.register(Settled(), notice=True)
    reminders.register(DeclineProposed(), notice=True)
    for each in ESCALATION_POLICIES:
        reminders.register(ReferralEscalation(each))
    reminders.register(ConsentWithdrawn())
    reminders.open_matters.append(OpenMatter("referral", _silent))
    reminders.waiting_rows.append(WaitingRows("file_scan", _to_scan, "attachment__added_at"))
    add_closure_kinds(*CLOSURE_KINDS)
    add_held_kinds(
        HeldKind(
            name="referrals",
            label=_("referrals under way"),
            otherwise=_("those sent go with their case; the others wait at the desk of the agency"),
            found=referrals_held,
        )
    )
    stays_with_agency(*COLUMNS_THAT_STAY)


def _to_scan(now: datetime) -> QuerySet[AttachmentScan]:
    """Return the files in quarantine: one that the scanner does not answer for waits on."""
    return AttachmentScan.objects.filter(state=ScanState.PENDING, attachment__added_at__lte=now)


def _referrals_seen(actor: Actor, case: Any) -> QuerySet[Referral]:
    """Return the referrals of a case that the actor sees, from which tasks come."""
    return policy.visible_to(actor).filter(case=case)


def _silent(now: datetime) -> QuerySet[Referral]:
    """Return the open referrals of which nobody will be told."""
    return Referral.objects.filter(never_notified(now), status__in=sorted(OPEN))


def _reindex(referral_id: UUID) -> None:
    index(Referral.objects.select_related("case").get(pk=referral_id))
