"""The list of abuse reports, and what the ward office sets: deadlines and other desks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from carenet.abuse.models import AbuseDeadline, AbuseReport, DeadlineRule, OtherDesk
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from tests.abuse.requests import NAME, a_report
from tests.factories import a_case, a_member, an_agency
from tests.staff.query_count import queries
from tests.staff.test_abuse import desk
from tests.staff.test_abuse_steps import office, officer, report, worker

__all__ = ["office", "officer", "report", "worker"]

pytestmark = pytest.mark.django_db
HERE = "/desk/abuse/"
RULE: dict[str, Any] = {
    "step": "plan", "victim": "older_person", "count": "10", "unit": "working_days",
    "basis": "local_rule", "basis_text": "区の要綱",
}  # fmt: skip
DESK: dict[str, Any] = {
    "kind": "child", "name": "こども家庭支援課", "phone": "045-540-0001", "hours": "平日", "source": "区の案内",
}  # fmt: skip


def test_it_lists_what_names_the_reader_with_its_clock(
    office: Actor, worker: Actor, report: AbuseReport
) -> None:
    told = desk(office).get(HERE).content.decode()
    assert report.case.resident.name in told
    assert "left</span>" in told
    assert NAME not in told
    assert f"{HERE}{report.pk}/reception/" in desk(worker).get(HERE).content.decode()


def test_what_is_due_first_stands_first(office: Actor, worker: Actor, report: AbuseReport) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        later = a_report(worker, a_case(worker), members=[office.user])
    lines = desk(office).get(HERE).context["lines"]
    assert [each.report.pk for each in lines] == [report.pk, later.pk]


def test_nobody_else_is_told_that_there_is_a_list(worker: Actor, report: AbuseReport) -> None:
    plaza = an_agency()
    others = [
        a_member(worker.agency),
        *(a_member(plaza, role) for role in (Role.MANAGER, Role.AUDITOR)),
    ]
    for other in others:
        assert desk(other).get(HERE).status_code == 404
        assert f'href="{HERE}"' not in desk(other).get("/desk/").content.decode()
    assert report.is_open


def test_the_menu_of_those_who_decide_leads_there(office: Actor) -> None:
    assert f'href="{HERE}"' in desk(office).get("/desk/").content.decode()


def test_a_list_asks_no_more_for_more_reports(
    office: Actor, worker: Actor, report: AbuseReport
) -> None:
    before = len(queries(desk(office), HERE))
    a_report(worker, a_case(worker), members=[office.user])
    assert len(queries(desk(office), HERE)) == before <= 10
    assert report.is_open


def test_what_is_due_leads_to_the_step_that_is_expected(
    office: Actor, worker: Actor, report: AbuseReport
) -> None:
    way = f"{HERE}deadlines/{AbuseDeadline.objects.get(report=report).pk}/"
    assert desk(worker).get(way).headers["Location"] == f"{HERE}{report.pk}/reception/"
    coordinator = a_member(office.agency, Role.COORDINATOR)
    assert desk(coordinator).get(way).status_code == 404


@pytest.mark.operation("deadline_rules_create", "deadline_rules_end_create")
def test_a_manager_of_the_ward_office_sets_a_rule_and_ends_it(office: Actor) -> None:
    here = "/desk/deadline-rules/"
    assert "it is not a law" in desk(office).get(here).content.decode()
    answer = desk(office).post(here, RULE)
    assert answer.status_code == 303, answer.content.decode()
    rule = DeadlineRule.objects.get()
    assert (rule.working_days, rule.hours) == (10, None)
    assert "区の要綱" in desk(office).get(answer.headers["Location"]).content.decode()
    assert desk(office).post(f"{here}{rule.pk}/end/", {"until": "あした"}).status_code == 303
    rule.refresh_from_db()
    assert rule.valid_until
    done = set(AuditEntry.objects.values_list("action", flat=True))
    assert done >= {"deadline_rule.set", "deadline_rule.end"}


def test_a_rule_that_began_yesterday_is_refused(office: Actor) -> None:
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    answer = desk(office).post("/desk/deadline-rules/", RULE | {"valid_from": yesterday})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["valid_from"])


def test_whoever_does_not_set_them_reads_the_rules_and_why(office: Actor, worker: Actor) -> None:
    told = desk(worker).get("/desk/deadline-rules/")
    assert (told.status_code, "Set it" in told.content.decode()) == (200, False)
    other = a_member(worker.agency, Role.MANAGER)
    assert desk(other).post("/desk/deadline-rules/", RULE).status_code == 403
    assert desk(office).get("/desk/deadline-rules/").context["may_set"]


@pytest.mark.operation("other_desks_create", "other_desks_end_create")
def test_a_desk_is_set_and_ended(office: Actor) -> None:
    here = "/desk/other-desks/"
    answer = desk(office).post(here, DESK)
    assert answer.status_code == 303, answer.content.decode()
    row = OtherDesk.objects.get()
    assert row.checked_on is None
    assert "unchecked" in desk(office).get(here).content.decode()
    assert desk(office).get(f"{here}{row.pk}/end/").status_code == 200
    assert desk(office).post(f"{here}{row.pk}/end/", {}).status_code == 303
    row.refresh_from_db()
    assert row.valid_until


def test_settings_ask_little(office: Actor) -> None:
    assert office.agency.kind == AgencyKind.WARD_OFFICE
    for page in ("/desk/deadline-rules/", "/desk/other-desks/"):
        assert len(queries(desk(office), page)) <= 10
