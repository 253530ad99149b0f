"""What stands behind the addresses of closures and of changes of the operator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Model

from carenet.agencies.actions import plan_operator_change, propose_closure
from carenet.agencies.actors import Actor
from carenet.agencies.models import Membership
from carenet.agencies.roles import Role
from carenet.core import clock
from tests.factories import a_member, an_agency
from tests.system.people import BASE

OF_CLOSURES = (f"{BASE}/agency-closures/", f"{BASE}/operator-changes/")


def closures_by_address(actor: Actor) -> dict[str, Model]:
    """Return a closure and a change that the actor, of the ward office, may decide on."""
    closing, heir = an_agency(), a_member(an_agency())
    member = a_member(closing, Role.WATCHER)
    closure = propose_closure(
        actor=a_member(actor.agency, Role.COORDINATOR),
        agency=closing,
        reason="閉所",
        successor=heir.agency,
    )
    change = plan_operator_change(
        actor=actor,
        agency=closing,
        operator_name="社会福祉法人みほん",
        on=clock.today() + timedelta(days=30),
    )
    return {
        f"{BASE}/agency-closures/{{id}}": closure,
        f"{BASE}/operator-changes/{{id}}": change,
        f"{BASE}/operator-changes/{{id}}/members": Membership.objects.get(user=member.user),
        f"{BASE}/agencies/{{agency_id}}/closure": closing,
    }


def meant_of_closures(address: str, by_address: dict[str, Model]) -> dict[str, Any]:
    """Return what a body would say if somebody meant it."""
    fresh, heir = an_agency(), a_member(an_agency())
    if address.startswith(OF_CLOSURES[0]):
        return {
            "agency": str(fresh.pk),
            "successor": str(heir.agency_id),
            "successors": [],
            "reason": "閉所",
        }
    member = by_address[f"{BASE}/operator-changes/{{id}}/members"]
    return {
        "agency": str(fresh.pk),
        "operator_name": "社会福祉法人べつ",
        "corporate_number": "1999999000099",
        "on": (clock.today() + timedelta(days=30)).isoformat(),
        "kind": "members",
        "ids": [str(member.pk)],
    }
