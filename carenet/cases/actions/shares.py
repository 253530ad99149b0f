"""Letting others in: grants to agencies, and persons named to a restricted case."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carenet.access.actions import GrantCause, give, revoke
from carenet.access.models import Grant
from carenet.access.policy import demand_object
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import CASEWORK_ROLES
from carenet.agencies.selectors import members_in_roles
from carenet.audit.actions import log_write
from carenet.cases import policy
from carenet.cases.actions.locks import index, lock_case
from carenet.cases.actions.next_action import take_tasks_back
from carenet.cases.actions.residents import CONSENT
from carenet.cases.actions.share_expiry import forget_ending, remind_of_ending
from carenet.cases.models import Case, CaseMember
from carenet.cases.registry import naming_ends
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import get_visible
from carenet.residents.actions import Carried, Claim, claim_of, demand_basis
from carenet.residents.actions.danger import notify_of_danger

#: The cause of a share that the lead gives by itself: the case. Of those given before there was a table
#: of bases, a meeting that nobody has kept.
CASE, MEETING = "case", "meeting"
#: Shares that the lead ends and prolongs; all others end with what they belong to.
BY_HAND = frozenset({CASE, MEETING, CONSENT})


@transaction.atomic
def share_case(
    *,
    actor: Actor,
    case_id: UUID,
    agency: Agency,
    codename: str,
    basis: str,
    reason: str,
    **said: Any,
) -> Grant:
    """Let another agency in on a lawful basis, until `until`, the basis ends, or it is revoked.

    `reason` says what the basis rests on where that is words; `said` may hold `until`, `consent` and
    `consent_said`. A share on CONSENT ends with it: with
    the one named, the one on record, or the one said now. Raises what `demand_basis` does.
    """
    case = lock_case(actor, case_id)
    demand(policy.can_change(actor, case, "cases.share"))
    demand_object(basis)
    if agency.pk == case.lead_agency_id:
        raise Invalid({"agency": _("This agency leads the case already.")})
    claim = claim_of(basis, reason, **said)
    return _give(actor, case, agency, codename, claim)


@transaction.atomic
def prolong_share(
    *,
    actor: Actor,
    case_id: UUID,
    grant_id: UUID,
    reason: str,
    until: datetime | None = None,
    consent_said: dict[str, Any] | None = None,
) -> Grant:
    """Give a share anew before or after its end, with a reason, on the same basis; return the new line.

    The former line ends. Raises what `share_case` does, `Conflict` for a share that the lead does not
    give by itself.
    """
    case, grant = _lock_grant(actor, case_id, grant_id)
    if grant.revoked_at is None:
        forget_ending(grant)
        revoke(actor=actor, grant=grant)
    claim = claim_of(grant.basis, reason, until=until, consent_said=consent_said)
    return _give(actor, case, grant.group.agency, grant.permission.codename, claim)


def _give(actor: Actor, case: Case, agency: Agency, codename: str, claim: Claim) -> Grant:
    carried = demand_basis(
        actor=actor, resident=case.resident, agencies=[agency], claim=claim, case_id=case.pk
    )
    grant = give(
        actor=actor,
        agency=agency,
        subject=case,
        codename=codename,
        cause=_cause(case, carried),
        basis=claim.basis,
        reason=claim.words,
        until=carried.until,
    )
    remind_of_ending(case, grant)
    notify_of_danger(
        actor=actor,
        basis=claim.basis,
        kind="grant",
        subject_id=grant.pk,
        code=case.code,
        agencies=[agency],
        until=carried.until,
    )
    return grant


def _cause(case: Case, carried: Carried) -> GrantCause:
    """Return what takes the share with it: the consent, the report, else the case itself."""
    if carried.consent:
        return GrantCause(CONSENT, carried.consent.pk)
    if carried.rests_on:
        return GrantCause(carried.rests_on.kind, carried.rests_on.id)
    return GrantCause(CASE, case.pk)


def _lock_grant(actor: Actor, case_id: UUID, grant_id: UUID) -> tuple[Case, Grant]:
    """Lock a case that the actor leads, and return a share of it that is theirs to end."""
    case = lock_case(actor, case_id)
    demand(policy.can_change(actor, case, "cases.share"))
    grant = get_visible(Grant.objects.all(), pk=grant_id, subject_kind="case", subject_id=case.pk)
    if grant.cause_kind not in BY_HAND:
        raise Conflict(_("This share belongs to a referral or an abuse report and ends with it."))
    return case, grant


@transaction.atomic
def revoke_share(*, actor: Actor, case_id: UUID, grant_id: UUID) -> Grant:
    """End a share that was agreed on; those of a referral end with the referral."""
    case, grant = _lock_grant(actor, case_id, grant_id)
    if grant.revoked_at:
        raise Conflict(_("This share has ended already."))
    forget_ending(grant)
    ended = revoke(actor=actor, grant=grant)
    take_tasks_back(actor.who, case)
    return ended


@transaction.atomic
def name_member(
    *, actor: Actor, case_id: UUID, user: User, until: datetime | None = None
) -> CaseMember:
    """Name a person to a restricted case; it takes effect for agencies that have a part in it."""
    case = lock_case(actor, case_id)
    demand(policy.can_change(actor, case, "cases.restrict"))
    if policy.live_members(case).filter(user=user).exists():
        raise Conflict(_("This person is named already."))
    if until and until <= clock.now():
        raise Invalid({"until": _("Give a time in the future.")})
    member = CaseMember.objects.create(case=case, user=user, given_by=actor.user, until=until)
    index(case)
    log_write(actor.who, "case.name_member", "case", case.pk, person=str(user.pk))
    return member


@transaction.atomic
def end_member(*, actor: Actor, case_id: UUID, member_id: UUID) -> CaseMember:
    """End a naming now.

    Raises `Conflict` when nobody of the lead would be left who is named to a restricted case without
    an end: members of other agencies go with their part, and the case would be in nobody's sight.
    """
    case = lock_case(actor, case_id)
    demand(policy.can_change(actor, case, "cases.restrict"))
    living = policy.live_members(case)
    member = get_visible(living, pk=member_id)
    if case.restricted and not _somebody_stays(case, living.exclude(pk=member.pk)):
        raise Conflict(
            _(
                "First name somebody of your agency without an end: a restricted case needs a member."
            )
        )
    naming_ends(case=case, remaining=living.exclude(pk=member.pk))
    member.until = clock.now()
    member.save(update_fields=["until"])
    take_tasks_back(actor.who, case)
    log_write(actor.who, "case.end_member", "case", case.pk, person=str(member.user_id))
    return member


def _somebody_stays(case: Case, members: QuerySet[CaseMember]) -> bool:
    leading = members_in_roles(case.lead_agency, CASEWORK_ROLES)
    return members.filter(until=None, user__in=leading).exists()
