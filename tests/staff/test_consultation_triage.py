"""Triage of a consultation that was taken earlier."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from carenet.agencies.roles import Role
from carenet.cases.models import Case
from carenet.core import clock
from carenet.reminders.policy import take_back_span
from tests.factories import a_case, a_member, a_resident, an_agency
from tests.staff.consultations import HERE, a_call, complete, decide, desk, of

pytestmark = pytest.mark.django_db


def test_triage_leads_to_the_case_that_it_opened() -> None:
    actor = a_member(an_agency())
    call = a_call(actor, subject=a_resident(actor))
    answer = decide(actor, call, summary="独居、安否不明", confidentiality="restricted")
    case = Case.objects.get()
    assert answer["Location"] == f"/desk/cases/{case.pk}/"
    assert (case.summary, case.restricted) == ("独居、安否不明", True)


@pytest.mark.parametrize("outcome", ["information_only", "one_off"])
def test_without_a_case_triage_leads_back_to_the_list(outcome: str) -> None:
    actor = a_member(an_agency())
    call = a_call(actor)
    answer = decide(actor, call, outcome=outcome, response="窓口を案内")
    assert answer["Location"] == f"{HERE}?done={call.pk}"
    call.refresh_from_db()
    assert (call.status, call.response, call.urgency) == (outcome, "窓口を案内", "soon")


def test_a_case_of_nobody_is_refused_and_what_was_typed_stays() -> None:
    actor = a_member(an_agency())
    refused = decide(actor, a_call(actor), summary="独居")
    assert refused.context["form"].errors["outcome"]
    assert "独居" in refused.content.decode()


def test_a_triage_that_lost_a_race_tells_what_the_colleague_decided() -> None:
    actor, colleague = (a_member(agency) for agency in [an_agency()] * 2)
    call = a_call(actor)
    decide(colleague, call, outcome="one_off")
    refused = decide(actor, call, outcome="information_only")
    assert refused.status_code == 412
    assert "triaged in the meantime" in refused.content.decode()
    assert "It was not kept." in refused.content.decode()
    call.refresh_from_db()
    assert call.status == "one_off"


@pytest.mark.parametrize("outcome", ["case_opened", "case_joined"])
def test_what_was_typed_for_a_triage_that_came_too_late_is_shown_to_be_copied(outcome: str) -> None:
    actor, colleague = (a_member(agency) for agency in [an_agency()] * 2)
    call = a_call(actor)
    decide(colleague, call, outcome="one_off")
    refused = decide(actor, call, outcome=outcome, response="明日訪ねる", summary="独居")
    shown = refused.content.decode()
    assert "明日訪ねる" in shown
    assert "独居" in shown
    assert "to be copied" in shown
    main = shown.split("<main")[1]
    assert "still here" not in main
    assert "once more" not in main


def test_an_answer_that_one_only_read_does_not_replace_what_the_colleague_wrote() -> None:
    actor, colleague = (a_member(agency) for agency in [an_agency()] * 2)
    call = a_call(actor, response="折り返す")
    complete(colleague, call, response="訪ねた")
    read = {"outcome": "one_off", "response": "折り返す", "initial-response": "折り返す"}
    refused = decide(actor, call, **read)
    assert refused.status_code == 412
    assert 'name="initial-response" value="折り返す"' in refused.content.decode()
    call.refresh_from_db()
    assert decide(actor, call, **read).status_code == 303
    call.refresh_from_db()
    assert call.response == "訪ねた"


def test_what_was_triaged_offers_nothing_more() -> None:
    actor = a_member(an_agency())
    call = a_call(actor)
    decide(actor, call, outcome="one_off")
    page = desk(actor).get(of(call)).context
    assert not page["triage"]
    assert not page["edit"]


def test_a_manager_reads_and_is_told_why_there_is_no_more() -> None:
    agency = an_agency()
    call = a_call(a_member(agency))
    page = desk(a_member(agency, Role.MANAGER)).get(of(call)).context
    assert not page["triage"]
    assert page["denials"]


@pytest.mark.parametrize("version", ["", "x", "9" * 30, "9" * 5000, "²"])
def test_nothing_is_decided_unseen(version: str) -> None:
    actor = a_member(an_agency())
    call = a_call(actor)
    assert decide(actor, call, outcome="one_off", version=version).status_code == 428
    assert complete(actor, call, version=version).status_code == 428


def test_it_is_added_to_the_open_case_of_the_person() -> None:
    actor = a_member(an_agency())
    case = a_case(actor)
    call = a_call(actor, subject=case.resident)
    page = desk(actor).get(of(call)).context["form"]
    assert page.initial["case"] == str(case.pk)
    answer = decide(actor, call, outcome="case_joined", case=str(case.pk))
    assert answer["Location"] == f"/desk/cases/{case.pk}/"
    call.refresh_from_db()
    assert call.led_to == case
    story = desk(actor).get(answer["Location"]).context["timeline"]
    assert [entry.words for entry in story if entry.kind == "Consultation"] == [call.content]


def test_to_which_case_it_is_added_is_asked() -> None:
    actor = a_member(an_agency())
    call = a_call(actor, subject=a_case(actor).resident)
    refused = decide(actor, call, outcome="case_joined", case="")
    assert refused.context["form"].errors["case"]


def test_without_an_open_case_nothing_is_there_to_add_it_to() -> None:
    actor = a_member(an_agency())
    call = a_call(actor, subject=a_resident(actor))
    assert not desk(actor).get(of(call)).context["form"].joins
    assert decide(actor, call, outcome="case_joined", case="x").status_code == 422


@pytest.mark.operation("consultations_take_back_create")
def test_a_decision_without_an_effect_is_said_above_the_list_and_undone_from_there() -> None:
    actor = a_member(an_agency())
    call = a_call(actor)
    there = decide(actor, call, outcome="one_off")["Location"]
    assert "Decided: one-off." in desk(actor).get(there).content.decode()
    undone = desk(actor).post(f"{of(call)}take-back/", {"version": call.version + 1})
    shown = desk(actor).get(undone["Location"]).content.decode()
    assert "Taken back: it waits for a decision again." in shown
    call.refresh_from_db()
    assert call.status == "received"


def test_after_its_time_a_decision_is_not_offered_to_be_undone() -> None:
    actor = a_member(an_agency())
    call = a_call(actor)
    there = decide(actor, call, outcome="one_off")["Location"]
    with time_machine.travel(clock.now() + take_back_span() + timedelta(minutes=1), tick=False):
        shown = desk(actor).get(there).content.decode()
    assert "Decided: one-off." in shown
    assert "take-back" not in shown
