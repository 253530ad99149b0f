"""Taking a referral back: alone before the work, by agreement after it, by C for a silent receiver."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from carenet.core.errors import Conflict, Forbidden
from carenet.referrals.actions import acceptance_and_outcome, withdrawal
from carenet.referrals.escalation import WITHDRAWAL
from carenet.referrals.models import Referral
from tests.factories import a_case, a_member, a_sent_referral, an_agency, api
from tests.referrals.sweeps import notified, open_chases, sweep

pytestmark = pytest.mark.django_db
SILENCE = timedelta(days=10)


@pytest.fixture
def ward(db: None) -> Actor:  # noqa: ARG001 - ordering
    return a_member(an_agency(AgencyKind.WARD_OFFICE), Role.COORDINATOR)


@pytest.fixture
def at_work(ward: Actor, sender: Actor, receiver: Actor) -> Referral:  # noqa: ARG001 - ordering
    sent = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    today = timezone.localdate()
    return acceptance_and_outcome.start(actor=receiver, referral_id=sent.pk, first_contact_on=today)


def request(sender: Actor, referral: Referral) -> Referral:
    return withdrawal.request_withdrawal(actor=sender, referral_id=referral.pk, reason="本人が辞退")


def test_what_was_sent_can_be_taken_back(sender: Actor, receiver: Actor) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    back = withdrawal.withdraw(actor=sender, referral_id=sent.pk, reason="送り先を誤った")
    assert (back.status, back.turn) == ("withdrawn", "S")
    assert open_chases(sent) == {"referral.senders_turn"}


def test_taking_back_an_accepted_transfer_returns_the_lead(sender: Actor, receiver: Actor) -> None:
    case = a_case(sender)
    sent = a_sent_referral(sender, receiver.agency, case, kind="TRANSFER_OF_LEAD")
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    withdrawal.withdraw(actor=sender, referral_id=sent.pk, reason="本人が辞退")
    assert Case.objects.get(pk=case.pk).lead_agency == sender.agency
    assert api(receiver).get(f"/api/v1/cases/{case.pk}/").status_code == 404


def test_work_that_has_begun_is_not_simply_taken_back(sender: Actor, at_work: Referral) -> None:
    with pytest.raises(Conflict):
        withdrawal.withdraw(actor=sender, referral_id=at_work.pk, reason="本人が辞退")


def test_the_receiver_agrees(sender: Actor, receiver: Actor, at_work: Referral) -> None:
    assert request(sender, at_work).status == "in_progress"
    back = withdrawal.agree_withdrawal(actor=receiver, referral_id=at_work.pk)
    assert back.status == "withdrawn"
    assert open_chases(at_work) == {"referral.senders_turn"}


def test_nobody_agrees_to_what_was_not_requested(receiver: Actor, at_work: Referral) -> None:
    with pytest.raises(Conflict):
        withdrawal.agree_withdrawal(actor=receiver, referral_id=at_work.pk)


def test_the_coordinator_waits_for_the_receiver(
    ward: Actor, sender: Actor, at_work: Referral
) -> None:
    request(sender, at_work)
    with pytest.raises(Conflict):
        withdrawal.agree_withdrawal(actor=ward, referral_id=at_work.pk)
    with time_machine.travel(timezone.now() + SILENCE):
        back = withdrawal.agree_withdrawal(actor=ward, referral_id=at_work.pk)
    assert (back.status, back.events.latest("id").side) == ("withdrawn", "C")


def test_the_sender_does_not_agree_with_itself(sender: Actor, at_work: Referral) -> None:
    request(sender, at_work)
    with pytest.raises(Forbidden):
        withdrawal.agree_withdrawal(actor=sender, referral_id=at_work.pk)


@pytest.mark.django_db(transaction=True)
def test_a_request_chases_the_receiver_and_then_the_coordinator(
    ward: Actor, sender: Actor, receiver: Actor, at_work: Referral
) -> None:
    request(sender, at_work)
    now = timezone.now()
    sweep(now)
    assert notified(at_work, WITHDRAWAL.kind) == [receiver.user_id]
    for _ in range(3):
        sweep(now + SILENCE)
        now += SILENCE
    assert notified(at_work, WITHDRAWAL.kind)[-1] == ward.user_id
