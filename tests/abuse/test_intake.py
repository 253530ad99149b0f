"""Taking a report restricts the case, lets the ward office in, and starts the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.abuse.models import AbuseReport
from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from tests.abuse.requests import NAME, PHONE, a_report, report_over_api
from tests.cases.calls import recorded
from tests.cases.paths import at as at_case
from tests.cases.paths import sees, share
from tests.factories import a_case, a_member, a_resident, a_system, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of


def named(report: AbuseReport) -> set[object]:
    return set(report.case.members.filter(until=None).values_list("user", flat=True))


def test_it_stands_beside_the_case(worker: Actor, case: Case, office: Actor) -> None:
    shown = report_over_api(worker, case=str(case.pk)).json()
    assert (shown["status"], shown["case"]) == ("received", str(case.pk))
    assert shown["ward_office"]["id"] == str(office.agency_id)
    assert shown["recorded_by"]["id"] == str(worker.user_id)
    assert shown["code"].startswith("A-")


def test_codes_do_not_count_and_old_ones_stay(worker: Actor, case: Case, office: Actor) -> None:  # noqa: ARG001
    first, second = a_report(worker, case), a_report(worker, a_case(worker))
    assert len({first.number, second.number, first.number + 1, second.number + 1}) == 4
    assert min(first.number, second.number) >= 100_000_000
    type(first).objects.filter(pk=first.pk).update(number=17)
    first.refresh_from_db()
    assert first.code.endswith("-000017")


def test_the_case_is_restricted_from_then_on(
    plaza: Agency, worker: Actor, case: Case, office: Actor
) -> None:
    colleague = a_member(plaza)
    assert sees(colleague, case)
    a_report(worker, case, members=[office.user])
    assert not sees(colleague, case)
    assert sees(worker, case)


def test_the_ward_office_gets_its_part_on_the_ground_of_the_report(
    report: AbuseReport, office: Actor, officer: Actor
) -> None:
    grant = Grant.objects.get(cause_kind="abuse_report", cause_id=report.pk)
    assert (grant.basis, grant.permission.codename) == ("ABUSE_REPORT", "co_support_case")
    assert sees(office, report.case)
    assert sees(officer, report.case)


def test_the_rest_of_the_ward_office_sees_nothing(ward: Agency, report: AbuseReport) -> None:
    assert not sees(a_member(ward), report.case)


def test_without_names_the_managers_of_the_ward_office_are_told(
    worker: Actor, case: Case, office: Actor, officer: Actor
) -> None:
    report = a_report(worker, case)
    assert named(report) == {worker.user_id, office.user_id}
    assert officer.user_id not in named(report)


def test_somebody_who_can_decide_is_always_named(
    worker: Actor, case: Case, office: Actor, officer: Actor
) -> None:
    report = a_report(worker, case, members=[officer.user])
    assert named(report) == {worker.user_id, officer.user_id, office.user_id}


@pytest.mark.usefixtures("office")
def test_only_people_of_both_agencies_are_named(worker: Actor, case: Case, helper: Actor) -> None:
    answer = report_over_api(worker, case=str(case.pk), members=[str(helper.user_id)])
    assert pointers_of(answer) == ["/members"]


def test_a_consultation_becomes_a_restricted_case(
    client: APIClient, plaza: Agency, worker: Actor, office: Actor
) -> None:
    address = recorded(client, subject=str(a_resident(worker).pk))
    shown = report_over_api(worker, consultation=address.split("/")[-2]).json()
    case = api(office).get(f"/api/v1/cases/{shown['case']}/").json()
    assert case["confidentiality"] == "restricted"
    assert client.get(address).json()["status"] == "case_opened"
    assert code_of(api(a_member(plaza)).get(address), 404) == "not_found"


@pytest.mark.usefixtures("office")
def test_one_that_was_joined_to_a_case_is_reported_on_that_case(
    client: APIClient, worker: Actor, case: Case
) -> None:
    address = recorded(client, subject=str(case.resident_id))
    joined = {"outcome": "case_joined", "case": str(case.pk)}
    assert client.post(f"{address}triage/", joined).status_code == 200
    shown = report_over_api(worker, consultation=address.split("/")[-2]).json()
    assert shown["case"] == str(case.pk)


def test_its_caller_moves_to_the_compartment(
    client: APIClient, worker: Actor, office: Actor
) -> None:
    person = str(a_resident(worker).pk)
    told = f"{NAME}さんによるとあざがある。電話 {PHONE}"
    address = recorded(client, subject=person, caller_name=NAME, caller_phone=PHONE, content=told)
    shown = report_over_api(worker, consultation=address.split("/")[-2]).json()
    consultation, case = client.get(address), api(office).get(f"/api/v1/cases/{shown['case']}/")
    assert consultation.json()["relationship"] == "unknown"
    for answer in (consultation, case):
        assert NAME not in answer.content.decode()
        assert PHONE not in answer.content.decode()
    headers = {"carenet-purpose": "check"}
    kept = client.get(f"/api/v1/abuse-reports/{shown['id']}/reporter/", headers=headers).json()
    assert (kept["name"], kept["phone"], kept["relationship"]) == (NAME, PHONE, "neighbour")


@pytest.mark.usefixtures("office")
def test_a_consultation_is_reported_once(client: APIClient, worker: Actor) -> None:
    consultation = recorded(client, subject=str(a_resident(worker).pk)).split("/")[-2]
    assert report_over_api(worker, consultation=consultation).status_code == 201
    assert code_of(report_over_api(worker, consultation=consultation), 409) == "conflict"


@pytest.mark.usefixtures("office")
def test_nobody_is_reported_on_who_is_not_on_the_register(client: APIClient, worker: Actor) -> None:
    consultation = recorded(client).split("/")[-2]
    answer = report_over_api(worker, consultation=consultation)
    assert pointers_of(answer) == ["/consultation"]


@pytest.mark.usefixtures("office")
def test_it_comes_from_a_consultation_or_a_case(worker: Actor) -> None:
    assert pointers_of(report_over_api(worker)) == ["/case"]


@pytest.mark.usefixtures("office")
def test_the_words_of_the_report_do_not_tell_who_reported(worker: Actor, case: Case) -> None:
    told = {"content": f"{NAME}さんから", "reporter": {"name": NAME}}
    assert pointers_of(report_over_api(worker, case=str(case.pk), **told)) == ["/content"]


@pytest.mark.usefixtures("office")
def test_nothing_is_reported_before_it_came_in(worker: Actor, case: Case) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    answer = report_over_api(worker, case=str(case.pk), received_at=tomorrow)
    assert pointers_of(answer) == ["/received_at"]


@pytest.mark.usefixtures("office")
def test_only_the_lead_of_a_case_reports_on_it(worker: Actor, helper: Actor, case: Case) -> None:
    share(worker, case, helper.agency_id)
    assert code_of(report_over_api(helper, case=str(case.pk)), 403) == "not_lead"


def test_systems_have_no_hand_in_it(plaza: Agency, report: AbuseReport) -> None:
    assert code_of(a_system(plaza).get(f"/api/v1/abuse-reports/{report.pk}/"), 403)


def test_without_a_ward_office_the_telephone_is_the_way(worker: Actor, case: Case) -> None:
    answer = report_over_api(worker, case=str(case.pk))
    assert code_of(answer, 409) == "no_ward_office"
    assert sees(a_member(worker.agency), case)


def test_the_ward_office_takes_reports_itself(officer: Actor, office: Actor) -> None:
    case = a_case(officer)
    report = a_report(officer, case)
    assert named(report) == {officer.user_id, office.user_id}
    assert not Grant.objects.filter(cause_id=report.pk).exists()


def test_an_open_report_keeps_its_case_restricted(client: APIClient, report: AbuseReport) -> None:
    answer = client.post(at_case(report.case, "unrestrict"), {})
    assert code_of(answer, 409) == "abuse_report_open"


def test_and_open(client: APIClient, report: AbuseReport) -> None:
    answer = client.post(at_case(report.case, "close"), {"reason": "goal_reached"})
    assert code_of(answer, 409) == "abuse_report_open"


def test_and_the_ward_office_in_it(client: APIClient, report: AbuseReport, office: Actor) -> None:
    member = report.case.members.get(user=office.user)
    answer = client.post(at_case(report.case, "named-members", member.pk, "end"), {})
    assert code_of(answer, 409) == "abuse_report_open"


def test_the_lead_cannot_take_the_ward_offices_share_away(
    client: APIClient, report: AbuseReport
) -> None:
    grant = Grant.objects.get(cause_kind="abuse_report")
    answer = client.post(at_case(report.case, "grants", grant.pk, "revoke"), {})
    assert code_of(answer, 409) == "conflict"


def test_a_manager_of_a_plaza_is_not_the_wards(plaza: Agency, report: AbuseReport) -> None:
    manager = a_member(plaza, Role.MANAGER)
    assert code_of(api(manager).get(f"/api/v1/abuse-reports/{report.pk}/"), 404) == "not_found"
    other = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.MANAGER)
    assert code_of(api(other).get(f"/api/v1/abuse-reports/{report.pk}/"), 404) == "not_found"
