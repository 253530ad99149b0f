"""Letting others in: grants to agencies, and persons named to a restricted case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from carenet import clock
from carenet.access.actions import Cause, give, revoke
from carenet.access.models import Grant
from carenet.access.policy import demand_object
from carenet.agencies.roles import CASEWORK_ROLES
from carenet.agencies.selectors import members_in_roles
from carenet.audit.actions import record
from carenet.cases import policy
from carenet.cases.actions.abuse_guarding import demand_that_the_ward_stays
from carenet.cases.actions.grant_endings import forget_ending, remind_of_ending
from carenet.cases.actions.holding import hold, index
from carenet.cases.actions.residents import CONSENT
from carenet.cases.models import CaseMember
from carenet.decisions import demand
from carenet.errors import Conflict, Invalid, NotFound
from carenet.residents.actions import rely_on

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency, User
    from carenet.cases.models import Case
    from carenet.residents.models import Consent

#: The cause of a share that people agreed on, rather than a referral.
MEETING = "meeting"


@transaction.atomic
def share_case(
    *,
    actor: Actor,
    case_id: UUID,
    agency: Agency,
    codename: str,
    basis: str,
    reason: str,
    until: datetime | None = None,
    consent: Consent | None = None,
) -> Grant:
    """Let another agency in on the ground of a meeting or agreement, until `until` or revoked.

    With a `consent` the share rests on it, and ends with it. Raises `Conflict` when that is over, or
    when the basis is CONSENT and the person refuses.
    """
    case = hold(actor, case_id)
    demand(policy.can_change(actor, case, "cases.share"))
    demand_object(basis)
    if agency.pk == case.lead_agency_id:
        raise Invalid({"agency": _("This agency leads the case already.")})
    if until and until <= clock.now():
        raise Invalid({"until": _("Give a time in the future.")})
    over = rely_on(resident=case.resident, agency=agency, basis=basis, consent=consent)
    grant = give(
        actor=actor,
        agency=agency,
        subject=case,
        codename=codename,
        cause=Cause(CONSENT, consent.pk) if consent else Cause(MEETING, uuid7()),
        basis=basis,
        reason=reason,
        until=min((end for end in (until, over) if end), default=None),
    )
    remind_of_ending(case, grant)
    return grant


@transaction.atomic
def revoke_share(*, actor: Actor, case_id: UUID, grant_id: UUID) -> Grant:
    """End a share that was agreed on; those of a referral end with the referral."""
    case = hold(actor, case_id)
    demand(policy.can_change(actor, case, "cases.share"))
    grant = Grant.objects.filter(pk=grant_id, subject_kind="case", subject_id=case.pk).first()
    if grant is None:
        raise NotFound
    if grant.cause_kind not in {MEETING, CONSENT}:
        raise Conflict(_("This share belongs to a referral or an abuse report and ends with it."))
    if grant.revoked_at:
        raise Conflict(_("This share has ended already."))
    forget_ending(grant)
    return revoke(actor=actor, grant=grant)


@transaction.atomic
def name_member(
    *, actor: Actor, case_id: UUID, user: User, until: datetime | None = None
) -> CaseMember:
    """Name a person to a restricted case; it takes effect for agencies that have a part in it."""
    case = hold(actor, case_id)
    demand(policy.can_change(actor, case, "cases.restrict"))
    if policy.live_members(case).filter(user=user).exists():
        raise Conflict(_("This person is named already."))
    if until and until <= clock.now():
        raise Invalid({"until": _("Give a time in the future.")})
    member = CaseMember.objects.create(case=case, user=user, given_by=actor.user, until=until)
    index(case)
    record(actor.who, "case.name_member", "case", case.pk, person=str(user.pk))
    return member


@transaction.atomic
def end_member(*, actor: Actor, case_id: UUID, member_id: UUID) -> CaseMember:
    """End a naming now.

    Raises `Conflict` when nobody of the lead would be left who is named to a restricted case without
    an end: members of other agencies go with their part, and the case would be in nobody's sight.
    """
    case = hold(actor, case_id)
    demand(policy.can_change(actor, case, "cases.restrict"))
    living = policy.live_members(case)
    member = living.filter(pk=member_id).first()
    if member is None:
        raise NotFound
    if case.restricted and not _somebody_stays(case, living.exclude(pk=member.pk)):
        raise Conflict(
            _(
                "First name somebody of your agency without an end: a restricted case needs a member."
            )
        )
    demand_that_the_ward_stays(case, living.exclude(pk=member.pk))
    member.until = clock.now()
    member.save(update_fields=["until"])
    record(actor.who, "case.end_member", "case", case.pk, person=str(member.user_id))
    return member


def _somebody_stays(case: Case, members: QuerySet[CaseMember]) -> bool:
    leading = members_in_roles(case.lead_agency, CASEWORK_ROLES)
    return members.filter(until=None, user__in=leading).exists()
