"""The same asked twice: shown before the form, guarded when sent, never a word too much."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.actors import Actor
from carenet.cases.actions.cases import restrict
from carenet.cases.models import Case
from carenet.referrals.actions import acceptance_and_outcome, drafts
from carenet.referrals.models import Referral, ReferralEvent
from tests.factories import a_case, a_draft, a_member, a_sent_referral, an_agency, api

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(sender: Actor) -> Case:
    return a_case(sender)


@pytest.fixture
def first(sender: Actor, receiver: Actor, case: Case) -> Referral:
    return a_sent_referral(sender, receiver.agency, case)


def found(actor: Actor, receiver: Actor, **about: Any) -> list[str]:
    body = {"receiver": str(receiver.agency_id), "need": "assessment", **about}
    answer = api(actor).post("/api/v1/referrals/duplicates/", body)
    assert answer.status_code == 200, answer.json()
    return [each["id"] for each in answer.json()["results"]]


def test_a_live_one_is_shown_by_case_and_by_person(
    sender: Actor, receiver: Actor, first: Referral
) -> None:
    assert found(sender, receiver, case=str(first.case_id)) == [str(first.pk)]
    assert found(sender, receiver, resident=str(first.resident_id)) == [str(first.pk)]


def test_another_need_or_receiver_is_none(sender: Actor, receiver: Actor, first: Referral) -> None:
    case = str(first.case_id)
    assert found(sender, receiver, case=case, need="housing") == []
    assert found(sender, a_member(an_agency()), case=case) == []


def test_what_has_come_to_an_end_is_none(sender: Actor, receiver: Actor, first: Referral) -> None:
    acceptance_and_outcome.accept(actor=receiver, referral_id=first.pk)
    acceptance_and_outcome.fail(actor=receiver, referral_id=first.pk, reason="転居")
    assert found(sender, receiver, case=str(first.case_id)) == []


def test_one_in_an_open_pool_asks_each_of_its_agencies(
    sender: Actor, receiver: Actor, case: Case
) -> None:
    pool = [receiver.agency, an_agency()]
    offered = a_sent_referral(sender, None, case, pool=pool)
    assert found(sender, receiver, case=str(case.pk)) == [str(offered.pk)]


def test_the_case_or_the_person_must_be_named(
    sender: Actor, receiver: Actor, first: Referral
) -> None:
    body = {"receiver": str(receiver.agency_id), "need": "assessment"}
    both = {"case": str(first.case_id), "resident": str(first.resident_id)}
    for about in ({}, both):
        answer = api(sender).post("/api/v1/referrals/duplicates/", {**body, **about})
        assert answer.json()["errors"][0]["pointer"] == "/case"


def test_a_second_one_is_refused_and_the_first_is_named(
    sender: Actor, receiver: Actor, first: Referral
) -> None:
    second = a_draft(sender, receiver.agency, first.case)
    answer = api(sender).post(f"/api/v1/referrals/{second.pk}/send/")
    assert (answer.status_code, answer.json()["code"]) == (409, "duplicate_referral")
    assert answer.json()["duplicates"] == [{"id": str(first.pk), "code": first.code}]


def test_whoever_says_why_may_ask_again(sender: Actor, receiver: Actor, first: Referral) -> None:
    second = a_draft(sender, receiver.agency, first.case)
    drafts.send(actor=sender, referral_id=second.pk, duplicate_reason="状況が変わった")
    event = ReferralEvent.objects.get(referral=second, verb="send")
    assert (event.reason, event.data["duplicates"]) == ("状況が変わった", 1)


def test_a_reason_without_need_is_not_kept(sender: Actor, receiver: Actor, case: Case) -> None:
    only = a_draft(sender, receiver.agency, case)
    drafts.send(actor=sender, referral_id=only.pk, duplicate_reason="念のため")
    assert ReferralEvent.objects.get(referral=only, verb="send").reason == ""


def test_what_the_sender_may_not_see_is_neither_shown_nor_in_the_way(
    sender: Actor, receiver: Actor, first: Referral
) -> None:
    """Another case of the same person is restricted to others."""
    restrict(actor=sender, case_id=first.case_id)
    colleague = a_member(sender.agency)
    other = a_case(colleague, first.resident)
    assert found(colleague, receiver, case=str(other.pk)) == []
    second = a_draft(colleague, receiver.agency, other)
    assert drafts.send(actor=colleague, referral_id=second.pk).status == "sent"
    assert found(sender, receiver, case=str(other.pk)) != []


def test_a_kept_answer_shows_nothing_that_went_out_of_sight(
    sender: Actor, receiver: Actor, first: Referral
) -> None:
    colleague = a_member(sender.agency)
    body = {
        "case": str(first.case_id), "receiver": str(receiver.agency_id), "need": "assessment",
    }  # fmt: skip
    one = api(colleague, **{"idempotency-key": "one"})
    assert one.post("/api/v1/referrals/duplicates/", body).status_code == 200
    restrict(actor=sender, case_id=first.case_id)
    assert one.post("/api/v1/referrals/duplicates/", body).status_code == 404
