"""What of watch-over a member may have in hand, and where it falls when they leave."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.models import Membership
from carenet.agencies.registry import HeldKind
from carenet.agencies.roles import LOOKING_IN_ROLES
from carenet.core import clock
from carenet.watchover.actions.held_work import pass_backups_on, pass_watches_on
from carenet.watchover.actions.member_left import backups_held, watches_held
from carenet.watchover.models import Alert
from carenet.watchover.selectors.actionable_alerts import taken_on


def _alerts(membership: Membership) -> QuerySet[Alert]:
    return taken_on(clock.now()).filter(
        acknowledged_by=membership.user_id, acknowledged_agency=membership.agency_id
    )


HELD_KINDS = (
    HeldKind(
        name="watches",
        label=_("people whom they look in on"),
        otherwise=_("the backup looks in; where there is none, you are told"),
        found=watches_held,
        pass_on=pass_watches_on,
        roles=LOOKING_IN_ROLES,
    ),
    HeldKind(
        name="backups",
        label=_("people for whom they stand by"),
        otherwise=_("nobody stands by until you say who"),
        found=backups_held,
        pass_on=pass_backups_on,
        roles=LOOKING_IN_ROLES,
    ),
    HeldKind(
        name="alerts",
        label=_("alerts that they see to"),
        otherwise=_("they are open again, and whoever stands next is told at once"),
        found=_alerts,
    ),
)
