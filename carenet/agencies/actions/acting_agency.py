"""For which of their agencies a person acts from now on."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.request import Request

from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership, User
from carenet.agencies.selectors.principals import LONGEST_PURPOSE, SESSION_AGENCY, header_text
from carenet.audit.actions import acting_as, current_context, declare, log_write
from carenet.core.errors import Forbidden


@transaction.atomic
def choose_agency(*, user: User, agency_id: UUID) -> Actor:
    """Return the person as they act for one of their agencies; whoever calls keeps the choice.

    Raises `Forbidden` when they are no member of it. There is no actor yet: this makes one.
    """
    current = Membership.objects.current().filter(user=user, agency__active=True)
    membership = current.filter(agency=agency_id).select_related("agency").first()
    if membership is None:
        raise Forbidden(
            _("You are not a member of this agency."),
            basis=_("A membership in that agency."),
            code="agency_not_yours",
        )
    actor = Actor(agency=membership.agency, roles=membership.role_set, user=user)
    with acting_as(actor.who):
        log_write(actor.who, "account.choose_agency", "agency", actor.agency_id)
    return actor


def act_for(request: HttpRequest | Request, user: User, agency_id: UUID) -> Actor:
    """Let a person act for one of their agencies while this session lasts, by API and on pages.

    Raises `Forbidden` when they are no member of it.
    """
    actor = choose_agency(user=user, agency_id=agency_id)
    request.session[SESSION_AGENCY] = str(actor.agency_id)
    return actor


def attach_actor(request: Request, actor: Actor) -> None:
    """Tell the trail and the database who acts, the latter for this transaction only."""
    current_context().purpose = header_text(request, "Carenet-Purpose", longest=LONGEST_PURPOSE)
    declare(actor.who)
