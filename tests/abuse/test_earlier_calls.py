"""Whoever reports on a case may have called before: what came of them is cleaned of who they are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.audit.models import AuditEntry
from carenet.cases.models import Case, Consultation
from carenet.cases.selectors import cases
from tests.abuse.requests import NAME, PHONE, REPORTS, report_over_api
from tests.cases.calls import recorded
from tests.cases.paths import share
from tests.factories import a_member, api
from tests.rest.raw_requests import code_of

TOLD = f"{NAME}さんによるとあざがある。電話 {PHONE}"
WHO = {"name": NAME, "phone": PHONE}


def joined(client: APIClient, case: Case, **more: Any) -> str:
    """Join a call of the reporter to a case; return its address."""
    caller = {"caller_name": NAME, "caller_phone": PHONE, "content": TOLD}
    address = recorded(client, subject=str(case.resident_id), **(caller | more))
    body = {"outcome": "case_joined", "case": str(case.pk)}
    assert client.post(f"{address}triage/", body).status_code == 200
    return address


def report(worker: Actor, case: Case, **who: str) -> Any:
    answer = report_over_api(worker, case=str(case.pk), reporter=who or WHO)
    assert answer.status_code == 201, answer.content
    return answer.json()


@pytest.mark.usefixtures("office")
def test_a_call_that_was_joined_to_the_case_forgets_who_called(
    client: APIClient, plaza: Agency, worker: Actor, case: Case
) -> None:
    address = joined(client, case)
    report(worker, case)
    shown = api(a_member(plaza)).get(address)
    assert shown.json()["relationship"] == "unknown"
    assert NAME not in shown.content.decode()
    assert PHONE not in shown.content.decode()
    assert AuditEntry.objects.filter(action="consultation.forget_caller").count() == 1


@pytest.mark.usefixtures("office")
def test_the_call_that_opened_the_case_forgets_it_too_and_so_does_its_summary(
    client: APIClient, worker: Actor, case: Case
) -> None:
    address = recorded(
        client, subject=str(case.resident_id), caller_name=NAME, caller_phone=PHONE, content=TOLD
    )
    opening = {"outcome": "case_opened", "another_because": "別の相談"}
    assert client.post(f"{address}triage/", opening).status_code == 200
    opened = cases(worker).get(consultation=UUID(address.split("/")[-2]))
    report(worker, opened)
    for page in (address, f"/api/v1/cases/{opened.pk}/"):
        text = client.get(page).content.decode()
        assert NAME not in text
        assert PHONE not in text


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    "who", [{"name": "通報太郎"}, {"name": "誰か", "phone": "０４５−１１１−２２２２"}]
)
def test_the_caller_is_known_by_name_or_number_however_written(
    client: APIClient, worker: Actor, case: Case, who: dict[str, str]
) -> None:
    address = joined(client, case)
    report(worker, case, **who)
    assert NAME not in client.get(address).content.decode()


@pytest.mark.usefixtures("office")
def test_what_only_the_call_knew_of_them_moves_to_the_compartment(
    client: APIClient, worker: Actor, case: Case
) -> None:
    joined(client, case)
    taken = report(worker, case, name=NAME)
    headers = {"carenet-purpose": "check"}
    kept = client.get(f"{REPORTS}{taken['id']}/reporter/", headers=headers).json()
    assert (kept["phone"], kept["relationship"]) == (PHONE, "neighbour")


@pytest.mark.usefixtures("office")
def test_another_caller_stays_but_the_reporter_is_struck_out_of_their_words(
    client: APIClient, worker: Actor, case: Case
) -> None:
    address = joined(client, case, caller_name="佐々木 次郎", caller_phone="045-333-4444")
    report(worker, case)
    shown = client.get(address).json()
    assert (shown["caller_name"], shown["caller_phone"]) == ("佐々木 次郎", "045-333-4444")
    assert NAME not in shown["content"]
    assert PHONE not in shown["content"]


@pytest.mark.usefixtures("office")
def test_a_report_from_one_call_cleans_the_others_of_the_case(
    client: APIClient, worker: Actor, case: Case
) -> None:
    first, second = joined(client, case), joined(client, case)
    assert report_over_api(worker, consultation=second.split("/")[-2]).status_code == 201
    assert NAME not in client.get(first).content.decode()


@pytest.mark.usefixtures("office")
def test_calls_of_other_people_are_left_alone(client: APIClient, worker: Actor, case: Case) -> None:
    address = joined(client, case, caller_name="", caller_phone="", content="元気がない")
    before = Consultation.objects.get(pk=address.split("/")[-2]).version
    report(worker, case)
    assert Consultation.objects.get(pk=address.split("/")[-2]).version == before


@pytest.mark.usefixtures("office")
def test_who_only_supports_is_told_who_takes_the_report(
    worker: Actor, helper: Actor, case: Case
) -> None:
    share(worker, case, helper.agency_id)
    call = joined(api(helper), case).split("/")[-2]
    for answer in (
        report_over_api(helper, consultation=call),
        report_over_api(helper, case=str(case.pk)),
    ):
        assert code_of(answer, 403) == "not_lead"
        told = answer.json()
        assert case.lead_agency.name in told["missing_basis"]
        assert "telephone" in told["missing_basis"]
