"""An ignored referral chases somebody, step by step, until somebody answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils.translation import override

from carenet.agencies.actions import add_chasing_rule
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind, ChasingStage
from carenet.agencies.roles import Role
from carenet.core.errors import Forbidden
from carenet.referrals.actions import acceptance_and_outcome, decline, pools
from carenet.referrals.actions.notifications import DECLINE_PROPOSED
from carenet.referrals.models import DeclineCode, DeclinedBy, Referral
from carenet.reminders.actions import acknowledge, mark_read
from carenet.reminders.models import InboxEntry, Reminder
from carenet.reminders.selectors import codes_waiting_for
from tests.factories import a_member, a_sent_referral, an_agency
from tests.referrals.sweeps import DAY, TUESDAY, notified, sweep

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_nobody_is_chased_before_the_answer_is_due(sender: Actor, desk: Actor) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="normal")
    sweep(TUESDAY + 2 * DAY)
    assert notified(sent) == []


def test_the_desk_is_chased_first(sender: Actor, desk: Actor, manager: Actor) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="normal")
    sweep(TUESDAY + 3 * DAY)
    assert notified(sent) == [desk.user_id]
    assert manager.user_id not in notified(sent)


def test_then_the_manager_the_sender_and_the_coordinator(
    sender: Actor, desk: Actor, manager: Actor, ward: Actor
) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="normal")
    for days in range(3, 12):
        sweep(TUESDAY + days * DAY)
    assert notified(sent) == [desk.user_id, manager.user_id, sender.user_id, ward.user_id]


def test_closing_days_of_the_receiver_do_not_count(sender: Actor, desk: Actor) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="normal")
    assert Reminder.objects.get(subject_id=sent.pk).due_at == TUESDAY + 3 * DAY  # Friday
    with time_machine.travel(TUESDAY + DAY, tick=False):
        later = a_sent_referral(sender, desk.agency, urgency="normal")
    assert Reminder.objects.get(subject_id=later.pk).due_at == TUESDAY + 6 * DAY  # Monday


def test_an_urgent_one_is_chased_within_hours(sender: Actor, desk: Actor) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="today")
    sweep(TUESDAY + timedelta(hours=2))
    assert notified(sent) == [desk.user_id]


def test_an_agency_without_a_manager_goes_straight_on_to_the_sender(
    sender: Actor, desk: Actor
) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="normal")
    for days in (3, 6):
        sweep(TUESDAY + days * DAY)
    assert notified(sent) == [desk.user_id, sender.user_id]


def a_proposed_decline(desk: Actor, sent: Referral) -> Referral:
    return decline.propose_decline(
        actor=desk,
        referral_id=sent.pk,
        code=DeclineCode.NO_CAPACITY,
        declined_by=DeclinedBy.PROVIDER,
    )


def test_a_proposed_decline_is_told_at_once_and_chased_days_later(
    sender: Actor, desk: Actor
) -> None:
    sent = a_proposed_decline(desk, a_sent_referral(sender, desk.agency, urgency="normal"))
    sweep(TUESDAY)
    assert notified(sent, DECLINE_PROPOSED) == [sender.user_id]
    sweep(TUESDAY + 2 * DAY)
    assert notified(sent, "referral.senders_turn") == []
    sweep(TUESDAY + 3 * DAY)
    assert notified(sent, "referral.senders_turn") == [sender.user_id]


def test_of_what_is_needed_today_a_proposed_decline_is_chased_at_once(
    sender: Actor, desk: Actor
) -> None:
    sent = a_proposed_decline(desk, a_sent_referral(sender, desk.agency, urgency="today"))
    sweep(TUESDAY)
    assert notified(sent, "referral.senders_turn") == [sender.user_id]


def test_how_soon_it_is_needed_counts_once_it_was_accepted_too(sender: Actor, desk: Actor) -> None:
    today = a_sent_referral(sender, desk.agency, urgency="today")
    accepted = acceptance_and_outcome.accept(actor=desk, referral_id=today.pk)
    assert accepted.due_at == TUESDAY + timedelta(hours=2)


@pytest.mark.usefixtures("ward")
def test_an_answer_ends_the_chase(sender: Actor, desk: Actor, manager: Actor) -> None:
    sent = a_sent_referral(sender, desk.agency, urgency="normal")
    sweep(TUESDAY + 3 * DAY)
    acceptance_and_outcome.accept(actor=desk, referral_id=sent.pk)
    sweep(TUESDAY + 10 * DAY)
    assert notified(sent) == [desk.user_id]
    assert manager.user_id not in notified(sent)


def test_an_unclaimed_pool_escalates_from_the_desks_to_the_coordinator(
    sender: Actor, desk: Actor, manager: Actor, ward: Actor
) -> None:
    other = a_member(an_agency())
    sent = a_sent_referral(sender, None, pool=[desk.agency, other.agency])
    for days in range(3, 10):
        sweep(TUESDAY + days * DAY)
    rung = notified(sent)
    assert set(rung[:2]) == {desk.user_id, other.user_id}
    assert rung[2:] == [manager.user_id, sender.user_id, ward.user_id]


def test_an_agency_of_a_pool_that_is_not_chased_is_passed_over(
    sender: Actor, desk: Actor, manager: Actor
) -> None:
    other = a_member(an_agency())
    sent = a_sent_referral(sender, None, pool=[desk.agency, other.agency])
    add_chasing_rule(
        actor=manager, agency=desk.agency, stage=ChasingStage.ANSWER, switched_off=True
    )
    sweep(TUESDAY + 3 * DAY)
    assert notified(sent) == [other.user_id]


def test_no_agency_of_a_pool_holds_the_chase_back_for_the_others(
    sender: Actor, desk: Actor
) -> None:
    other = a_member(an_agency())
    sent = a_sent_referral(sender, None, pool=[desk.agency, other.agency])
    sweep(TUESDAY + 3 * DAY)
    entry = InboxEntry.objects.get(reminder__subject_id=sent.pk, user=desk.user_id)
    with pytest.raises(Forbidden) as refusal:
        acknowledge(actor=desk, entry=entry)
    assert refusal.value.reason_code == "asked_of_several"
    mark_read(actor=desk, entry=entry)


def test_a_sender_may_hold_back_the_chase_of_its_pool(sender: Actor, desk: Actor) -> None:
    other = a_member(an_agency())
    sent = a_sent_referral(sender, None, pool=[desk.agency, other.agency])
    for days in range(3, 10):
        sweep(TUESDAY + days * DAY)
    entry = InboxEntry.objects.filter(reminder__subject_id=sent.pk, user=sender.user_id).first()
    assert entry
    acknowledge(actor=sender, entry=entry)
    assert Reminder.objects.get(subject_id=sent.pk).holder == sender.user


def test_a_digest_says_in_words_what_has_no_code_for_its_reader(sender: Actor, desk: Actor) -> None:
    a_sent_referral(sender, None, pool=[desk.agency, an_agency()])
    sweep(TUESDAY + 3 * DAY)
    assert desk.user
    with override("en"):
        waiting = codes_waiting_for(desk.user, desk.agency)
    assert waiting == ["A referral to an open pool waits for an agency to claim it."]


def test_a_claim_moves_the_chase_to_the_one_who_claimed(sender: Actor, desk: Actor) -> None:
    other = a_member(an_agency())
    sent = a_sent_referral(sender, None, pool=[desk.agency, other.agency])
    pools.claim(actor=desk, referral_id=sent.pk)
    sweep(TUESDAY + 3 * DAY)
    assert notified(sent) == [desk.user_id]


def test_what_a_pool_is_told_names_no_code(sender: Actor, desk: Actor) -> None:
    sent = a_sent_referral(sender, None, pool=[desk.agency, an_agency()])
    assert Reminder.objects.get(subject_id=sent.pk).subject_code == ""
