"""The policies of `carenet.referrals.escalation` as the engine of escalation asks about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import CASEWORK_ROLES, Role
from carenet.agencies.selectors import chasing_rule
from carenet.referrals import policy as rules
from carenet.referrals.actions.deadlines import Pace, pace_of
from carenet.referrals.escalation import ReferralPolicy, Tier, Who
from carenet.referrals.models import Referral
from carenet.referrals.selectors import pool_waited_for
from carenet.referrals.states import Side
from carenet.reminders.escalation import PolicyStep
from carenet.reminders.kinds.escalation import EscalationKind, Group
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

S, R, C = Side.S, Side.R, Side.C
_NUMBER = _("Telephone: %(phone)s.")
_RELATED = ("case__lead_agency", "case__person_in_charge", "sender", "sender_person", "receiver",
            "person_in_charge", "coordinator", "consent__withdrawal")  # fmt: skip


class ReferralEscalation(EscalationKind[Referral, Tier]):
    """A referral stands still: it is escalated by one policy until it moves.

    The reminder is written for the agency whose turn it is; whom a step reaches follows from the
    referral as it is then. Who may not see it is passed over; a chased agency that switched its own
    chase off is, too, and the next step follows at once.
    """

    subject_kind = "referral"

    def __init__(self, policy: ReferralPolicy) -> None:
        self.policy = policy
        self.name = policy.kind

    def read(self) -> Mapping[UUID, Referral]:
        return Referral.objects.select_related(*_RELATED).in_bulk(self.ids)

    def applicable(self) -> Collection[UUID]:
        return {pk for pk, each in self.subjects.items() if self.policy.applies(each.situation)}

    def policy_of(self, subject: Referral) -> ReferralPolicy:
        return replace(self.policy, days_between=self._pace(subject).days_between)

    def reached(self, subject: Referral, step: PolicyStep[Tier]) -> list[Recipient]:
        side = step.tier.side
        if side == R and subject.unclaimed:
            desks = self._pool_groups(subject, step.tier)
            return [each for desk in desks for each in self.first_of([desk], subject, step)]
        if side == self.policy.chased and self._pace(subject).switched_off:
            return []
        return super().reached(subject, step)

    def groups(self, subject: Referral, tier: Tier) -> Iterator[Group]:
        who, agency = tier.who, _agency(subject, tier.side)
        if who is Who.COORDINATORS:
            yield from self._in_roles(subject.coordinator, {Role.COORDINATOR})
            # Who is left when no coordinator may be told: of a restricted case the lead's named members.
            yield from self._in_roles(subject.case.lead_agency, CASEWORK_ROLES)
        if who in {Who.PERSON, Who.PERSON_ELSE_DESK, Who.ANYBODY} and agency:
            yield from ((agency, [person]) for person in _persons(subject, tier.side))
        if who in {Who.PERSON_ELSE_DESK, Who.DESK, Who.ANYBODY}:
            yield from self._in_roles(agency, {Role.STAFF})
        if who in {Who.MANAGERS, Who.ANYBODY}:
            yield from self._in_roles(agency, {Role.MANAGER})
        if who is Who.ANYBODY:
            yield from self._in_roles(subject.coordinator, {Role.COORDINATOR})

    def agency_of(self, subject: Referral, tier: Tier) -> Agency:
        chased = subject.receiver if self.policy.chased == R else None
        return _agency(subject, tier.side) or chased or subject.sender

    def can_view(self, actor: Actor, subject: Referral) -> bool:
        return bool(rules.can_view(actor, subject) or rules.can_view_in_pool(actor, subject))

    def may_snooze(self, actor: Actor, occurrence: Occurrence) -> bool:
        return rules.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        if not occurrence.subject_code:
            return _("A referral to an open pool waits for an agency to claim it.")
        chased = occurrence.agency
        said = {"code": occurrence.subject_code, "agency": chased.name}
        if self.policy.step(occurrence.step).tier.side == self.policy.chased:
            return self.policy.to_chased % said
        if not chased.phone:
            return self.policy.to_others % said
        return f"{self.policy.to_others % said} {_NUMBER % {'phone': chased.phone}}"

    def _in_roles(self, agency: Agency | None, roles: Iterable[Role]) -> Iterator[Group]:
        if agency:
            yield agency, self.roster.staff(agency).in_roles(roles)

    def _pool_groups(self, referral: Referral, tier: Tier) -> Iterator[Group]:
        """Say whom a step reaches in each agency that may claim it, and that lets itself be chased."""
        role = Role.MANAGER if tier.who is Who.MANAGERS else Role.STAFF
        for agency in Agency.objects.filter(pk__in=pool_waited_for(referral)).order_by("pk"):
            rule = chasing_rule(agency, referral.sender, self.policy.stage)
            if not (rule and rule.switched_off):
                yield from self._in_roles(agency, {role})

    def _pace(self, referral: Referral) -> Pace:
        pair = (referral.sender_id, referral.receiver_id)
        return self.once(pair, lambda: pace_of(self.policy, referral))


def _agency(referral: Referral, side: Side) -> Agency | None:
    return {S: referral.sender, R: referral.receiver, C: referral.coordinator}[side]


def _persons(referral: Referral, side: Side) -> Iterator[User]:
    """Who has it in hand: at R the person in charge, at S whoever has the case, then who sent it."""
    persons = [referral.person_in_charge if side == R else referral.sender_person]
    if side == S and referral.case.lead_agency_id == referral.sender_id:
        persons.insert(0, referral.case.person_in_charge)
    yield from (person for person in persons if person)
