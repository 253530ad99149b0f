"""Offering somebody a place in an agency, by mail too, and their answer: nobody is a member unasked.

Whether anybody bears a user name is not told: the row, the answer and the limit are the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from carenet.agencies import policy
from carenet.agencies.actions.locks import lock_agency, who_of
from carenet.agencies.actions.mail import send_mail
from carenet.agencies.actions.members import give_place, known_roles
from carenet.agencies.actors import Actor, DirectoryKeeper
from carenet.agencies.models import (
    Agency,
    Invitation,
    InvitationAnswer,
    InvitationState,
    Membership,
    User,
)
from carenet.agencies.models.invitation import LONGEST_USERNAME
from carenet.agencies.roles import Role
from carenet.audit.actions import Who, acting_as, log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid, TooManyTries
from carenet.core.models import check_version

_DAY = timedelta(days=1)


@transaction.atomic
def invite(
    *, actor: DirectoryKeeper, agency: Agency, username: str, roles: Iterable[Role | str]
) -> Invitation:
    """Offer a place in an agency to whoever signs in under this user name.

    Raises `Conflict` for a member of the agency and for a second open invitation, `Invalid` for what is
    no name or role, `TooManyTries` after `INVITATIONS_A_DAY` of the agency's managers within a day.
    """
    held = lock_agency(agency)
    given = known_roles(roles)
    demand(policy.can_give_roles(actor, held, given))
    name = _as_stored(username)
    _demand_no_place(held, name)
    manager = actor if isinstance(actor, Actor) else None
    if manager:
        _demand_few(held)
    now = clock.now()
    invitation = Invitation.objects.create(
        agency=held,
        username=name,
        roles=[str(role) for role in given],
        invited_by=manager.user if manager else None,
        made_at=now,
        until=now + timedelta(days=settings.INVITATION_DAYS),
    )
    _record(who_of(actor), "agency.invite", invitation)
    return invitation


@transaction.atomic
def agree_to_auditor(
    *, actor: Actor, invitation: Invitation, version: int | None = None
) -> Invitation:
    """Agree, as a manager of the agency, to the auditor whom the operator has proposed.

    Raises `Conflict` where nobody is asked for that (any more), `Forbidden` to the proposed person,
    `PreconditionFailed` when `version` is stale.
    """
    demand(policy.can_manage_members(actor, invitation.agency))
    locked = _lock(invitation, InvitationState.WAITS_FOR_MANAGER, version=version)
    demand(policy.can_agree_to_auditor(actor, locked))
    locked.agreed_by = actor.user
    locked.save_version("agreed_by")
    _record(actor.who, "agency.agree_to_auditor", locked)
    return locked


@transaction.atomic
def withdraw_invitation(
    *, actor: Actor, invitation: Invitation, version: int | None = None
) -> Invitation:
    """Take an invitation back before it is answered.

    Raises `Conflict` once it is, `PreconditionFailed` when `version` is stale.
    """
    demand(policy.can_manage_members(actor, invitation.agency))
    open_states = (InvitationState.OPEN, InvitationState.WAITS_FOR_MANAGER)
    locked = _lock(invitation, *open_states, version=version)
    return _close(locked, InvitationAnswer.WITHDRAWN, actor.who, "agency.withdraw_invitation")


@transaction.atomic
def accept_invitation(*, user: User, invitation: Invitation) -> Invitation:
    """Become a member of the inviting agency, in the roles that were offered.

    Raises `Conflict` for an invitation that is over, and for whoever is a member already.
    """
    locked = _lock_for(user, invitation)
    given = known_roles(locked.roles)
    actor = Actor(agency=locked.agency, roles=frozenset(given), user=user)
    with acting_as(actor.who):
        give_place(actor, locked.agency, user, given, "agency.add_member")
        return _close(locked, InvitationAnswer.ACCEPTED, actor.who, "agency.accept_invitation")


@transaction.atomic
def decline_invitation(*, user: User, invitation: Invitation) -> Invitation:
    """Refuse a place in an agency; raises `Conflict` for an invitation that is over."""
    locked = _lock_for(user, invitation)
    who = Who("user", str(user.pk), locked.agency_id)
    with acting_as(who):
        return _close(locked, InvitationAnswer.DECLINED, who, "agency.decline_invitation")


def _as_stored(username: str) -> str:
    """Return a user name as accounts bear it; raises `Invalid` for one that no account could bear.

    Normalizing may lengthen it.
    """
    name = str(User.normalize_username(username))
    if not 0 < len(name) <= LONGEST_USERNAME:
        told = _("A user name has at most %(most)s characters.")
        raise Invalid({"username": told % {"most": LONGEST_USERNAME}})
    return name


def _demand_no_place(agency: Agency, username: str) -> None:
    """Refuse to invite a member, or somebody twice; both the agency's managers see anyway."""
    place = Membership.objects.filter(agency=agency, user__username=username)
    if place.lasting().exists():
        raise Conflict(
            _("This person is a member already. Change their roles instead."),
            code="already_member",
        )
    waiting = Invitation.objects.select_for_update().filter(
        agency=agency, username=username, answer=""
    )
    for each in waiting:
        if each.state != InvitationState.EXPIRED and Invitation.objects.open().filter(pk=each.pk):
            raise Conflict(
                _("There is an open invitation for this user name. Withdraw it first."),
                code="already_invited",
            )
        each.answer, each.answered_at = InvitationAnswer.EXPIRED, clock.now()
        each.save(update_fields=["answer", "answered_at"])


def _demand_few(agency: Agency) -> None:
    """Refuse one more than `INVITATIONS_A_DAY`; the caller has locked the agency."""
    now = clock.now()
    made = agency.invitations.filter(made_at__gt=now - _DAY).exclude(invited_by=None)
    times = list(made.order_by("made_at").values_list("made_at", flat=True))
    if len(times) >= settings.INVITATIONS_A_DAY:
        again = times[-settings.INVITATIONS_A_DAY] + _DAY
        raise TooManyTries(retry_after=int((again - now).total_seconds()) + 1)


def _lock(
    invitation: Invitation, *wanted: InvitationState, version: int | None = None
) -> Invitation:
    """Lock agency and invitation, in this order; raises `Conflict` outside of the wanted states."""
    lock_agency(invitation.agency)
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("agency").get(pk=invitation.pk)
    check_version(locked, version)
    if locked.state not in wanted:
        raise _over()
    return locked


def _lock_for(user: User, invitation: Invitation) -> Invitation:
    """Lock an invitation that this person may answer now; raises `Conflict` for any other."""
    locked = _lock(invitation, InvitationState.OPEN)
    if not Invitation.objects.for_answer(user).filter(pk=locked.pk).exists():
        raise _over()
    return locked


def _over() -> Conflict:
    told = _("This invitation is over, or waits for somebody else. Look at the list again.")
    return Conflict(told, code="invitation_over")


def _close(invitation: Invitation, answer: InvitationAnswer, who: Who, action: str) -> Invitation:
    invitation.answer, invitation.answered_at = answer, clock.now()
    invitation.save_version("answer", "answered_at")
    _record(who, action, invitation)
    return invitation


def _record(who: Who, action: str, invitation: Invitation) -> None:
    """Write a deed down without the user name: the trail does not say whether anybody bears it."""
    log_write(
        who, action, "agency", invitation.agency_id,
        invitation=str(invitation.pk), roles=invitation.roles,
    )  # fmt: skip


logger = logging.getLogger(__name__)
_AT_ONCE = 100


def mail_invited() -> int:
    """Send the mails that are due; return how many were sent. What fails is tried again later."""
    if not settings.EMAIL_HOST:
        return 0
    reachable = User.objects.filter(is_active=True).exclude(email="")
    waiting = Invitation.objects.open().filter(
        mailed_at=None, username__in=reachable.values("username")
    )
    sent = 0
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        try:
            sent += _mail(pk)
        except Conflict:
            break  # the server takes nothing now
    return sent


def _mail(invitation_id: UUID) -> bool:
    """Send one mail, unless it was answered or sent meanwhile; raises `Conflict`."""
    with transaction.atomic():
        rows = Invitation.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        invitation = rows.filter(pk=invitation_id, mailed_at=None).first()
        user = invitation and User.objects.filter(username=invitation.username).first()
        if not (
            invitation and user and Invitation.objects.for_answer(user).filter(pk=invitation_id)
        ):
            return False
        invitation.mailed_at = clock.now()
        invitation.save(update_fields=["mailed_at"])
        with override(user.language):
            told = _(
                "An agency invites you to act for it in carenet. Sign in to see which one, and accept "
                "or decline: %(where)s\nNothing changes before you do."
            ) % {"where": f"{settings.PUBLIC_URL}{reverse('staff-own-invitations')}"}
            subject = _("An invitation waits for you")
        try:
            send_mail(user.email, subject, told)
        except Invalid:
            logger.warning("The address of an invited account takes no mail.")
    return True
