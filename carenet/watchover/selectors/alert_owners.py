"""In whose hands open alerts are: whether whoever took one on can still see to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carenet.agencies.models import ApiClient, Membership
from carenet.agencies.roles import ABILITIES
from carenet.agencies.selectors import Roster
from carenet.watchover import policy
from carenet.watchover.models import Alert

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

_RESPOND = "watch.respond"


def taken_on(now: datetime) -> QuerySet[Alert]:
    """Return the open alerts that somebody has taken on, and whose time has not run out."""
    return Alert.objects.filter(resolved_at=None, acknowledged_until__gt=now).select_related(
        "assignment__responsible_agency", "acknowledged_by", "acknowledged_agency"
    )


def left_alone(alerts: Iterable[Alert]) -> list[Alert]:
    """Return those of these that are in nobody's hands any more.

    Who took it on works there no longer, may not answer it any more, or is away. Each agency is
    read once.
    """
    roster = Roster()
    return [alert for alert in alerts if not _in_hand(alert, roster)]


def _in_hand(alert: Alert, roster: Roster) -> bool:
    agency, user = alert.acknowledged_agency, alert.acknowledged_by
    if alert.acknowledged_client:
        return _is_let_in(alert)
    if user is None:
        return agency is None  # the release before did not write down which system it was
    if agency is None:  # nor for which agency somebody acts
        return Membership.objects.current().filter(user=user, agency__active=True).exists()
    actor, staff = roster.actor(user, agency), roster.staff(agency)
    if actor is None or user.pk in staff.away:
        return False
    return bool(policy.can_acknowledge(actor, alert))


def _is_let_in(alert: Alert) -> bool:
    found = ApiClient.objects.filter(
        client_id=alert.acknowledged_client,
        agency=alert.acknowledged_agency,
        agency__active=True,
        scopes__contains=[ABILITIES[_RESPOND].scope],
    )
    return bool(found.exists())
