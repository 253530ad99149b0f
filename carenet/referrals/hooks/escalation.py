"""The ladders of `carenet.referrals.escalation` as the engine of reminders asks about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import CASEWORK_ROLES, Role
from carenet.agencies.selectors import calendar_of, chasing_rule, members_in_roles
from carenet.referrals import policy
from carenet.referrals.actions.deadlines import pace_of
from carenet.referrals.escalation import EscalationPolicy, EscalationStep, Who
from carenet.referrals.models import Referral
from carenet.referrals.selectors import pool_waited_for
from carenet.referrals.states import Side
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient
from carenet.reminders.selectors import first_reached

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Group = tuple[Agency, Iterable[User]]


S, R, C = Side.S, Side.R, Side.C
_NUMBER = _("Telephone: %(phone)s.")
_RELATED = ("case__lead_agency", "case__person_in_charge", "sender", "sender_person", "receiver",
            "person_in_charge", "coordinator")  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReferralEscalation:
    """A referral stands still: one escalation policy, climbed until it moves.

    The reminder is written for the agency whose turn it is; whom a step reaches follows from the
    referral as it is then. Who is away or may not see it is passed over; a chased agency that
    switched its own chase off is, too, and the next step follows at once.
    """

    escalation: EscalationPolicy
    subject_kind = "referral"

    @property
    def name(self) -> str:
        return self.escalation.kind

    def still_applies(self, occurrence: Occurrence) -> bool:
        return self.escalation.applies(_referral(occurrence).situation)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        referral, step = _referral(occurrence), self.escalation.steps[occurrence.step]

        def may_see(actor: Actor) -> bool:
            return self.may_see(actor, occurrence)

        if step.side == R and referral.unclaimed:
            desks = _pool_groups(self.escalation, referral, step)
            return [each for desk in desks for each in first_reached([desk], may_see)]
        if step.side == self.escalation.chased and pace_of(self.escalation, referral).switched_off:
            return []
        return first_reached(_groups(referral, step), may_see)

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return self._has_part(actor, occurrence) or (
            policy.pool_visible_to(actor).filter(pk=occurrence.subject_id).exists()
        )

    def may_snooze(self, actor: Actor, occurrence: Occurrence) -> bool:
        return self._has_part(actor, occurrence)

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        if not occurrence.subject_code:
            return _("A referral to an open pool waits for an agency to claim it.")
        chased = occurrence.agency
        said = {"code": occurrence.subject_code, "agency": chased.name}
        if self.escalation.steps[occurrence.step].side == self.escalation.chased:
            return self.escalation.to_chased % said
        if not chased.phone:
            return self.escalation.to_others % said
        return f"{self.escalation.to_others % said} {_NUMBER % {'phone': chased.phone}}"

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if self.escalation.is_last(occurrence.step):
            return None
        referral, step = _referral(occurrence), self.escalation.steps[occurrence.step]
        told = _agency(referral, step.side) or occurrence.agency
        return calendar_of(told).working_days_later(
            now, pace_of(self.escalation, referral).days_between
        )

    def _has_part(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()


def _referral(occurrence: Occurrence) -> Referral:
    return Referral.objects.select_related(*_RELATED).get(pk=occurrence.subject_id)


def _agency(referral: Referral, side: Side) -> Agency | None:
    return {S: referral.sender, R: referral.receiver, C: referral.coordinator}[side]


def _groups(referral: Referral, step: EscalationStep) -> Iterator[Group]:
    """Say whom a step may reach: the first group counts in which somebody can be told."""
    if step.who is Who.COORDINATORS:
        yield from _coordinators(referral)
        yield from _lead_members(referral)
        return
    agency = _agency(referral, step.side)
    if agency is None:
        return
    if step.who in {Who.PERSON, Who.PERSON_ELSE_DESK, Who.ANYBODY}:
        yield from ((agency, [person]) for person in _persons(referral, step.side))
    if step.who in {Who.PERSON_ELSE_DESK, Who.DESK, Who.ANYBODY}:
        yield agency, members_in_roles(agency, {Role.STAFF})
    if step.who in {Who.MANAGERS, Who.ANYBODY}:
        yield agency, members_in_roles(agency, {Role.MANAGER})
    if step.who is Who.ANYBODY:
        yield from _coordinators(referral)


def _pool_groups(
    escalation: EscalationPolicy, referral: Referral, step: EscalationStep
) -> Iterator[Group]:
    """Say whom a step reaches in each agency that may claim it, and that lets itself be chased."""
    role = Role.MANAGER if step.who is Who.MANAGERS else Role.STAFF
    for agency in Agency.objects.filter(pk__in=pool_waited_for(referral)).order_by("pk"):
        rule = chasing_rule(agency, referral.sender, escalation.stage)
        if not (rule and rule.switched_off):
            yield agency, members_in_roles(agency, {role})


def _persons(referral: Referral, side: Side) -> Iterator[User]:
    """Who has it in hand: at R the person in charge, at S whoever has the case, then who sent it."""
    case = referral.case
    if side == R:
        persons = [referral.person_in_charge]
    elif case.lead_agency_id == referral.sender_id:
        persons = [case.person_in_charge, referral.sender_person]
    else:
        persons = [referral.sender_person]
    yield from (person for person in persons if person)


def _coordinators(referral: Referral) -> Iterator[Group]:
    if referral.coordinator:
        yield referral.coordinator, members_in_roles(referral.coordinator, {Role.COORDINATOR})


def _lead_members(referral: Referral) -> Iterator[Group]:
    """Who is left when no coordinator may be told: of a restricted case the lead's named members."""
    lead = referral.case.lead_agency
    yield lead, members_in_roles(lead, CASEWORK_ROLES)
