"""The steps of a report, who may take them, and what each must say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from carenet.abuse.hooks.reminders import AbuseDecisionWaits
from carenet.abuse.models import AbuseEvent, AbuseReport
from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.reminders.models import Occurrence, Reminder
from tests.abuse.requests import (
    answer_proposal,
    at,
    check_facts,
    checked,
    decide,
    propose,
    record_reception_meeting,
    take,
)
from tests.cases.paths import sees
from tests.factories import a_member, api
from tests.rest.raw_requests import code_of, pointers_of, problem_of


def a_coordinator(ward: Agency, office: Actor, report: AbuseReport) -> Actor:
    """One of the ward office who is named to the report."""
    coordinator = a_member(ward, Role.COORDINATOR)
    api(office).post(at(report, "name"), {"user": str(coordinator.user_id)})
    return coordinator


def status_of(actor: Actor, report: AbuseReport) -> str:
    status: str = api(actor).get(at(report)).json()["status"]
    return status


def test_both_agencies_record_the_steps(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    assert record_reception_meeting(officer, report).json()["urgency"] == "today"
    assert check_facts(worker, report).json()["status"] == "facts_checked"
    assert decide(office, report, office, officer).json()["finding"] == "found"
    assert take(worker, report, "plan").json()["status"] == "planned"
    assert take(officer, report, "evaluate", evaluation="resolved").json()["status"] == "evaluated"
    assert take(office, report, "close").json()["closed_at"]


def test_each_step_leaves_one_event(worker: Actor, report: AbuseReport) -> None:
    checked(worker, report)
    found = api(worker).get(at(report, "events")).json()["results"]
    assert [event["verb"] for event in found] == ["check_facts", "hold_reception", "report"]
    assert found[0]["data"]["seen_in_person"] is True
    assert found[1]["data"]["attendees"] == ["区 高齢者支援担当"]


def test_no_event_is_ever_changed(report: AbuseReport) -> None:
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        AbuseEvent.objects.filter(report=report).update(text="")


def test_each_step_is_in_the_trail(worker: Actor, report: AbuseReport) -> None:
    record_reception_meeting(worker, report)
    entry = AuditEntry.objects.filter(action="abuse_report.hold_reception").latest("time")
    assert (entry.object_ids, entry.detail) == ([report.pk], {"to": "reception_held"})


def test_who_has_not_seen_the_person_says_why(worker: Actor, report: AbuseReport) -> None:
    record_reception_meeting(worker, report)
    assert pointers_of(check_facts(worker, report, seen_in_person=False)) == ["/not_seen_because"]
    told = {"seen_in_person": False, "not_seen_because": "入院中"}
    assert check_facts(worker, report, **told).status_code == 200


def test_facts_are_not_checked_where_the_meeting_decided_otherwise(
    worker: Actor, report: AbuseReport
) -> None:
    record_reception_meeting(worker, report, to_check=False)
    assert code_of(check_facts(worker, report), 409) == "wrong_status"
    assert status_of(worker, report) == "reception_held"


@pytest.mark.parametrize("days", [-30, 1])
def test_a_step_lies_between_the_report_and_now(
    worker: Actor, report: AbuseReport, days: int
) -> None:
    then = (timezone.now() + timedelta(days=days)).isoformat()
    assert pointers_of(record_reception_meeting(worker, report, happened_at=then)) == [
        "/happened_at"
    ]


def test_a_stale_version_changes_nothing(worker: Actor, report: AbuseReport) -> None:
    body = {
        "happened_at": timezone.now().isoformat(), "urgency": "today", "to_check": True,
        "attendees": ["区"],
    }  # fmt: skip
    answer = api(worker).post(at(report, "hold-reception"), body, headers={"If-Match": '"9"'})
    assert code_of(answer, 412) == "version_changed"


# The finding is the municipality's.


def test_a_plaza_cannot_set_the_finding(
    plaza: Agency, worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    checked(worker, report)
    manager = a_member(plaza, Role.MANAGER)
    api(worker).post(at(report, "name"), {"user": str(manager.user_id)})
    told = problem_of(decide(manager, report, office, officer), 403)
    assert told["code"] == "municipality_decides"
    assert "municipality" in told["detail"]
    assert told["missing_basis"]


def test_nor_can_a_caseworker_of_the_ward_office(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    checked(worker, report)
    assert code_of(decide(officer, report, office, officer), 403) == "role_missing"


def test_a_coordinator_of_the_ward_office_can(
    ward: Agency, worker: Actor, office: Actor, report: AbuseReport
) -> None:
    checked(worker, report)
    coordinator = a_coordinator(ward, office, report)
    assert decide(coordinator, report, office, coordinator).status_code == 200


def test_nobody_decides_alone(worker: Actor, office: Actor, report: AbuseReport) -> None:
    checked(worker, report)
    assert pointers_of(decide(office, report, office)) == ["/deciders"]
    assert pointers_of(decide(office, report, office, office)) == ["/deciders"]


def test_nor_with_people_of_other_agencies(
    worker: Actor, office: Actor, report: AbuseReport
) -> None:
    checked(worker, report)
    assert pointers_of(decide(office, report, office, worker)) == ["/deciders"]


def test_a_finding_has_grounds(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    checked(worker, report)
    assert pointers_of(decide(office, report, office, officer, text="")) == ["/text"]


def test_the_database_knows_no_finding_of_one(report: AbuseReport, office: Actor) -> None:
    alone = {"status": "decided", "finding": "found", "grounds": "…", "deciders": [office.user_id]}
    with pytest.raises(IntegrityError, match="finding_has"), transaction.atomic():
        AbuseReport.objects.filter(pk=report.pk).update(decided_at=timezone.now(), **alone)


def test_what_was_checked_is_found_or_not(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    checked(worker, report)
    answer = decide(office, report, office, officer, finding="not_checked")
    assert pointers_of(answer) == ["/finding"]


def test_what_was_not_checked_is_closed_as_that(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    record_reception_meeting(worker, report, to_check=False)
    assert pointers_of(decide(office, report, office, officer)) == ["/finding"]
    assert decide(office, report, office, officer, finding="not_checked").status_code == 200
    assert take(office, report, "close").json()["status"] == "closed"


def test_new_facts_open_the_finding_again(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    checked(worker, report)
    decide(office, report, office, officer, finding="not_found")
    shown = check_facts(worker, report).json()
    assert (shown["status"], shown["finding"], shown["deciders"]) == ("facts_checked", "", [])
    assert decide(office, report, office, officer).json()["finding"] == "found"


def test_found_abuse_is_not_closed_without_a_response(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    checked(worker, report)
    decide(office, report, office, officer)
    assert code_of(take(office, report, "close"), 409) == "wrong_status"


def test_a_response_that_goes_on_has_a_next_plan(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    checked(worker, report)
    decide(office, report, office, officer)
    take(worker, report, "plan")
    take(worker, report, "evaluate", evaluation="continues")
    assert code_of(take(office, report, "close"), 409) == "wrong_status"
    assert take(worker, report, "plan").json()["evaluation"] == ""


# Decided by two.


def proposed(worker: Actor, office: Actor, officer: Actor, report: AbuseReport) -> AbuseReport:
    checked(worker, report)
    shown = propose(office, report, office, officer).json()
    assert (shown["status"], shown["finding"]) == ("decision_proposed", "")
    assert shown["proposal"]["proposed_by"]["id"] == str(office.user_id)
    return report


def test_nobody_confirms_what_they_proposed(
    ward: Agency, worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    proposed(worker, office, officer, report)
    for actor in (office, a_coordinator(ward, office, report)):
        answer = answer_proposal(actor, report, "confirm-decision")
        assert code_of(answer, 403) == "decided_by_two"
    assert code_of(answer_proposal(worker, report, "confirm-decision"), 403)
    shown = answer_proposal(officer, report, "confirm-decision").json()
    assert (shown["status"], shown["finding"], shown["proposal"]) == ("decided", "found", None)
    assert set(shown["deciders"]) == {str(office.user_id), str(officer.user_id)}


def test_until_then_the_deadline_runs_and_the_other_one_is_reminded(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    waits = AbuseDecisionWaits()
    proposed(worker, office, officer, report)
    asked = Occurrence(report.pk, report.code, report.ward_office, None, 0)
    assert Reminder.objects.filter(kind=waits.name, subject_id=report.pk).exists()
    assert [each.user for each in waits.recipients(asked)] == [officer.user]
    answer_proposal(officer, report, "confirm-decision")
    assert not waits.still_applies(asked)


@pytest.mark.parametrize(("verb", "who"), [("reject-decision", 1), ("withdraw-decision", 0)])
def test_a_proposal_is_taken_back_with_its_reason(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport, verb: str, who: int
) -> None:
    proposed(worker, office, officer, report)
    actor, other = ((office, officer), (officer, office))[who]
    assert pointers_of(answer_proposal(actor, report, verb, text="")) == ["/text"]
    assert code_of(answer_proposal(other, report, verb, text="理由"), 403)
    shown = answer_proposal(actor, report, verb, text="根拠が足りない").json()
    assert (shown["status"], shown["proposal"]) == ("facts_checked", None)
    told = api(worker).get(at(report, "events")).json()["results"][0]
    assert told["text"] == "根拠が足りない"
    assert decide(office, report, office, officer).json()["finding"] == "found"


def test_somebody_named_must_be_there_to_confirm(
    ward: Agency, worker: Actor, office: Actor, report: AbuseReport
) -> None:
    checked(worker, report)
    assert pointers_of(propose(office, report, office, a_member(ward))) == ["/deciders"]


# Entry, naming, closing.


def test_entry_is_investigated_by_the_ward_office_alone(
    worker: Actor, officer: Actor, report: AbuseReport
) -> None:
    record_reception_meeting(worker, report)
    told = {"attendees": ["区", "警察"], "with_police": True}
    answer = take(worker, report, "investigate-entry", **told)
    assert code_of(answer, 403) == "municipality_decides"
    assert take(officer, report, "investigate-entry", **told).json()["status"] == "reception_held"


def test_each_agency_names_its_own_people(ward: Agency, office: Actor, report: AbuseReport) -> None:
    another = a_member(ward)
    assert code_of(api(another).get(at(report)), 404)
    api(office).post(at(report, "name"), {"user": str(another.user_id)})
    assert status_of(another, report) == "received"


def test_and_nobody_elses(plaza: Agency, office: Actor, report: AbuseReport) -> None:
    answer = api(office).post(at(report, "name"), {"user": str(a_member(plaza).user_id)})
    assert code_of(answer, 403) == "forbidden"


def test_whoever_is_named_is_not_named_again(
    office: Actor, officer: Actor, report: AbuseReport
) -> None:
    answer = api(office).post(at(report, "name"), {"user": str(officer.user_id)})
    assert code_of(answer, 409) == "conflict"


def test_closing_ends_the_share_and_keeps_the_report_in_sight(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    record_reception_meeting(worker, report, to_check=False)
    decide(office, report, office, officer, finding="not_checked")
    take(office, report, "close")
    assert Grant.objects.live().filter(cause_id=report.pk).count() == 0
    assert not sees(office, report.case)
    assert status_of(office, report) == "closed"


def test_a_closed_report_is_in_no_list_of_open_ones(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    address = "/api/v1/abuse-reports/"
    assert len(api(office).get(address).json()["results"]) == 1
    record_reception_meeting(worker, report, to_check=False)
    decide(office, report, office, officer, finding="not_checked")
    take(office, report, "close")
    assert api(office).get(address).json()["results"] == []
    assert len(api(office).get(f"{address}?status=closed").json()["results"]) == 1
