"""What this room hangs into lower rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carenet.access.registry import Guarded, guard
from carenet.agencies.registry import on_member_leaving
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, calendar_of, members_in_roles
from carenet.audit.actions import saw
from carenet.cases.registry import (
    Line,
    add_handover_section,
    on_case_ending,
    on_handover,
    on_restriction,
)
from carenet.referrals import policy
from carenet.referrals.actions.ending import settle_case
from carenet.referrals.actions.leaving import hand_over_referrals, leave_referrals
from carenet.referrals.actions.restricting import adapt_to_restriction
from carenet.referrals.actions.stepping import UNANSWERED_REMINDER, index
from carenet.referrals.models import Need, Referral
from carenet.referrals.selectors import referrals
from carenet.referrals.states import OPEN, UNANSWERED, ReferralStatus
from carenet.reminders import registry as reminders
from carenet.reminders.registry import Recipient
from carenet.residents.registry import WayToResident, add_way_to_see_a_resident

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency, User
    from carenet.cases.models import Case
    from carenet.reminders.registry import Occurrence


def register() -> None:
    """Called once, when the apps are ready."""
    guard(Guarded("referral", Referral, None, policy.decide, _reindex))
    add_way_to_see_a_resident(WayToResident(policy.sees_resident))
    on_case_ending(settle_case)
    on_restriction(adapt_to_restriction)
    on_member_leaving(leave_referrals)
    on_handover(hand_over_referrals)
    add_handover_section(OpenReferrals())
    reminders.register(Unanswered())


def _reindex(referral_id: UUID) -> None:
    index(Referral.objects.select_related("case").get(pk=referral_id))


class OpenReferrals:
    """The open referrals of a case in its handover pack, as far as the reader has a part in them."""

    name = "referrals"
    title = _("Open referrals")

    def lines(self, *, actor: Actor, case: Case) -> Sequence[Line]:
        waiting = [status.value for status in OPEN]
        found = referrals(actor).filter(case=case, status__in=waiting).order_by("pk")
        return [self._line(referral) for referral in found]

    def _line(self, referral: Referral) -> Line:
        saw("referral", referral.pk)
        due = timezone.localdate(referral.due_at) if referral.due_at else None
        need, status = Need(referral.need).label, ReferralStatus(referral.status).label
        between = f"{referral.sender.name} → {referral.receiver.name}"
        text = f"[{status}] {referral.code} {between}: {need}"
        return Line(text, on=due, kind="referral", id=referral.pk)


class Unanswered:
    """A referral waits for an answer: R's intake desk, R's manager, S, the coordinator.

    One working day of the receiver lies between two steps. Nobody's silence declines anything:
    after the last step it stays with the coordinator until somebody answers.
    """

    name = UNANSWERED_REMINDER
    subject_kind = "referral"
    LAST_STEP = 3

    def still_holds(self, occurrence: Occurrence) -> bool:
        waiting = [status.value for status in UNANSWERED]
        return Referral.objects.filter(pk=occurrence.subject_id, status__in=waiting).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        referral = self._referral(occurrence)
        match occurrence.step:
            case 0:
                return _members(referral.receiver, Role.STAFF)
            case 1:
                return _members(referral.receiver, Role.MANAGER)
            case 2:
                person = referral.sender_person
                if person and actor_of(person, referral.sender):
                    return [Recipient(person, referral.sender)]
                return _members(referral.sender, Role.STAFF)
            case _:
                office = referral.coordinator
                return _members(office, Role.COORDINATOR) if office else []

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("Referral %(code)s waits for an answer.") % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step >= self.LAST_STEP:
            return None
        return calendar_of(occurrence.agency).chase_after(now, 1)

    def _referral(self, occurrence: Occurrence) -> Referral:
        related = ("sender", "receiver", "coordinator", "sender_person")
        return Referral.objects.select_related(*related).get(pk=occurrence.subject_id)


def _members(agency: Agency, role: Role) -> Sequence[Recipient]:
    users: Iterable[User] = members_in_roles(agency, {role})
    return [Recipient(user, agency) for user in users]
