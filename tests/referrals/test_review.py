"""Referrals as figures: for how many working days they wait at whom, and how far they have come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.actions.cases import restrict
from carenet.core import clock
from carenet.referrals.actions import (
    acceptance_and_outcome,
    loop_closure,
    reopened_referrals,
    withdrawal,
)
from carenet.referrals.models import NeedMet, Referral, ReferralOutcome
from carenet.referrals.selectors import review
from carenet.referrals.selectors.review import Stage
from tests.factories import a_draft, a_member, a_sent_referral, an_agency

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
LONG_AGO = TUESDAY - timedelta(days=30)
FOUR_REACHED = {"sent": 1, "received": 1, "accepted": 1, "started": 1}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def office(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)


def days_later(days: int) -> Any:
    return time_machine.travel(TUESDAY + timedelta(days=days), tick=False)


def waiting(actor: Actor) -> dict[str, review.Waiting]:
    rows = review.ageing(actor)
    return {row.agency.name if row.agency else "": row for row in rows}


def reached(actor: Actor, since: datetime = LONG_AGO) -> dict[str, int]:
    """Return the figures of the only agency that was asked."""
    [row] = review.funnel(actor, since)
    return {stage.value: number for stage, number in row.reached.items() if number}


def codes(actor: Actor, stage: Stage, referral: Referral) -> list[str]:
    return [each.code for each in review.at_stage(actor, stage, referral.receiver_id, LONG_AGO)]


def test_what_is_open_waits_at_the_agency_whose_turn_it_is(
    office: Actor, sender: Actor, receiver: Actor
) -> None:
    asked = a_sent_referral(sender, receiver.agency)
    a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.receive(actor=receiver, referral_id=asked.pk)
    done = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=done.pk)
    acceptance_and_outcome.complete(
        actor=receiver, referral_id=done.pk, outcome=ReferralOutcome.OTHER, report="済"
    )
    found = waiting(office)
    assert found[receiver.agency.name].number == 2
    assert found[sender.agency.name].number == 1


def test_ages_are_working_days_of_whoever_lets_it_wait(office: Actor, sender: Actor) -> None:
    receiver = a_member(an_agency(closed_weekdays=[5, 6]))
    a_sent_referral(sender, receiver.agency)
    with days_later(6):
        a_sent_referral(sender, receiver.agency)
        row = waiting(office)[receiver.agency.name]
    assert row.by_age == [1, 0, 1, 0, 0]  # Wednesday, Thursday, Friday, Monday: four
    assert (row.mean, row.median) == (2, 2)


def test_what_is_overdue_is_counted_besides(office: Actor, sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    assert waiting(office)[receiver.agency.name].overdue == 0
    Referral.objects.filter(pk=sent.pk).update(due_at=LONG_AGO)
    assert waiting(office)[receiver.agency.name].overdue == 1


def test_what_nobody_of_a_pool_has_claimed_waits_at_no_agency(office: Actor, sender: Actor) -> None:
    pool = [a_member(an_agency()).agency for _each in range(2)]
    sent = a_sent_referral(sender, None, pool=pool)
    assert waiting(office)[""].number == 1
    assert [each.pk for each in review.at_stage(office, Stage.TURN, None)] == [sent.pk]


def test_a_draft_is_not_counted(sender: Actor, receiver: Actor) -> None:
    a_draft(sender, receiver.agency)
    manager = a_member(sender.agency, Role.MANAGER)
    assert review.ageing(manager) == []
    assert review.funnel(manager, LONG_AGO) == []


def test_each_step_counts_as_all_before_it(office: Actor, sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    assert reached(office) == {"sent": 1}
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    assert reached(office) == {"sent": 1, "received": 1, "accepted": 1}
    acceptance_and_outcome.start(
        actor=receiver, referral_id=sent.pk, first_contact_on=TUESDAY.date()
    )
    assert reached(office) == FOUR_REACHED


def test_what_was_done_and_closed_has_come_to_the_end(
    office: Actor, sender: Actor, receiver: Actor
) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    acceptance_and_outcome.complete(
        actor=receiver, referral_id=sent.pk, outcome=ReferralOutcome.OTHER, report="済"
    )
    assert reached(office) == FOUR_REACHED
    loop_closure.close(actor=sender, referral_id=sent.pk, need_met=NeedMet.YES)
    assert reached(office) == {**FOUR_REACHED, "closed": 1}


def test_the_work_before_it_was_reopened_does_not_count_as_begun(
    office: Actor, sender: Actor, receiver: Actor
) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    acceptance_and_outcome.complete(
        actor=receiver, referral_id=sent.pk, outcome=ReferralOutcome.OTHER, report="済"
    )
    loop_closure.close(actor=sender, referral_id=sent.pk, need_met=NeedMet.YES)
    with days_later(1):
        reopened_referrals.reopen(actor=sender, referral_id=sent.pk, reason="また必要になった")
        acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
        assert reached(office) == {"sent": 1, "received": 1, "accepted": 1}
        assert codes(office, Stage.STARTED, sent) == []
        acceptance_and_outcome.start(
            actor=receiver, referral_id=sent.pk, first_contact_on=clock.today()
        )
        assert reached(office) == FOUR_REACHED


def test_work_that_goes_on_after_it_was_completed_has_begun(
    office: Actor, sender: Actor, receiver: Actor
) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    acceptance_and_outcome.complete(
        actor=receiver, referral_id=sent.pk, outcome=ReferralOutcome.OTHER, report="済"
    )
    with days_later(1):
        reopened_referrals.reopen(actor=sender, referral_id=sent.pk, reason="まだ終わっていない")
        assert reached(office) == FOUR_REACHED


def test_who_is_asked_for_the_first_time_between_two_reads_is_in_the_next_look(
    office: Actor, sender: Actor, receiver: Actor
) -> None:
    a_sent_referral(sender, receiver.agency)
    late = a_member(an_agency())
    waits = [late]

    def after_the_first(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if waits and "GROUP BY" in sql:
            sent = a_sent_referral(sender, waits.pop().agency)
            acceptance_and_outcome.accept(actor=late, referral_id=sent.pk)
        return found

    with connection.execute_wrapper(after_the_first):
        rows = review.funnel(office, LONG_AGO)
    assert waits == []
    assert [row.agency for row in rows] == [receiver.agency]


def test_what_was_taken_back_has_ended_otherwise(
    office: Actor, sender: Actor, receiver: Actor
) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    withdrawal.withdraw(actor=sender, referral_id=sent.pk, reason="入院した")
    assert reached(office) == {"sent": 1, "other": 1}
    assert codes(office, Stage.OTHER, sent) == [sent.code]


def test_information_that_asks_for_nothing_is_not_in_the_funnel(
    office: Actor, sender: Actor, receiver: Actor
) -> None:
    a_sent_referral(sender, receiver.agency, kind="INFORMATION")
    assert review.funnel(office, LONG_AGO) == []


def test_the_funnel_counts_what_was_sent_since_a_moment(
    office: Actor, sender: Actor, receiver: Actor
) -> None:
    a_sent_referral(sender, receiver.agency)
    assert review.funnel(office, TUESDAY + timedelta(minutes=1)) == []


def test_the_days_until_it_was_accepted_are_working_days(office: Actor, sender: Actor) -> None:
    receiver = a_member(an_agency(closed_weekdays=[5, 6]))
    quick, slow = (a_sent_referral(sender, receiver.agency) for _each in range(2))
    acceptance_and_outcome.accept(actor=receiver, referral_id=quick.pk)
    with days_later(6):
        acceptance_and_outcome.accept(actor=receiver, referral_id=slow.pk)
        [row] = review.funnel(office, LONG_AGO)
    assert (row.mean, row.median) == (2, 2)


@pytest.mark.parametrize("stage", [Stage.TURN, Stage.SENT, Stage.RECEIVED, Stage.ACCEPTED])
def test_a_figure_leads_to_what_it_counts(
    office: Actor, sender: Actor, receiver: Actor, stage: Stage
) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    assert codes(office, stage, sent) == [sent.code]
    assert codes(office, Stage.STARTED, sent) == []


def test_a_restricted_case_is_not_counted_for_who_is_not_named(
    office: Actor, sender: Actor, receiver: Actor
) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    restrict(actor=sender, case_id=sent.case_id)
    assert review.ageing(office) == []
    assert review.funnel(office, LONG_AGO) == []
    assert codes(office, Stage.TURN, sent) == []


def test_whoever_has_no_part_counts_nothing(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    for other in (a_member(an_agency(), Role.MANAGER), a_member(sender.agency)):
        assert review.ageing(other) == []
        assert review.funnel(other, LONG_AGO) == []
        assert codes(other, Stage.SENT, sent) == []


@pytest.mark.parametrize("agencies", [1, 4])
def test_figures_cost_the_same_however_many_there_are(
    office: Actor,
    sender: Actor,
    agencies: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _each in range(agencies):
        receiver = a_member(an_agency())
        sent = a_sent_referral(sender, receiver.agency)
        acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    with django_assert_max_num_queries(4):
        review.ageing(office)
    with django_assert_max_num_queries(5):
        review.funnel(office, LONG_AGO)
