"""Questions and answers, pauses with a review, and a decline that is taken back or contested."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.core.errors import Conflict, Invalid
from carenet.referrals.actions import acceptance_and_outcome, decline, questions_and_pauses
from carenet.referrals.models import DeclineCode, DeclinedBy, Referral
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry, Reminder
from tests.factories import a_member, a_sent_referral, api
from tests.referrals.sweeps import open_chases

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(sender: Actor, receiver: Actor) -> Referral:
    return a_sent_referral(sender, receiver.agency)


@pytest.fixture
def accepted(receiver: Actor, sent: Referral) -> Referral:
    return acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)


@pytest.fixture
def proposed(receiver: Actor, sent: Referral) -> Referral:
    return decline.propose_decline(
        actor=receiver,
        referral_id=sent.pk,
        code=DeclineCode.NO_CAPACITY,
        declined_by=DeclinedBy.PROVIDER,
    )


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def told_on(moment: object, referral: Referral) -> set[User]:
    with time_machine.travel(moment, tick=False):  # type: ignore[arg-type]
        while work_once(now=timezone.now()):
            pass
    entries = InboxEntry.objects.filter(reminder__subject_id=referral.pk, user__isnull=False)
    return {entry.user for entry in entries if entry.user}


def test_a_question_gives_the_sender_the_turn(receiver: Actor, accepted: Referral) -> None:
    asked = questions_and_pauses.ask(actor=receiver, referral_id=accepted.pk, question="鍵は誰が?")
    assert (asked.status, asked.turn, asked.events.latest("id").reason) == (
        "info_needed", "S", "鍵は誰が?",
    )  # fmt: skip
    assert asked.due_at is not None


def test_an_answer_leads_back(sender: Actor, receiver: Actor, accepted: Referral) -> None:
    questions_and_pauses.ask(actor=receiver, referral_id=accepted.pk, question="鍵は誰が?")
    answered = questions_and_pauses.answer(actor=sender, referral_id=accepted.pk, answer="民生委員")
    assert (answered.status, answered.turn) == ("accepted", "R")


def test_an_answer_before_acceptance_starts_the_chase_anew(
    sender: Actor, receiver: Actor, sent: Referral
) -> None:
    acceptance_and_outcome.receive(actor=receiver, referral_id=sent.pk)
    questions_and_pauses.ask(actor=receiver, referral_id=sent.pk, question="年齢は?")
    assert open_chases(sent) == {"referral.senders_turn"}
    answered = questions_and_pauses.answer(actor=sender, referral_id=sent.pk, answer="八十歳")
    chase = Reminder.objects.get(subject_id=sent.pk, settled_at=None)
    assert chase.due_at == answered.due_at


def test_what_was_only_sent_must_be_received_before_asking(receiver: Actor, sent: Referral) -> None:
    with pytest.raises(Conflict):
        questions_and_pauses.ask(actor=receiver, referral_id=sent.pk, question="年齢は?")


def test_a_question_is_not_empty(receiver: Actor, accepted: Referral) -> None:
    answer = api(receiver).post(f"/api/v1/referrals/{accepted.pk}/ask/", {"question": " "})
    assert answer.status_code == 400


def test_the_review_of_a_hold_is_when_it_is_due(receiver: Actor, accepted: Referral) -> None:
    held = questions_and_pauses.hold(
        actor=receiver, referral_id=accepted.pk, reason="入院", review_on=in_days(10)
    )
    assert held.due_at
    assert timezone.localdate(held.due_at) == in_days(10)
    assert held.status == "on_hold"


@pytest.mark.parametrize("days", [0, -1])
def test_a_review_lies_ahead(receiver: Actor, accepted: Referral, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        questions_and_pauses.hold(
            actor=receiver, referral_id=accepted.pk, reason="入院", review_on=in_days(days)
        )
    assert "review_on" in refused.value.fields


def test_resuming_leads_back_and_ends_the_reminder(receiver: Actor, accepted: Referral) -> None:
    questions_and_pauses.hold(
        actor=receiver, referral_id=accepted.pk, reason="入院", review_on=in_days(10)
    )
    resumed = questions_and_pauses.resume(actor=receiver, referral_id=accepted.pk)
    assert (resumed.status, resumed.review_on) == ("accepted", None)
    assert open_chases(accepted) == {"referral.not_started"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("gone", [False, True], ids=["at work", "gone"])
def test_the_review_reaches_the_person_in_charge_or_the_desk(
    receiver: Actor, accepted: Referral, *, gone: bool
) -> None:
    desk = a_member(receiver.agency)
    questions_and_pauses.hold(
        actor=receiver, referral_id=accepted.pk, reason="入院", review_on=in_days(10)
    )
    assert receiver.user
    if gone:
        receiver.user.memberships.update(until=timezone.now())
    moment = Reminder.objects.get(subject_id=accepted.pk, settled_at=None).due_at
    assert told_on(moment, accepted) == {desk.user if gone else receiver.user}


def test_a_contested_decline_comes_back_with_a_fresh_deadline(
    sender: Actor, proposed: Referral
) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        back = decline.contest_decline(actor=sender, referral_id=proposed.pk, reply="区外ではない")
        assert back.due_at
        assert back.due_at > timezone.now()
    assert (back.status, back.decline_code) == ("sent", "")


def test_a_decline_can_be_taken_back(receiver: Actor, proposed: Referral) -> None:
    back = decline.retract_decline(actor=receiver, referral_id=proposed.pk)
    assert (back.status, back.turn) == ("sent", "R")
