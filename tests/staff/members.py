"""A plaza with a manager, and somebody there who has a bit of everything in hand."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind, Membership
from carenet.agencies.roles import Role
from carenet.cases.actions import cases
from carenet.cases.models import Case
from carenet.tasks.models import Task
from carenet.watchover.actions.assignments import propose
from carenet.watchover.models import WatchAssignment
from tests.factories import a_case, a_member, an_agency
from tests.staff.browser import session_of
from tests.tasks.calls import a_task


@dataclass(frozen=True)
class Plaza:
    """A manager, somebody who leaves, and a colleague who stays."""

    manager: Actor
    leaver: Actor
    stays: Actor

    @property
    def leaving(self) -> Membership:
        """The membership that ends."""
        return Membership.objects.get(user=self.leaver.user_id, agency=self.leaver.agency_id)

    def desk(self, actor: Actor | None = None) -> Client:
        """Return a browser of the manager, or of somebody else."""
        client = Client(headers={"accept-language": "en"})
        client.cookies["sessionid"] = session_of(actor or self.manager)
        return client

    def case(self) -> Case:
        """Return a case that the leaver is in charge of."""
        assert self.leaver.user
        case = a_case(self.leaver)
        return cases.reassign(actor=self.manager, case_id=case.pk, person=self.leaver.user)

    def task(self) -> Task:
        """Return a task of the leaver in a case that a colleague is in charge of."""
        return a_task(self.stays, a_case(self.stays), person=self.leaver.user)

    def watch(self) -> WatchAssignment:
        """Return a watch in which the leaver looks in."""
        case = a_case(self.stays)
        return propose(
            actor=self.stays, resident=case.resident, watcher=self.leaver.user, method="visit",
            sharing_basis="WITHIN_PURPOSE", basis_words="見守り",
        )  # fmt: skip


def a_plaza() -> Plaza:
    """Return a plaza of three people."""
    agency = an_agency(AgencyKind.CARE_PLAZA)
    return Plaza(a_member(agency, Role.MANAGER), a_member(agency), a_member(agency))
