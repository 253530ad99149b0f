"""A report on its pages: from the call to its closing with two deciders, and what each is offered."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from carenet.abuse.models import AbuseDeadline, AbuseReport
from carenet.abuse.states import AbuseStatus, AbuseVerb
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.deadlines.states import DefaultRule, RuleBasis
from carenet.staff.pages.abuse.clock import basis_words
from carenet.staff.pages.abuse.stepper import milestones
from tests.abuse.requests import NAME, PHONE, a_report, checked, propose
from tests.factories import a_case, a_member, an_agency
from tests.staff.query_count import queries
from tests.staff.test_abuse import desk

pytestmark = pytest.mark.django_db
NOW = {"happened_at": "きょう"}


@pytest.fixture
def office() -> Actor:
    return a_member(an_agency(AgencyKind.WARD_OFFICE), Role.MANAGER)


@pytest.fixture
def officer(office: Actor) -> Actor:
    return a_member(office.agency)


@pytest.fixture
def worker(office: Actor) -> Actor:  # noqa: ARG001 - who decides comes first
    return a_member(an_agency())


@pytest.fixture
def report(worker: Actor, office: Actor, officer: Actor) -> AbuseReport:
    return a_report(worker, a_case(worker), members=[office.user, officer.user])


def page(actor: Actor, report: AbuseReport) -> str:
    answer = desk(actor).get(f"/desk/abuse/{report.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def take(actor: Actor, report: AbuseReport, step: str, **typed: Any) -> None:
    """Take a step on its page, as the report stands now, and look at what the page then says."""
    here = f"/desk/abuse/{report.pk}/{step}/"
    client, version = desk(actor), AbuseReport.objects.get(pk=report.pk).version
    assert client.get(here).status_code == 200
    answer = client.post(here, {"version": version, **typed})
    assert answer.status_code == 303, answer.content.decode()
    assert 'class="notice done"' in client.get(answer.headers["Location"]).content.decode()


def filled(actor: Actor, report: AbuseReport) -> list[str]:
    """Return the ends of the addresses to which the filled button leads: one, or none."""
    found = re.findall(r'<a class="button" href="([^"]+)"', page(actor, report))
    return [address.split("/")[-2] for address in found]


@pytest.mark.operation(
    "abuse_reports_hold_reception_create",
    "abuse_reports_check_facts_create",
    "abuse_reports_decide_create",
    "abuse_reports_confirm_decision_create",
    "abuse_reports_plan_create",
    "abuse_reports_evaluate_create",
    "abuse_reports_close_create",
)
def test_from_the_call_to_the_closing_by_two_deciders(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    assert filled(worker, report) == ["reception"]
    meeting = NOW | {"attendees": "区 高齢者支援担当\n山田", "urgency": "today", "to_check": "yes"}
    take(worker, report, "reception", **meeting)
    assert filled(worker, report) == ["facts"]
    take(worker, report, "facts", **NOW, method="visit", seen_in_person="yes", text="あざを確認")
    assert (filled(worker, report), filled(office, report)) == ([], ["propose"])
    both = [str(office.user_id), str(officer.user_id)]
    take(office, report, "propose", **NOW, finding="found", text="根拠", deciders=both)
    assert (filled(office, report), filled(officer, report)) == ([], ["confirm"])
    take(officer, report, "confirm")
    assert filled(officer, report) == ["plan"]
    take(worker, report, "plan", **NOW, text="分離と見守り")
    take(worker, report, "evaluate", **NOW, evaluation="resolved", text="やんだ")
    assert (filled(worker, report), filled(office, report)) == ([], ["close"])
    take(office, report, "close", **NOW, text="終わり")
    report.refresh_from_db()
    assert report.status == AbuseStatus.CLOSED
    assert {*report.deciders} == {office.user_id, officer.user_id}
    trail = set(
        AuditEntry.objects.filter(object_ids__contains=[report.pk]).values_list("action", flat=True)
    )
    assert trail >= {
        f"abuse_report.{verb.value}"
        for verb in AbuseVerb
        if verb
        in {
            AbuseVerb.REPORT, AbuseVerb.HOLD_RECEPTION, AbuseVerb.CHECK_FACTS,
            AbuseVerb.PROPOSE_DECISION, AbuseVerb.DECIDE, AbuseVerb.PLAN, AbuseVerb.EVALUATE,
            AbuseVerb.CLOSE,
        }
    }  # fmt: skip
    assert NAME not in page(office, report)


@pytest.mark.operation("abuse_reports_withdraw_decision_create")
def test_whoever_proposed_sees_for_whom_it_waits_and_takes_it_back(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    propose(office, checked(worker, report), office, officer)
    told = page(office, report)
    assert officer.user
    assert officer.user.name in told
    assert "/withdraw/" in told
    assert "/confirm/" not in told
    take(office, report, "withdraw", text="早すぎた")
    assert filled(office, report) == ["propose"]


@pytest.mark.operation("abuse_reports_reject_decision_create")
def test_another_decider_rejects(
    worker: Actor, office: Actor, officer: Actor, report: AbuseReport
) -> None:
    propose(office, checked(worker, report), office, officer)
    take(officer, report, "reject", text="根拠が足りない")
    assert AbuseReport.objects.get().status == AbuseStatus.FACTS_CHECKED


@pytest.mark.operation("abuse_reports_investigate_entry_create")
def test_an_entry_investigation_is_the_ward_offices(
    worker: Actor, officer: Actor, report: AbuseReport
) -> None:
    checked(worker, report)
    entered = NOW | {"attendees": "区", "with_police": "yes"}
    assert desk(worker).get(f"/desk/abuse/{report.pk}/entry/").status_code == 403
    take(officer, report, "entry", **entered)


def test_a_step_that_was_not_answered_comes_back_at_its_field(
    worker: Actor, report: AbuseReport
) -> None:
    here = f"/desk/abuse/{report.pk}/reception/"
    typed = NOW | {"attendees": "区", "urgency": "today", "version": report.version}
    answer = desk(worker).post(here, typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["to_check"])


def test_who_reported_is_refused_at_the_field(worker: Actor, report: AbuseReport) -> None:
    here = f"/desk/abuse/{report.pk}/reception/"
    typed = NOW | {"attendees": "区", "urgency": "today", "to_check": "yes"}
    answer = desk(worker).post(here, typed | {"text": NAME, "version": report.version})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["text"])


def test_a_stale_report_is_not_moved(worker: Actor, report: AbuseReport) -> None:
    here = f"/desk/abuse/{report.pk}/reception/"
    typed = NOW | {"attendees": "区", "urgency": "today", "to_check": "yes", "version": 0}
    assert desk(worker).post(here, typed).status_code == 412


def test_a_step_that_is_not_next_says_so(worker: Actor, report: AbuseReport) -> None:
    assert desk(worker).get(f"/desk/abuse/{report.pk}/plan/").status_code == 409


def test_the_page_says_how_much_of_the_48_hours_is_left(worker: Actor, report: AbuseReport) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=40), tick=False):
        told = page(worker, report)
    assert 'class="state urgent">7 hours' in told
    assert "48 hours from: abuse report" in told


def test_a_rule_that_nobody_has_checked_is_never_shown_as_law() -> None:
    rule = DefaultRule(RuleBasis.LAW, "A law.", hours=1, unchecked=True)
    assert basis_words(rule) != RuleBasis.LAW.label


def test_a_report_that_is_not_checked_leaves_the_check_out(
    worker: Actor, report: AbuseReport
) -> None:
    take(
        worker, report, "reception", **NOW, attendees="区", urgency="normal", to_check="no"
    )  # fmt: skip
    report.refresh_from_db()
    steps = milestones(report, set())
    assert [each.label for each in steps if each.left_out] == [AbuseVerb.CHECK_FACTS.label]
    assert [each.label for each in steps if each.now] == [AbuseVerb.DECIDE.label]


def test_a_page_of_a_report_asks_little(worker: Actor, report: AbuseReport) -> None:
    here = f"/desk/abuse/{report.pk}/"
    before = len(queries(desk(worker), here))
    checked(worker, report)
    assert before == len(queries(desk(worker), here))
    assert before <= 11


def test_whoever_is_not_named_finds_no_report(worker: Actor, report: AbuseReport) -> None:
    colleague = a_member(worker.agency)
    for step in ("", "reception/", "close/"):
        found = desk(colleague).get(f"/desk/abuse/{report.pk}/{step}")
        assert found.status_code in {403, 404}
    assert PHONE not in page(worker, report)
    assert AbuseDeadline.objects.filter(over_at=None).exists()
