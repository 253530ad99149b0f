"""An agency that is to close, and who has a part in that."""

from __future__ import annotations

from typing import Any

from carenet.agencies.actions import confirm_closure, propose_closure
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyClosure, AgencyKind
from carenet.agencies.roles import Role
from carenet.agencies.selectors.closures import what_hangs_on
from tests.factories import a_member, an_agency


class Plaza:
    """An agency that is to close, its manager, the ward office's, and an agency that takes over."""

    def __init__(self) -> None:
        self.agency = an_agency(name="樽町地域ケアプラザ")
        self.manager = a_member(self.agency, Role.MANAGER)
        self.staff = a_member(self.agency)
        self.office = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.MANAGER)
        self.successor = an_agency(name="日吉地域ケアプラザ")
        self.heir = a_member(self.successor, Role.MANAGER, Role.STAFF)

    def propose(self, actor: Actor, **given: Any) -> AgencyClosure:
        given = {"successor": self.successor} | given
        return propose_closure(actor=actor, agency=self.agency, reason="3月末で閉所", **given)

    def confirmed(self) -> AgencyClosure:
        closure = self.propose(self.manager)
        return confirm_closure(actor=self.office, closure_id=closure.pk)


def left_on(agency: Agency) -> dict[str, int]:
    found = {each.kind.name: each.count for each in what_hangs_on(agency) if each.count}
    found.pop("grants_given", None)  # they stay, with the name of whoever gave them
    return found
