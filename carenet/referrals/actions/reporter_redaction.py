"""Taking whoever reported abuse out of what referrals of the case say, drafts and sent ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db.models import Q

from carenet.abuse.actions.reporter import forget_claimed_person, strike_out
from carenet.abuse.actions.reporter_copies import forget_in_reminders
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.cases.models import Case
from carenet.referrals.models import Attachment, Referral, ReferralEvent

_WORDS = (
    "need_text", "reason", "summary", "requested_service", "wishes_of_person", "wishes_of_family",
    "how_to_contact", "basis_words", "decline_text", "report", "fail_reason", "need_met_text",
)  # fmt: skip


class ReporterTextInReferrals:
    """Referrals and the steps that were taken with them."""

    def callers(self, calls: Sequence[UUID]) -> Sequence[dict[str, str]]:
        return []

    def forget(
        self, *, actor: Actor, case: Case, calls: Sequence[UUID], strike: Callable[[str], str]
    ) -> None:
        of_person = Q(case=case) | Q(resident=case.resident_id)
        for row in strike_out(Referral.objects.filter(of_person), strike, *_WORDS):
            log_write(actor.who, "referral.forget_reporter", "referral", row.pk)
        of_referral = Q(referral__case=case) | Q(referral__resident=case.resident_id)
        events = ReferralEvent.objects.filter(of_referral)
        guard = "referrals.ReferralEvent:events_are_append_only"
        strike_out(events, strike, "reason", "data", guard=guard)
        forget_claimed_person(events, strike, guard=guard)
        files = Attachment.objects.filter(of_referral)
        guard = "referrals.Attachment:attachments_do_not_change"
        strike_out(files, strike, "name", guard=guard)
        forget_claimed_person(files, strike, guard=guard)
        about = Referral.objects.filter(of_person).values_list("pk", flat=True)
        forget_in_reminders(about, strike)
