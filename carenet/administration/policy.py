"""What an administrator may do: set the service up, in what opens records never alone."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carenet.administration.models import AdministratorAppointment, ClientRequest
from carenet.administration.states import ClientRequestState
from carenet.agencies.actors import Administrator
from carenet.agencies.models import Membership, User
from carenet.core.decisions import ALLOWED, Decision, Denied


def can_administer(user: User) -> Decision:
    """Whether this person administers the service now: in office, and at work for no agency.

    Whoever sees the records of an agency must not give out what opens them.
    """
    if not AdministratorAppointment.objects.in_office().filter(user=user).exists():
        return Denied(_("You are no administrator of this service."), code="no_administrator")
    return can_be_administrator(user)


def can_be_administrator(user: User) -> Decision:
    """Whether this person may become an administrator: nobody who works for an agency may."""
    if Membership.objects.lasting().filter(user=user).exists():
        return Denied(
            _("Whoever works for an agency is no administrator. Use an account of its own."),
            code="works_for_an_agency",
        )
    return ALLOWED


def can_confirm_client(administrator: Administrator, request: ClientRequest) -> Decision:
    """Whether the administrator may confirm a request: another one than whoever proposed it."""
    if request.proposed_by_id == administrator.user.pk:
        return Denied(
            _("Another administrator confirms what you have proposed."), code="own_proposal"
        )
    return ALLOWED


def can_collect_secret(administrator: Administrator, request: ClientRequest) -> Decision:
    """Whether the administrator may have the secret shown: whoever proposed it, once confirmed."""
    confirmed = request.state == ClientRequestState.CONFIRMED
    if confirmed and request.proposed_by_id == administrator.user.pk:
        return ALLOWED
    return Denied(
        _("The secret is shown once, to whoever proposed it, after another one has confirmed it."),
        code="own_proposal",
    )
