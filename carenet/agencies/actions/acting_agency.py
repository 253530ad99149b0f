"""For which of their agencies a person acts from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.audit.actions import log_write
from carenet.errors import Forbidden

if TYPE_CHECKING:
    from uuid import UUID

    from carenet.agencies.models import User


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
    log_write(actor.who, "account.choose_agency", "agency", actor.agency_id)
    return actor
