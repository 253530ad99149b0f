"""Each lawful basis holds, or is refused.

What it rests on, who gives it, until when, against whose word.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.actions.cases import move
from carenet.cases.models import Case
from carenet.cases.states import CaseVerb
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.reminders.models import Reminder
from carenet.reminders.registry import kind_named
from carenet.residents.actions import withdraw_consent
from carenet.residents.models import Consent
from tests.cases.paths import at, sees
from tests.factories import a_case, a_draft, a_member, a_resident, a_sent_referral, an_agency, api
from tests.residents.samples import a_consent
from tests.rest.raw_requests import code_of, pointers_of

SAID = {"method": "oral", "given_by": "本人"}
DANGER = {"basis": "LIFE_BODY_PROPERTY", "reason": "自殺をほのめかしている"}


@pytest.fixture
def case(registrar: Actor) -> Case:
    return a_case(registrar, a_resident(registrar))


@pytest.fixture
def ward(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency(AgencyKind.WARD_OFFICE))


def give(lead: Actor, case: Case, to: Actor, **more: Any) -> Any:
    body = {"agency": str(to.agency_id), "permission": "view_case", "reason": "訪問を分担する"}
    return api(lead).post(at(case, "grants"), body | more)


def send(actor: Actor, to: Actor, case: Case, said: Any = None, **words: Any) -> Any:
    draft = a_draft(actor, to.agency, case, **words)
    body = {"duplicate_reason": "別の件"} | ({"consent_said": said} if said else {})
    return api(actor).post(f"/api/v1/referrals/{draft.pk}/send/", body)


def days_left(grant: Grant) -> int:
    assert grant.until
    return (grant.until - timezone.now() + timedelta(hours=1)).days


# Consent.


def test_consent_that_nobody_has_given_opens_nothing(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    refused = give(registrar, case, helper, basis="CONSENT")
    assert pointers_of(refused) == ["/consent"]
    told = refused.json()["errors"][0]["detail"]
    assert "Ask the person" in told
    assert "basis" not in told
    assert pointers_of(send(registrar, helper, case, sharing_basis="CONSENT")) == ["/consent"]
    assert not sees(helper, case)


def test_a_consent_on_record_is_found_and_ends_what_rests_on_it(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    consent = a_consent(registrar, case.resident, helper.agency)
    assert give(registrar, case, helper, basis="CONSENT").status_code == 201
    assert sees(helper, case)
    withdraw_consent(
        actor=registrar, resident_id=case.resident_id, consent_id=consent.pk, method="oral"
    )
    assert not sees(helper, case)


def test_one_is_written_down_in_the_same_breath(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    answer = give(registrar, case, helper, basis="CONSENT", consent_said=SAID)
    assert answer.status_code == 201, answer.content
    consent = Consent.objects.get()
    assert (consent.given_by, consent.method, consent.agencies) == (
        "本人", "oral", [helper.agency_id],
    )  # fmt: skip
    assert answer.json()["cause_id"] == str(consent.pk)
    assert answer.json()["until"]


def test_a_referral_takes_one_along(registrar: Actor, helper: Actor, case: Case) -> None:
    sent = send(registrar, helper, case, SAID, sharing_basis="CONSENT")
    assert sent.status_code == 200, sent.content
    assert sent.json()["consent"] == str(Consent.objects.get().pk)


def test_it_says_how_and_by_whom(registrar: Actor, helper: Actor, case: Case) -> None:
    for missing in SAID:
        said = {name: word for name, word in SAID.items() if name != missing}
        refused = give(registrar, case, helper, basis="CONSENT", consent_said=said)
        assert pointers_of(refused) == [f"/consent_said/{missing}"]


def test_a_consent_of_another_person_carries_nothing(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    a_consent(registrar, a_resident(registrar), helper.agency)
    assert pointers_of(give(registrar, case, helper, basis="CONSENT")) == ["/consent"]


# What the person has refused.


@pytest.mark.parametrize("basis", ["WITHIN_PURPOSE", "CONSENT"])
def test_a_refusal_stands_and_nothing_else_is_recommended(
    registrar: Actor, helper: Actor, case: Case, basis: str
) -> None:
    a_consent(registrar, case.resident, helper.agency, pole="refused")
    refused = give(registrar, case, helper, basis=basis, **({"consent_said": SAID} if basis == "CONSENT" else {}))  # fmt: skip
    assert code_of(refused, 409) == "consent_refused"
    assert "basis" not in refused.json()["detail"]
    words = {"sharing_basis": basis}
    assert code_of(send(registrar, helper, case, **words), 409) == "consent_refused"
    assert not sees(helper, case)


@pytest.mark.parametrize("basis", ["INTERNAL", "OTHER_AGENCY", "CLEAR_BENEFIT"])
def test_it_stands_against_an_organ_too(ward: Actor, helper: Actor, basis: str) -> None:
    case = a_case(ward, a_resident(ward))
    a_consent(ward, case.resident, helper.agency, pole="refused")
    assert code_of(give(ward, case, helper, basis=basis), 409) == "consent_refused"


def test_what_was_refused_meanwhile_is_not_accepted(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    sent = a_sent_referral(registrar, helper.agency, case)
    a_consent(registrar, case.resident, helper.agency, pole="refused")
    accepting = api(helper).post(f"/api/v1/referrals/{sent.pk}/accept/", {})
    assert code_of(accepting, 409) == "consent_refused"
    assert not sees(helper, case)


# A danger.


def test_a_danger_opens_what_was_refused_for_seven_days(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    a_consent(registrar, case.resident, helper.agency, pole="refused")
    far = (timezone.now() + timedelta(days=200)).isoformat()
    assert give(registrar, case, helper, **DANGER, until=far).status_code == 201
    assert days_left(Grant.objects.get()) == 7
    assert sees(helper, case)


def test_the_danger_is_said_in_words_of_its_own(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    refused = send(registrar, helper, case, sharing_basis="LIFE_BODY_PROPERTY")
    assert pointers_of(refused) == ["/basis_words"]


def test_the_privacy_officer_hears_of_it(registrar: Actor, helper: Actor, ward: Actor) -> None:
    officer = a_member(ward.agency, Role.AUDITOR)
    registrar.agency.municipality_code = ward.agency.municipality_code
    case = a_case(registrar, a_resident(registrar))
    give(registrar, case, helper, **DANGER)
    reminder = Reminder.objects.get(kind="basis.danger")
    told = kind_named("basis.danger").recipients(reminder.occurrence(0))
    assert [each.user for each in told] == [officer.user]


def test_what_was_not_received_in_time_is_not_shown_any_more(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    words = {"sharing_basis": "LIFE_BODY_PROPERTY", "basis_words": "火の不始末"}
    sent = a_sent_referral(registrar, helper.agency, case, **words)
    address = f"/api/v1/referrals/{sent.pk}/"
    assert api(helper).get(address).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert api(helper).get(address).status_code == 404
        assert api(helper).get(f"/api/v1/residents/{case.resident_id}/").status_code == 404


# Who may give it.


@pytest.mark.parametrize("basis", ["INTERNAL", "OTHER_AGENCY", "CLEAR_BENEFIT"])
def test_an_organs_bases_are_the_ward_offices(
    registrar: Actor, ward: Actor, helper: Actor, case: Case, basis: str
) -> None:
    refused = give(registrar, case, helper, basis=basis)
    assert code_of(refused, 403) == "basis_not_yours"
    assert "ward office" in refused.json()["missing_basis"]
    led = a_case(ward, a_resident(ward))
    assert give(ward, led, helper, basis=basis).status_code == 201
    assert days_left(Grant.objects.get()) == 90


def test_the_purpose_is_given_by_the_lead_and_by_r_of_a_referral(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    accept(actor=helper, referral_id=a_sent_referral(registrar, helper.agency, case).pk)
    third = a_member(an_agency())
    assert send(helper, third, case).status_code == 200


def test_but_not_by_whom_the_lead_has_only_let_in(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    words = {"basis": "WITHIN_PURPOSE", "permission": "co_support_case"}
    assert give(registrar, case, helper, **words).status_code == 201
    third = a_member(an_agency())
    assert code_of(send(helper, third, case), 403) == "basis_not_yours"


@pytest.mark.parametrize("basis", ["ABUSE_REPORT", "CHILD_WELFARE"])
def test_a_report_that_nobody_holds_carries_nothing(
    registrar: Actor, helper: Actor, case: Case, basis: str
) -> None:
    refused = give(registrar, case, helper, basis=basis)
    assert code_of(refused, 400) == "basis_needs_its_object"


# Until when.


def test_what_rests_on_the_purpose_ends_some_days_after_the_case(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    give(registrar, case, helper, basis="WITHIN_PURPOSE")
    assert days_left(Grant.objects.get()) == 365
    move(actor=registrar, case_id=case.pk, verb=CaseVerb.CLOSE, reason="goal_reached")
    assert days_left(Grant.objects.get()) == 90
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert not sees(helper, case)


def test_a_share_is_prolonged_with_a_reason(registrar: Actor, helper: Actor, case: Case) -> None:
    soon = (timezone.now() + timedelta(days=3)).isoformat()
    first = give(registrar, case, helper, basis="WITHIN_PURPOSE", until=soon).json()["id"]
    address = at(case, "grants", first, "prolong")
    assert pointers_of(api(registrar).post(address, {})) == ["/reason"]
    longer = api(registrar).post(address, {"reason": "訪問が続く"})
    assert longer.status_code == 201, longer.content
    living = Grant.objects.live().get()
    assert (str(living.pk), living.reason) == (longer.json()["id"], "訪問が続く")
    assert sees(helper, case)


def test_what_was_refused_meanwhile_is_not_prolonged(
    registrar: Actor, helper: Actor, case: Case
) -> None:
    first = give(registrar, case, helper, basis="WITHIN_PURPOSE").json()["id"]
    a_consent(registrar, case.resident, helper.agency, pole="refused")
    refused = api(registrar).post(at(case, "grants", first, "prolong"), {"reason": "続く"})
    assert code_of(refused, 409) == "consent_refused"
