"""Information only: it is sent and received, and nothing moves."""

from __future__ import annotations

import pytest

from carenet.agencies.actors import Actor
from carenet.core.errors import Conflict, Invalid
from carenet.referrals.actions import acceptance_and_outcome, withdrawal
from carenet.referrals.models import Referral
from carenet.reminders.models import Reminder
from tests.factories import a_draft, a_resident, a_sent_referral, api

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(sender: Actor, receiver: Actor) -> Referral:
    return a_sent_referral(sender, receiver.agency, kind="INFORMATION")


def test_receiving_closes_it(receiver: Actor, sent: Referral) -> None:
    closed = acceptance_and_outcome.receive(actor=receiver, referral_id=sent.pk)
    assert (closed.status, closed.closed_as, closed.turn) == ("closed", "informed", None)
    assert not Reminder.objects.filter(subject_id=sent.pk, settled_at=None).exists()


def test_taking_it_back_closes_it(sender: Actor, sent: Referral) -> None:
    closed = withdrawal.withdraw(actor=sender, referral_id=sent.pk, reason="送り先を誤った")
    assert (closed.status, closed.closed_as, closed.turn) == ("closed", "taken_back", None)


def test_the_receiver_gets_no_part_in_the_case(receiver: Actor, sent: Referral) -> None:
    acceptance_and_outcome.receive(actor=receiver, referral_id=sent.pk)
    assert api(receiver).get(f"/api/v1/referrals/{sent.pk}/").status_code == 200
    assert api(receiver).get(f"/api/v1/cases/{sent.case_id}/").status_code == 404


def test_it_is_not_accepted(receiver: Actor, sent: Referral) -> None:
    with pytest.raises(Conflict) as refused:
        acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    assert refused.value.reason_code == "wrong_kind"


def test_it_discloses_no_address(sender: Actor, receiver: Actor) -> None:
    a_resident(sender)
    with pytest.raises(Invalid) as refused:
        a_draft(sender, receiver.agency, kind="INFORMATION", discloses_address=True)
    assert "discloses_address" in refused.value.fields
