"""Deadlines are dated rules of the municipality, with a default that is a guideline, not a law."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from carenet.abuse.models import AbuseReport, DeadlineRule
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from tests.abuse.requests import a_report, at, check_facts, record_reception_meeting
from tests.factories import a_case, a_member, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

RULES = "/api/v1/deadline-rules/"


def set_rule(actor: Actor, **more: Any) -> Answer:
    given = {"step": "check_facts", "basis": "local_rule", "basis_text": "区の要綱"}
    return api(actor).post(RULES, given | ({"hours": 24} | more))


def deadlines(actor: Actor, report: AbuseReport) -> dict[str, dict[str, Any]]:
    found = api(actor).get(at(report)).json()["deadlines"]
    return {each["step"]: each for each in found}


def due(deadline: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(deadline["due_at"])


def test_facts_are_to_be_checked_within_48_hours_of_the_report(
    worker: Actor, report: AbuseReport
) -> None:
    found = deadlines(worker, report)
    assert list(found) == ["check_facts"]
    assert due(found["check_facts"]) == report.received_at + timedelta(hours=48)
    assert 47.8 < found["check_facts"]["hours_left"] <= 48


def test_the_default_says_that_it_is_no_law(worker: Actor, report: AbuseReport) -> None:
    found = deadlines(worker, report)["check_facts"]
    assert (found["rule"], found["basis"]) == (None, "guideline")
    assert "not a law" in found["basis_text"]


def test_the_ward_office_sets_another(worker: Actor, office: Actor, officer: Actor) -> None:
    rule = set_rule(office).json()
    report = a_report(worker, a_case(worker), members=[office.user, officer.user])
    found = deadlines(worker, report)["check_facts"]
    assert due(found) == report.received_at + timedelta(hours=24)
    assert (found["rule"], found["basis_text"]) == (rule["id"], "区の要綱")


def test_a_rule_of_one_kind_counts_for_no_other(worker: Actor, office: Actor) -> None:
    set_rule(office)
    assert set_rule(office, victim="disability", hours=12).status_code == 201
    older = a_report(worker, a_case(worker))
    disability = a_report(worker, a_case(worker), victim="disability")
    for report, hours in ((older, 24), (disability, 12)):
        found = deadlines(worker, report)["check_facts"]
        assert due(found) == report.received_at + timedelta(hours=hours)
    shown = api(worker).get(f"{RULES}in-force/?victim=disability").json()
    steps = {each["step"]: each for each in shown["steps"]}
    assert (shown["victim"], steps["check_facts"]["hours"]) == ("disability", 12)


def test_a_kind_without_a_procedure_has_no_rules(office: Actor) -> None:
    assert pointers_of(set_rule(office, victim="child")) == ["/victim"]
    assert pointers_of(set_rule(office, alleged="employer")) == ["/victim"]


def test_a_change_moves_no_deadline_that_is_set(
    worker: Actor, office: Actor, report: AbuseReport
) -> None:
    before = deadlines(worker, report)
    rule = set_rule(office, hours=1).json()
    assert due(deadlines(worker, report)["check_facts"]) == due(before["check_facts"])
    api(office).post(f"{RULES}{rule['id']}/end/", {})
    assert due(deadlines(worker, report)["check_facts"]) == due(before["check_facts"])


def test_the_rule_counts_that_was_in_force_when_the_report_came_in(
    worker: Actor, office: Actor
) -> None:
    set_rule(office, hours=1)
    yesterday = timezone.now() - timedelta(days=1)
    report = a_report(worker, a_case(worker), received_at=yesterday)
    assert due(deadlines(worker, report)["check_facts"]) == yesterday + timedelta(hours=48)


def test_a_later_step_counts_from_the_one_before_it(
    worker: Actor, office: Actor, report: AbuseReport
) -> None:
    set_rule(office, step="decide", hours=72)
    record_reception_meeting(worker, report)
    assert "decide" not in deadlines(worker, report)
    then = timezone.now()
    check_facts(worker, report, happened_at=then.isoformat())
    assert due(deadlines(worker, report)["decide"]) == then + timedelta(hours=72)


def test_working_days_are_those_of_the_ward_office(
    ward: Agency, worker: Actor, office: Actor
) -> None:
    ward.closed_weekdays = [5, 6]
    ward.save()
    set_rule(office, hours=None, working_days=5)
    report = a_report(worker, a_case(worker))
    assert due(deadlines(worker, report)["check_facts"]) >= report.received_at + timedelta(days=7)


def test_a_deadline_is_over_with_its_step(worker: Actor, report: AbuseReport) -> None:
    record_reception_meeting(worker, report)
    check_facts(worker, report)
    found = deadlines(worker, report)["check_facts"]
    assert (found["over_because"], found["hours_left"]) == ("met", None)


def test_or_when_the_step_is_not_needed(worker: Actor, report: AbuseReport) -> None:
    record_reception_meeting(worker, report, to_check=False)
    assert deadlines(worker, report)["check_facts"]["over_because"] == "lapsed"


def test_and_set_again_when_it_is_after_all(worker: Actor, report: AbuseReport) -> None:
    record_reception_meeting(worker, report, to_check=False)
    record_reception_meeting(worker, report, to_check=True)
    found = api(worker).get(at(report)).json()["deadlines"]
    assert [each["over_because"] for each in found] == ["lapsed", ""]
    assert len({each["due_at"] for each in found}) == 1


# The rules themselves.


def test_everybody_reads_them(office: Actor, helper: Actor) -> None:
    set_rule(office)
    (rule,) = api(helper).get(RULES).json()["results"]
    assert (rule["step"], rule["counted_from"], rule["hours"]) == ("check_facts", "report", 24)


def test_what_is_in_force_shows_the_defaults_too(office: Actor, helper: Actor) -> None:
    set_rule(office, step="plan", hours=None, working_days=5)
    shown = api(helper).get(f"{RULES}in-force/").json()["steps"]
    steps = {each["step"]: each for each in shown}
    assert (steps["check_facts"]["hours"], steps["check_facts"]["rule"]) == (48, None)
    assert steps["plan"]["working_days"] == 5
    assert steps["decide"]["basis"] is None


@pytest.mark.parametrize("kind", [AgencyKind.CARE_PLAZA, AgencyKind.CORE_CONSULTATION_CENTER])
@pytest.mark.django_db
def test_only_the_ward_office_sets_them(kind: AgencyKind) -> None:
    manager = a_member(an_agency(kind), Role.MANAGER)
    assert code_of(set_rule(manager), 403) == "municipality_decides"


def test_and_of_it_only_managers(officer: Actor) -> None:
    assert code_of(set_rule(officer), 403) == "role_missing"


def test_and_only_for_its_own_municipality(office: Actor) -> None:
    elsewhere = an_agency(AgencyKind.WARD_OFFICE, municipality_code="141011")
    rule = set_rule(a_member(elsewhere, Role.MANAGER)).json()
    answer = api(office).post(f"{RULES}{rule['id']}/end/", {})
    assert code_of(answer, 403) == "municipality_decides"


@pytest.mark.parametrize("counts", [{"hours": None}, {"hours": 24, "working_days": 3}])
def test_a_rule_counts_hours_or_working_days(office: Actor, counts: dict[str, Any]) -> None:
    assert pointers_of(set_rule(office, **counts)) == ["/hours"]


def test_a_step_has_one_rule_at_a_time(office: Actor) -> None:
    set_rule(office)
    assert code_of(set_rule(office, hours=12), 409) == "rule_lasts"


def test_a_rule_takes_over_where_another_ends(office: Actor) -> None:
    first = set_rule(office).json()
    april = (timezone.now() + timedelta(days=100)).isoformat()
    api(office).post(f"{RULES}{first['id']}/end/", {"until": april})
    assert code_of(set_rule(office, hours=12), 409) == "rule_lasts"
    assert set_rule(office, hours=12, valid_from=april).status_code == 201


def test_no_rule_begins_or_ends_in_the_past(office: Actor) -> None:
    yesterday = (timezone.now() - timedelta(days=1)).isoformat()
    assert pointers_of(set_rule(office, valid_from=yesterday)) == ["/valid_from"]
    rule = set_rule(office).json()
    answer = api(office).post(f"{RULES}{rule['id']}/end/", {"until": yesterday})
    assert pointers_of(answer) == ["/until"]


def test_a_rule_ends_once(office: Actor) -> None:
    address = f"{RULES}{set_rule(office).json()['id']}/end/"
    assert api(office).post(address, {}).status_code == 200
    assert code_of(api(office).post(address, {}), 409) == "conflict"
    assert DeadlineRule.objects.count() == 1
