"""An ignored referral chases somebody, step by step, until somebody answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import connection

from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.roles import Role
from carenet.referrals.actions import answering, pooling
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry, Reminder
from tests.world import a_member, a_sent_referral, an_agency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carenet.agencies.actors import Actor
    from carenet.referrals.models import Referral

pytestmark = pytest.mark.django_db(transaction=True)

# A Tuesday morning in Yokohama; the Monday before was a holiday.
TUESDAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def ward() -> Actor:
    return a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)


@pytest.fixture
def core() -> Agency:
    return an_agency(AgencyKind.CORE_CONSULTATION_CENTER, closed_weekdays=[5, 6])


@pytest.fixture
def desk(core: Agency) -> Actor:
    return a_member(core, Role.STAFF)


@pytest.fixture
def manager(core: Agency) -> Actor:
    return a_member(core, Role.MANAGER)


@pytest.fixture
def sender() -> Actor:
    return a_member(an_agency())


def sweep(at: datetime) -> None:
    """Let a worker do all that is due at a moment."""
    with time_machine.travel(at, tick=False):
        while work_once(now=at):
            pass
    connection.close()


def told(referral: Referral) -> list[object]:
    """Who has it in their inbox, in the order in which it arrived; an agency's systems apart."""
    entries = InboxEntry.objects.filter(reminder__subject_id=referral.pk, user__isnull=False)
    return list(entries.order_by("arrived_at", "id").values_list("user", flat=True))


def test_nobody_is_chased_before_the_answer_is_due(sender: Actor, desk: Actor) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="normal")
    sweep(TUESDAY + 2 * DAY)
    assert told(sent) == []


def test_the_desk_is_chased_first(sender: Actor, desk: Actor, manager: Actor) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="normal")
    sweep(TUESDAY + 3 * DAY)
    assert told(sent) == [desk.user_id]
    assert manager.user_id not in told(sent)


def test_then_the_manager_the_sender_and_the_coordinator(
    sender: Actor, desk: Actor, manager: Actor, ward: Actor
) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="normal")
    for days in range(3, 12):
        sweep(TUESDAY + days * DAY)
    assert told(sent) == [desk.user_id, manager.user_id, sender.user_id, ward.user_id]


def test_closing_days_of_the_receiver_do_not_count(sender: Actor, desk: Actor) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="normal")
    assert Reminder.objects.get(subject_id=sent.pk).due_at == TUESDAY + 3 * DAY  # Friday
    with time_machine.travel(TUESDAY + DAY, tick=False):
        later = a_sent_referral(sender, desk.agency, urgency="normal")
    assert Reminder.objects.get(subject_id=later.pk).due_at == TUESDAY + 6 * DAY  # Monday


def test_an_urgent_one_is_chased_within_hours(sender: Actor, desk: Actor) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="today")
    sweep(TUESDAY + timedelta(hours=2))
    assert told(sent) == [desk.user_id]


def test_an_agency_without_a_manager_goes_straight_on_to_the_sender(
    sender: Actor, desk: Actor
) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="normal")
    for days in (3, 6):
        sweep(TUESDAY + days * DAY)
    assert told(sent) == [desk.user_id, sender.user_id]


@pytest.mark.usefixtures("ward")
def test_an_answer_ends_the_chase(sender: Actor, desk: Actor, manager: Actor) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="normal")
    sweep(TUESDAY + 3 * DAY)
    answering.accept(actor=desk, referral_id=sent.pk)
    sweep(TUESDAY + 10 * DAY)
    assert told(sent) == [desk.user_id]
    assert manager.user_id not in told(sent)


def test_an_unclaimed_pool_rings_at_every_desk_twice_then_at_the_sender_and_the_coordinator(
    sender: Actor, desk: Actor, ward: Actor
) -> None:
    other = a_member(an_agency())
    sent = a_sent_referral(sender, None, pool=[desk.agency, other.agency])
    for days in range(3, 10):
        sweep(TUESDAY + days * DAY)
    desks = [desk.user_id, other.user_id]
    rung = told(sent)
    assert sorted(map(str, rung[:4])) == sorted(map(str, desks * 2))
    assert rung[4:] == [sender.user_id, ward.user_id]


def test_a_claim_moves_the_chase_to_the_one_who_claimed(sender: Actor, desk: Actor) -> None:
    other = a_member(an_agency())
    sent = a_sent_referral(sender, None, pool=[desk.agency, other.agency])
    pooling.claim(actor=desk, referral_id=sent.pk)
    sweep(TUESDAY + 3 * DAY)
    assert told(sent) == [desk.user_id]


def test_what_a_pool_is_told_names_no_code(sender: Actor, desk: Actor) -> None:
    sent = a_sent_referral(sender, None, pool=[desk.agency, an_agency()])
    assert Reminder.objects.get(subject_id=sent.pk).subject_code == ""
