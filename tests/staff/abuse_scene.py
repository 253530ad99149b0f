"""Abuse reports as they are looked at: one that has just come in, one that waits for its second decider."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from carenet.abuse.actions.deadlines import set_rule
from carenet.abuse.actions.decisions import propose_decision
from carenet.abuse.actions.report import check_facts, record_reception_meeting
from carenet.abuse.models import AbuseReport
from carenet.abuse.states import Finding
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from tests.abuse.requests import a_report
from tests.factories import a_case, a_member, a_resident, a_user, an_agency
from tests.staff.browser import session_of

#: A municipality of its own: nobody else's reports go to its office.
ELSEWHERE = "141020"


class Procedure:
    """A plaza and a ward office with two who decide, and reports along the way."""

    def __init__(self) -> None:
        with time_machine.travel(timezone.now() - timedelta(days=30), tick=False):
            self.found()

    def found(self) -> None:
        """Open both agencies; whoever reports has been there for a while."""
        office = an_agency(AgencyKind.WARD_OFFICE, name="橘区役所", municipality_code=ELSEWHERE)
        plaza = an_agency(name="橘地域ケアプラザ", municipality_code=ELSEWHERE)
        self.worker = a_member(plaza, user=a_user("磯部 誠"))
        self.manager = a_member(office, Role.MANAGER, user=a_user("長谷 正子"))
        self.officer = a_member(office, Role.STAFF, user=a_user("桐生 望"))

    def report(self, hours_ago: int) -> AbuseReport:
        """Return a report that came in so long ago."""
        received = timezone.now() - timedelta(hours=hours_ago)
        with time_machine.travel(received - timedelta(minutes=5), tick=False):
            person = a_resident(self.worker, birth_year=1941)
            case = a_case(self.worker, person)
        with time_machine.travel(received, tick=False):
            members = [self.manager.user, self.officer.user]
            return a_report(self.worker, case, received_at=received, members=members)

    def proposed(self) -> AbuseReport:
        """Return a report whose finding the officer has proposed."""
        report = self.report(60)
        told: dict[str, Any] = {
            "actor": self.worker,
            "report_id": report.pk,
            "happened_at": timezone.now(),
        }
        record_reception_meeting(
            **told, urgency="today", to_check=True, attendees=["区 高齢・障害支援課", "橘ケアプラザ"],
            text="本日中に訪問して安否を確認する。",
        )  # fmt: skip
        check_facts(
            **told, method="visit", seen_in_person=True, text="左腕にあざ。本人は転んだと話す。"
        )
        propose_decision(
            actor=self.manager,
            report_id=report.pk,
            finding=Finding.FOUND,
            deciders=[each.user for each in (self.manager, self.officer) if each.user],
            happened_at=timezone.now(),
            text="あざの位置と、近所の方が聞いた怒鳴り声。",
        )
        return report

    def ids(self) -> dict[str, object]:
        """Return the ids of what there is to look at."""
        reported = self.report(30)
        rule = set_rule(
            actor=self.manager, step="plan", working_days=10, basis="local_rule",
            basis_text="区の虐待対応マニュアル",
        )  # fmt: skip
        return {
            "reported": reported.pk,
            "proposed": self.proposed().pk,
            "of_abuse": reported.case_id,
            "beaten": reported.case.resident_id,
            "rule": rule.pk,
        }

    def sessions(self) -> dict[str, str]:
        """Return the keys under which its people look."""
        people: dict[str, Actor] = {
            "abuse worker": self.worker, "abuse manager": self.manager,
            "abuse officer": self.officer,
        }  # fmt: skip
        return {name: session_of(actor) for name, actor in people.items()}
