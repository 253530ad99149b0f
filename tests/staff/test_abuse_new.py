"""Abuse is reported from a call, a case, a person and a referral; nothing is typed twice."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.abuse.models import AbuseReport
from carenet.agencies.actors import Actor
from carenet.cases.actions.consultations import record
from carenet.cases.models import Case, Consultation
from carenet.referrals.actions import acceptance_and_outcome
from tests.abuse.requests import NAME, PHONE
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.staff.test_abuse import TYPED, desk
from tests.staff.test_abuse_steps import office, worker

__all__ = ["office", "worker"]

pytestmark = pytest.mark.django_db
NEW: dict[str, Any] = TYPED | {"channel": "phone", "name": NAME, "phone": PHONE}


@pytest.fixture
def case(worker: Actor) -> Case:
    return a_case(worker, a_resident(worker, birth_year=1941))


@pytest.fixture
def call(worker: Actor) -> Consultation:
    return record(
        actor=worker, channel="phone", relationship="neighbour", topics=["abuse"],
        main_topic="abuse", caller_name=NAME, caller_phone=PHONE,
        subject=a_resident(worker, birth_year=1941), content=f"怒鳴り声がする。{NAME}より",
    )  # fmt: skip


def test_the_form_says_already_what_the_call_said(worker: Actor, call: Consultation) -> None:
    form = desk(worker).get(f"/desk/consultations/{call.pk}/abuse/").context["form"]
    assert form["victim"].initial == "older_person"
    assert form["content"].initial == "怒鳴り声がする。(the reporter)より"
    assert (form["name"].initial, form["phone"].initial) == (NAME, PHONE)
    assert not {"received_at", "channel"} & form.fields.keys()


def test_a_case_is_reported_and_restricted_in_one_breath(worker: Actor, case: Case) -> None:
    here = f"/desk/cases/{case.pk}/abuse/"
    page = desk(worker).get(f"/desk/cases/{case.pk}/").content.decode()
    assert here in page
    taken = desk(worker).post(here, NEW)
    assert taken.status_code == 303, taken.content.decode()
    report = AbuseReport.objects.get()
    assert report.case.restricted
    shown = desk(worker).get(taken.headers["Location"]).content.decode()
    assert "The report is taken" in shown
    assert NAME not in shown
    assert (
        f"/desk/abuse/{report.pk}/" in desk(worker).get(f"/desk/cases/{case.pk}/").content.decode()
    )


def test_who_reported_in_the_words_comes_back_at_the_field(worker: Actor, case: Case) -> None:
    answer = desk(worker).post(f"/desk/cases/{case.pk}/abuse/", NEW | {"content": f"{NAME}から"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["content"])


def test_whoever_supports_is_told_who_takes_the_report(worker: Actor, case: Case) -> None:
    helper = a_member(an_agency())
    referral = a_sent_referral(worker, helper.agency, case)
    acceptance_and_outcome.accept(actor=helper, referral_id=referral.pk)
    way = desk(helper).get(f"/desk/referrals/{referral.pk}/abuse/")
    assert way.headers["Location"] == f"/desk/cases/{case.pk}/abuse/"
    refused = desk(helper).get(way.headers["Location"])
    assert refused.status_code == 403
    assert worker.agency.name in refused.content.decode()


def test_before_it_is_accepted_a_referral_leads_to_its_person(worker: Actor, case: Case) -> None:
    helper = a_member(an_agency())
    referral = a_sent_referral(worker, helper.agency, case)
    way = desk(helper).get(f"/desk/referrals/{referral.pk}/abuse/")
    assert way.status_code in {303, 404}


def test_of_a_person_the_cases_that_one_leads_are_offered(worker: Actor, case: Case) -> None:
    here = f"/desk/people/{case.resident_id}/abuse/"
    assert here in desk(worker).get(f"/desk/people/{case.resident_id}/").content.decode()
    assert f"/desk/cases/{case.pk}/abuse/" in desk(worker).get(here).content.decode()


def test_of_a_person_a_call_begins_with_its_topic(worker: Actor, case: Case) -> None:
    answer = desk(worker).post(f"/desk/people/{case.resident_id}/abuse/")
    form = desk(worker).get(answer.headers["Location"]).context["form"]
    assert "abuse" in form.initial["topics"]
    assert form.initial["subject"] == str(case.resident_id)
