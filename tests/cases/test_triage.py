"""Triage: information only, one-off, or a case; once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from rest_framework.test import APIClient

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.cases.models import Case, Consultation
from carenet.core import clock
from carenet.reminders.policy import take_back_span
from tests.cases.calls import recorded
from tests.cases.paths import sees
from tests.factories import a_member, a_resident, a_system, api
from tests.rest.raw_requests import code_of, pointers_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer


def triage(client: APIClient, address: str, outcome: str, **more: Any) -> Answer:
    return client.post(f"{address}triage/", {"outcome": outcome} | more)


@pytest.fixture
def about_somebody(client: APIClient, worker: Actor) -> str:
    """The address of a consultation about a person on the register."""
    return recorded(client, subject=str(a_resident(worker).pk))


@pytest.mark.parametrize("outcome", ["information_only", "one_off"])
def test_it_may_end_there(client: APIClient, outcome: str) -> None:
    shown = triage(client, recorded(client), outcome, urgency="soon", response="窓口を案内").json()
    assert (shown["status"], shown["urgency"]) == (outcome, "soon")
    assert (shown["response"], shown["case"]) == ("窓口を案内", None)
    assert shown["triaged_at"]
    assert not Case.objects.exists()


def test_it_may_open_a_case(client: APIClient, worker: Actor, about_somebody: str) -> None:
    shown = triage(client, about_somebody, "case_opened", urgency="today").json()
    case = Case.objects.get()
    assert (shown["status"], shown["case"]) == ("case_opened", str(case.pk))
    assert (case.status, case.lead_agency, case.person_in_charge) == (
        "assessing",
        worker.agency,
        worker.user,
    )
    assert str(case.consultation_id) in about_somebody
    assert case.resident == Consultation.objects.get().subject


def test_the_case_says_what_was_said(client: APIClient, about_somebody: str) -> None:
    triage(client, about_somebody, "case_opened")
    assert Case.objects.get().summary == "三日前から姿を見ない"


def test_unless_triage_says_it_better(client: APIClient, about_somebody: str) -> None:
    triage(client, about_somebody, "case_opened", summary="独居、安否不明")
    assert Case.objects.get().summary == "独居、安否不明"


def test_what_was_answered_before_stays(client: APIClient) -> None:
    address = recorded(client, response="折り返す")
    assert triage(client, address, "one_off").json()["response"] == "折り返す"


def test_a_case_may_be_restricted_from_the_start(
    client: APIClient, worker: Actor, about_somebody: str, plaza: Agency
) -> None:
    triage(client, about_somebody, "case_opened", confidentiality="restricted")
    case = Case.objects.get()
    assert sees(worker, case)
    assert not sees(a_member(plaza), case)


def test_a_case_needs_somebody_on_the_register(client: APIClient) -> None:
    address = recorded(client, subject_description="氏名不詳")
    assert pointers_of(triage(client, address, "case_opened")) == ["/outcome"]
    assert Consultation.objects.get().status == "received"


def test_triage_happens_once(client: APIClient, about_somebody: str) -> None:
    triage(client, about_somebody, "one_off")
    assert code_of(triage(client, about_somebody, "case_opened"), 409) == "conflict"
    assert not Case.objects.exists()


def test_what_was_triaged_is_not_edited(client: APIClient, about_somebody: str) -> None:
    tag = triage(client, about_somebody, "one_off")["ETag"]
    answer = client.patch(about_somebody, {"content": "別の話"}, headers={"If-Match": tag})
    assert code_of(answer, 409) == "conflict"


@pytest.mark.parametrize("outcome", ["received", "closed", "", None])
def test_nothing_else_comes_of_it(client: APIClient, outcome: str | None) -> None:
    answer = client.post(f"{recorded(client)}triage/", {"outcome": outcome})
    assert pointers_of(answer) == ["/outcome"]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR, Role.WATCHER, Role.AUDITOR])
def test_triage_is_casework(about_somebody: str, plaza: Agency, role: Role) -> None:
    answer = triage(api(a_member(plaza, role)), about_somebody, "one_off")
    assert code_of(answer, 403) == "role_missing"


def test_a_system_triages_and_nobody_is_in_charge_yet(plaza: Agency, about_somebody: str) -> None:
    assert triage(a_system(plaza), about_somebody, "case_opened").status_code == 200
    assert Case.objects.get().person_in_charge is None


def test_a_system_cannot_open_a_case_that_nobody_could_see(
    plaza: Agency, about_somebody: str
) -> None:
    answer = triage(a_system(plaza), about_somebody, "case_opened", confidentiality="restricted")
    assert 400 <= answer.status_code < 500
    assert not Case.objects.exists()


def test_a_second_open_case_of_one_person_needs_a_reason(client: APIClient, worker: Actor) -> None:
    person = str(a_resident(worker).pk)
    triage(client, recorded(client, subject=person), "case_opened")
    again = recorded(client, subject=person)
    assert code_of(triage(client, again, "case_opened"), 409) == "open_case_exists"
    assert triage(client, again, "case_opened", another_because="別の相談").status_code == 200
    assert Case.objects.count() == 2
    assert Case.objects.latest("id").notes.get().text == "別の相談"


@pytest.mark.parametrize("outcome", ["information_only", "one_off"])
def test_without_an_effect_it_is_taken_back_and_its_words_stay(
    client: APIClient, outcome: str
) -> None:
    address = recorded(client)
    triage(client, address, outcome, urgency="soon", response="窓口を案内")
    shown = client.post(f"{address}take-back/", {}).json()
    assert (shown["status"], shown["triaged_at"]) == ("received", None)
    assert (shown["urgency"], shown["response"]) == ("soon", "窓口を案内")
    entry = AuditEntry.objects.get(action="consultation.take_back")
    assert entry.detail["outcome"] == outcome


@pytest.mark.parametrize("outcome", ["", "case_opened"])
def test_nothing_else_is_taken_back(client: APIClient, about_somebody: str, outcome: str) -> None:
    if outcome:
        triage(client, about_somebody, outcome)
    refused = client.post(f"{about_somebody}take-back/", {})
    assert code_of(refused, 409) == "nothing_to_take_back"


def test_after_some_minutes_it_is_not_taken_back(client: APIClient) -> None:
    address = recorded(client)
    triage(client, address, "one_off")
    late = clock.now() + take_back_span() + timedelta(seconds=1)
    with time_machine.travel(late, tick=False):
        refused = client.post(f"{address}take-back/", {})
    assert code_of(refused, 409) == "too_late_to_take_back"


def test_it_is_not_taken_back_by_who_has_not_seen_what_came_since(client: APIClient) -> None:
    address = recorded(client)
    triage(client, address, "one_off")
    stale = client.post(f"{address}take-back/", {}, headers={"if-match": '"1"'})
    assert stale.status_code == 412
