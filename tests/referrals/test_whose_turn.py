"""Whose turn it is and since how many working days, in every list; the referrals of one case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from carenet.agencies.actions import add_calendar_exception
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.referrals.actions import acceptance_and_outcome, drafts
from carenet.referrals.models import Referral, ReferralOutcome
from tests.factories import a_case, a_draft, a_member, a_sent_referral, an_agency, api

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


def shown(actor: Actor, referral: Referral, days: int = 0) -> dict[str, Any]:
    with time_machine.travel(TUESDAY + timedelta(days=days), tick=False):
        body: dict[str, Any] = api(actor).get(f"/api/v1/referrals/{referral.pk}/").json()
    return body


def listed(actor: Actor, query: str, days: int = 0) -> list[str]:
    with time_machine.travel(TUESDAY + timedelta(days=days), tick=False):
        answer = api(actor).get(f"/api/v1/referrals/?{query}")
    return [each["id"] for each in answer.json()["results"]]


def test_each_side_is_told_whether_it_is_its_turn(sender: Actor, receiver: Actor) -> None:
    office = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)
    sent = a_sent_referral(sender, receiver.agency)
    turns = [shown(each, sent)["my_turn"] for each in (sender, receiver, office)]
    assert turns == [False, True, False]
    assert shown(sender, sent)["turn"] == "R"


def test_the_working_days_are_those_of_whose_turn_it_is(sender: Actor) -> None:
    receiver = a_member(an_agency(closed_weekdays=[5, 6]))
    add_calendar_exception(actor=None, agency=receiver.agency, on=(TUESDAY + timedelta(1)).date())
    sent = a_sent_referral(sender, receiver.agency)
    assert shown(sender, sent)["turn_working_days"] == 0
    assert shown(sender, sent, days=6)["turn_working_days"] == 3  # Thursday, Friday, Monday


def test_with_the_turn_the_count_begins_anew(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    with time_machine.travel(TUESDAY + timedelta(days=2), tick=False):
        acceptance_and_outcome.complete(
            actor=receiver, referral_id=sent.pk, outcome=ReferralOutcome.OTHER, report="済んだ"
        )
    found = shown(sender, sent, days=3)
    assert (found["turn"], found["my_turn"], found["turn_working_days"]) == ("S", True, 1)


def test_when_it_is_nobodys_turn_nothing_is_counted(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    api(sender).post(f"/api/v1/cases/{sent.case_id}/close/", {"reason": "moved_away"})
    found = shown(sender, sent)
    assert (found["turn"], found["my_turn"], found["turn_working_days"]) == (None, False, None)


def test_my_turn_lists_what_is_marked_so(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    draft = a_draft(sender, receiver.agency)
    assert listed(sender, "turn=mine") == [str(draft.pk)]
    assert listed(receiver, "turn=mine") == [str(sent.pk)]


def test_overdue_lists_what_was_due_before_now(sender: Actor, receiver: Actor) -> None:
    late = a_sent_referral(sender, receiver.agency, urgency="today")
    a_sent_referral(sender, receiver.agency, urgency="normal")
    a_draft(sender, receiver.agency)
    assert listed(sender, "overdue=true") == []
    assert listed(sender, "overdue=true", days=1) == [str(late.pk)]
    assert shown(sender, late, days=1)["overdue"] is True
    assert listed(receiver, "overdue=true&turn=mine&box=inbox", days=1) == [str(late.pk)]


def test_a_deadline_says_what_it_is_for(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    mine = api(receiver)
    told = [shown(receiver, sent)["due_for"]]
    for verb, body in {
        "accept": {},
        "start": {"first_contact_on": f"{clock.today()}"},
        "hold": {"reason": "入院", "review_on": f"{clock.today() + timedelta(days=9)}"},
    }.items():
        assert mine.post(f"/api/v1/referrals/{sent.pk}/{verb}/", body).status_code == 200
        told.append(shown(receiver, sent)["due_for"])
    assert told == ["answer", "first_contact", "progress", "review"]


@pytest.mark.parametrize("value", ["false", "yes", ""])
def test_overdue_takes_no_other_word(sender: Actor, value: str) -> None:
    answer = api(sender).get(f"/api/v1/referrals/?overdue={value}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/overdue")


# The referrals of one case


def test_a_case_lists_its_referrals_newest_first(sender: Actor, receiver: Actor) -> None:
    case = a_case(sender)
    made = [a_draft(sender, receiver.agency, case) for _ in range(3)]
    drafts.discard(actor=sender, referral_id=made[1].pk)
    a_draft(sender, receiver.agency)
    found = api(sender).get(f"/api/v1/cases/{case.pk}/referrals/").json()["results"]
    assert [each["id"] for each in found] == [str(made[2].pk), str(made[0].pk)]


def test_who_supports_a_case_sees_of_its_referrals_those_with_a_part(
    sender: Actor, receiver: Actor
) -> None:
    case = a_case(sender)
    mine = a_sent_referral(sender, receiver.agency, case)
    acceptance_and_outcome.accept(actor=receiver, referral_id=mine.pk)
    a_sent_referral(sender, an_agency(), case)
    found = api(receiver).get(f"/api/v1/cases/{case.pk}/referrals/").json()["results"]
    assert [each["id"] for each in found] == [str(mine.pk)]


def test_a_case_out_of_reach_lists_nothing(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    answer = api(receiver).get(f"/api/v1/cases/{sent.case_id}/referrals/")
    assert answer.status_code == 404
