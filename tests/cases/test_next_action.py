"""What comes next, and when: somebody is told on the day."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from pytest_django import Settings
from rest_framework.test import APIClient

from carenet.agencies.actions import record_absence
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, CalendarException, Membership
from carenet.cases.models import Case
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.reminders.models import Reminder
from carenet.reminders.registry import kind_named
from tests.cases.paths import at, change
from tests.factories import a_case, a_member, a_sent_referral, api
from tests.rest.raw_requests import pointers_of

WEDNESDAY, THURSDAY = "2030-06-05", "2030-06-06"


@pytest.fixture(autouse=True)
def _far_enough(settings: Settings) -> None:
    """The days of these tests lie in 2030, so that no holiday of ours stands in their way."""
    settings.CASE_NEXT_ACTION_MOST_DAYS = 2000


def opening(day: int) -> datetime:
    return datetime(2030, 6, day, 9, tzinfo=ZoneInfo("Asia/Tokyo"))


def planned(client: APIClient, case: Case, action: str = "電話", on: str | None = WEDNESDAY) -> Any:
    answer = change(client, case, next_action=action, next_action_on=on)
    assert answer.status_code == 200, answer.content
    return answer.json()


def open_reminder(case: Case) -> Reminder | None:
    return Reminder.objects.filter(
        kind="case.next_action", subject_id=case.pk, settled_at=None
    ).first()


def test_action_and_date_come_together(client: APIClient, case: Case) -> None:
    shown = planned(client, case)
    assert (shown["next_action"], shown["next_action_on"]) == ("電話", WEDNESDAY)


@pytest.mark.parametrize(
    "half",
    [
        {"next_action": "電話"},
        {"next_action_on": WEDNESDAY},
        {"next_action": " ", "next_action_on": WEDNESDAY},
        {"next_action": "電話", "next_action_on": None},
    ],
)
def test_neither_comes_alone(client: APIClient, case: Case, half: dict[str, object]) -> None:
    assert pointers_of(change(client, case, **half)) == ["/next_action_on"]


@pytest.mark.parametrize("half", [{"next_action": ""}, {"next_action_on": None}])
def test_nor_goes_alone(client: APIClient, case: Case, half: dict[str, object]) -> None:
    planned(client, case)
    assert pointers_of(change(client, case, **half)) == ["/next_action_on"]
    assert open_reminder(case)


def test_the_database_holds_them_together(case: Case) -> None:
    with pytest.raises(IntegrityError, match="next_action_has_a_date"):
        Case.objects.filter(pk=case.pk).update(next_action="電話")


def test_a_case_without_one_reminds_nobody(case: Case) -> None:
    assert open_reminder(case) is None


def test_the_person_in_charge_is_told_when_the_agency_opens_on_the_day(
    client: APIClient, worker: Actor, case: Case
) -> None:
    planned(client, case)
    reminder = open_reminder(case)
    assert reminder
    assert reminder.due_at == opening(5)
    assert (reminder.agency, reminder.person) == (worker.agency, worker.user)
    assert reminder.subject_code == case.code


def test_on_a_closing_day_at_the_opening_before(
    client: APIClient, plaza: Agency, case: Case
) -> None:
    for day in (WEDNESDAY, THURSDAY):
        CalendarException.objects.create(agency=plaza, on=day, is_open=False)
    planned(client, case, on=THURSDAY)
    reminder = open_reminder(case)
    assert reminder
    assert reminder.due_at == opening(4)


def test_another_date_reminds_anew(client: APIClient, case: Case) -> None:
    planned(client, case)
    first = open_reminder(case)
    planned(client, case, on=THURSDAY)
    second = open_reminder(case)
    assert first
    assert second
    assert (second.pk != first.pk, second.due_at) == (True, opening(6))
    first.refresh_from_db()
    assert first.settled_at


def test_what_does_not_change_the_date_leaves_it_alone(client: APIClient, case: Case) -> None:
    planned(client, case)
    first = open_reminder(case)
    change(client, case, plan="週一回訪問")
    planned(client, case, action="訪問")
    client.post(at(case, "plan"), {})
    second = open_reminder(case)
    assert first
    assert second
    assert second.pk == first.pk


def test_done_and_nothing_next_reminds_nobody(client: APIClient, case: Case) -> None:
    planned(client, case)
    planned(client, case, action="", on=None)
    assert open_reminder(case) is None


@pytest.mark.parametrize("verb", ["close", "discontinue"])
def test_an_ended_case_reminds_nobody(client: APIClient, case: Case, verb: str) -> None:
    planned(client, case)
    client.post(at(case, verb), {"reason": "goal_reached"})
    assert open_reminder(case) is None


def test_a_reopened_case_waits_for_a_new_action(client: APIClient, case: Case) -> None:
    planned(client, case)
    client.post(at(case, "close"), {"reason": "goal_reached"})
    client.post(at(case, "reopen"), {})
    assert open_reminder(case) is None
    planned(client, case, on=THURSDAY)
    assert open_reminder(case)


def test_whoever_takes_the_case_over_is_told_instead(
    client: APIClient, plaza: Agency, case: Case
) -> None:
    planned(client, case)
    colleague = a_member(plaza)
    client.post(at(case, "reassign"), {"person": str(colleague.user_id)})
    reminder = open_reminder(case)
    assert reminder
    assert (reminder.person, reminder.due_at) == (colleague.user, opening(5))


def test_with_the_lead_the_reminder_moves_too(
    client: APIClient, worker: Actor, helper: Actor, case: Case
) -> None:
    planned(client, case)
    referral = a_sent_referral(worker, helper.agency, case, kind="TRANSFER_OF_LEAD")
    accept(actor=helper, referral_id=referral.pk)
    reminder = open_reminder(case)
    assert reminder
    assert (reminder.agency, reminder.person) == (helper.agency, helper.user)


def test_a_refused_change_leaves_no_reminder(client: APIClient, case: Case) -> None:
    stale = {"If-Match": '"7"'}
    body = {"next_action": "電話", "next_action_on": WEDNESDAY}
    assert client.patch(at(case), body, headers=stale).status_code == 412
    assert open_reminder(case) is None


def test_the_list_shows_what_is_due_next_first(client: APIClient, worker: Actor) -> None:
    later, sooner, never = a_case(worker), a_case(worker), a_case(worker)
    planned(client, later, on=THURSDAY)
    planned(client, sooner, on=WEDNESDAY)
    listed = api(worker).get("/api/v1/cases/").json()["results"]
    assert [row["id"] for row in listed] == [str(sooner.pk), str(later.pk), str(never.pk)]


def test_somebody_who_has_left_is_still_no_reason_to_be_silent(
    client: APIClient, worker: Actor, case: Case
) -> None:
    planned(client, case)
    colleague = a_member(worker.agency)
    Membership.objects.filter(user=worker.user).update(
        since="2019-01-01T00:00:00Z", until="2020-01-01T00:00:00Z"
    )
    reminder = open_reminder(case)
    assert reminder
    told = kind_named("case.next_action").recipients(reminder.occurrence(0))
    assert [recipient.user for recipient in told] == [colleague.user]


def test_for_somebody_who_is_away_whoever_stands_in_is_told(
    client: APIClient, worker: Actor, case: Case
) -> None:
    planned(client, case)
    a_member(worker.agency)
    deputy = a_member(worker.agency)
    membership = Membership.objects.get(user=worker.user)
    record_absence(actor=worker, membership=membership, deputy=deputy.user)
    reminder = open_reminder(case)
    assert reminder
    told = kind_named("case.next_action").recipients(reminder.occurrence(0))
    assert [recipient.user for recipient in told] == [deputy.user]
