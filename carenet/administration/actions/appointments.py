"""Administrators are appointed, accept it themselves, and are ended by another one."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from carenet.administration import policy
from carenet.administration.models import AdministratorAppointment
from carenet.administration.states import AppointmentState
from carenet.agencies.actions.locks import who_of
from carenet.agencies.actors import Administrator
from carenet.agencies.models import User
from carenet.audit.actions import acting_as, log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version

#: What the trail calls it.
KIND = "appointment"


@transaction.atomic
def appoint(*, administrator: Administrator | None, username: str) -> AdministratorAppointment:
    """Offer somebody the part of an administrator; without `administrator` at the command line.

    At the command line it holds at once: nobody is there yet who could be asked. Raises `Invalid` for a
    name that no account bears, `Forbidden` for whoever works for an agency, `Conflict` for a second one.
    """
    user = User.objects.select_for_update(no_key=True).filter(username=username).first()
    if user is None or not user.is_active:
        raise Invalid({"username": _("There is no account under this user name.")})
    demand(policy.can_be_administrator(user))
    _end_expired(user)
    if AdministratorAppointment.objects.filter(user=user, ended_at=None).exists():
        raise Conflict(_("This person is appointed already."), code="already_appointed")
    now = clock.now()
    made = AdministratorAppointment.objects.create(
        user=user,
        appointed_by=administrator.user if administrator else None,
        made_at=now,
        until=now + timedelta(days=settings.INVITATION_DAYS),
        accepted_at=None if administrator else now,
    )
    log_write(who_of(administrator), "administrator.appoint", KIND, made.pk, user=str(user.pk))
    return made


def _end_expired(user: User) -> None:
    """End an appointment that was not accepted in time, so that there is room for another."""
    AdministratorAppointment.objects.filter(
        user=user, accepted_at=None, ended_at=None, until__lte=clock.now()
    ).update(ended_at=clock.now())


@transaction.atomic
def accept_appointment(*, user: User) -> AdministratorAppointment:
    """Become an administrator, as the appointed themselves; raises `Conflict`, `Forbidden`."""
    held = AdministratorAppointment.objects.waiting().select_for_update(no_key=True)
    found = held.filter(user=user).first()
    if found is None:
        raise Conflict(_("This appointment is over. Ask whoever has appointed you."))
    demand(policy.can_be_administrator(user))
    found.accepted_at = clock.now()
    found.save_version("accepted_at")
    who = Administrator(user).who
    with acting_as(who):
        log_write(who, "administrator.accept", KIND, found.pk)
    return found


@transaction.atomic
def end_appointment(
    *,
    administrator: Administrator,
    appointment: AdministratorAppointment,
    version: int | None = None,
) -> AdministratorAppointment:
    """End an appointment at once, or take it back before it is accepted.

    Raises `Conflict` for the last administrator in office, and for one that has ended.
    """
    # All that are in office are locked, so that two cannot end each other.
    office = list(
        AdministratorAppointment.objects.select_for_update(no_key=True)
        .filter(ended_at=None)
        .order_by("pk")
    )
    held = next((each for each in office if each.pk == appointment.pk), None)
    if held is None:
        raise Conflict(_("This appointment has ended already."))
    check_version(held, version)
    others = [each for each in office if each.pk != held.pk]
    if held.state == AppointmentState.IN_OFFICE and not any(
        each.state == AppointmentState.IN_OFFICE for each in others
    ):
        raise Conflict(
            _("The service needs an administrator. Appoint another one first."),
            code="last_administrator",
        )
    held.ended_at, held.ended_by = clock.now(), administrator.user
    held.save_version("ended_at", "ended_by")
    log_write(administrator.who, "administrator.end", KIND, held.pk)
    return held
