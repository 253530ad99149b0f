"""The lead of a case moves by a transfer, and returns when the transfer comes to nothing."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.actors import Actor
from carenet.cases.models import Case
from carenet.cases.policy import can_change, can_write_note
from carenet.referrals.actions import acceptance_and_outcome, decline, loop_closure
from carenet.referrals.models import DeclineCode, DeclinedBy, NeedMet, Referral, ReferralOutcome
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency, api

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(sender: Actor) -> Case:
    return a_case(sender)


def transfer(sender: Actor, receiver: Actor, case: Case, **fields: Any) -> Referral:
    return a_sent_referral(sender, receiver.agency, case, kind="TRANSFER_OF_LEAD", **fields)


@pytest.fixture
def moved(sender: Actor, receiver: Actor, case: Case) -> Referral:
    sent = transfer(sender, receiver, case)
    return acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)


def lead_of(case: Case) -> object:
    return Case.objects.get(pk=case.pk).lead_agency


def test_the_sender_keeps_the_lead_until_acceptance(
    sender: Actor, receiver: Actor, case: Case
) -> None:
    transfer(sender, receiver, case)
    assert lead_of(case) == sender.agency


@pytest.mark.usefixtures("moved")
def test_acceptance_moves_the_lead_and_the_person_in_charge(receiver: Actor, case: Case) -> None:
    case.refresh_from_db()
    assert (case.lead_agency, case.person_in_charge) == (receiver.agency, receiver.user)


@pytest.mark.usefixtures("moved")
def test_the_former_lead_supports_meanwhile(sender: Actor, case: Case) -> None:
    case.refresh_from_db()
    assert can_write_note(sender, case)
    assert not can_change(sender, case)


def test_the_lead_returns_when_the_transfer_fails(
    sender: Actor, receiver: Actor, case: Case, moved: Referral
) -> None:
    acceptance_and_outcome.fail(actor=receiver, referral_id=moved.pk, reason="本人と連絡が取れない")
    assert lead_of(case) == sender.agency
    assert api(receiver).get(f"/api/v1/cases/{case.pk}/").status_code == 404


def test_the_lead_returns_when_an_accepted_transfer_is_declined(
    sender: Actor, receiver: Actor, case: Case, moved: Referral
) -> None:
    decline.propose_decline(
        actor=receiver,
        referral_id=moved.pk,
        code=DeclineCode.NOT_ELIGIBLE,
        declined_by=DeclinedBy.PROVIDER,
    )
    assert lead_of(case) == receiver.agency
    decline.confirm_decline(actor=sender, referral_id=moved.pk)
    assert lead_of(case) == sender.agency


def test_the_lead_stays_when_the_transfer_is_completed_and_closed(
    sender: Actor, receiver: Actor, case: Case, moved: Referral
) -> None:
    acceptance_and_outcome.complete(
        actor=receiver,
        referral_id=moved.pk,
        outcome=ReferralOutcome.SERVICE_STARTED,
        report="引き継いだ",
    )
    loop_closure.close(actor=sender, referral_id=moved.pk, need_met=NeedMet.YES)
    assert lead_of(case) == receiver.agency


def test_the_former_lead_is_out_when_its_time_has_run_out(
    sender: Actor, receiver: Actor, case: Case, moved: Referral, settings: Any
) -> None:
    settings.REFERRAL_VISIBLE_DAYS_AFTER_END = 0
    acceptance_and_outcome.complete(
        actor=receiver,
        referral_id=moved.pk,
        outcome=ReferralOutcome.SERVICE_STARTED,
        report="引き継いだ",
    )
    assert api(sender).get(f"/api/v1/cases/{case.pk}/").status_code == 404
    assert api(receiver).get(f"/api/v1/cases/{case.pk}/").status_code == 200


def test_another_pending_transfer_is_withdrawn_when_the_lead_moves(
    sender: Actor, receiver: Actor, case: Case
) -> None:
    other = transfer(sender, a_member(an_agency()), case)
    first = transfer(sender, receiver, case)
    acceptance_and_outcome.accept(actor=receiver, referral_id=first.pk)
    other.refresh_from_db()
    assert other.status == "withdrawn"
    assert other.events.get(verb="withdraw").side == "HOUSE"


def test_open_referrals_stay_and_the_senders_part_passes_to_the_new_lead(
    sender: Actor, receiver: Actor, case: Case
) -> None:
    helper = a_member(an_agency())
    other = a_sent_referral(sender, helper.agency, case)
    first = transfer(sender, receiver, case)
    acceptance_and_outcome.accept(actor=receiver, referral_id=first.pk)
    other.refresh_from_db()
    assert (other.status, other.sender) == ("sent", receiver.agency)
    rows = api(receiver).get("/api/v1/referrals/?box=outbox").json()["results"]
    assert str(other.pk) in [row["id"] for row in rows]


def test_what_the_new_lead_receives_itself_stays_as_it_is(
    sender: Actor, receiver: Actor, case: Case
) -> None:
    support = a_sent_referral(sender, receiver.agency, case)
    first = transfer(sender, receiver, case)
    acceptance_and_outcome.accept(actor=receiver, referral_id=first.pk)
    support.refresh_from_db()
    assert (support.status, support.sender) == ("sent", sender.agency)


def test_what_was_passed_on_comes_back_with_the_lead(
    sender: Actor, receiver: Actor, case: Case
) -> None:
    other = a_sent_referral(sender, an_agency(), case)
    first = transfer(sender, receiver, case)
    acceptance_and_outcome.accept(actor=receiver, referral_id=first.pk)
    acceptance_and_outcome.fail(actor=receiver, referral_id=first.pk, reason="連絡が取れない")
    other.refresh_from_db()
    assert other.sender == sender.agency
    assert api(receiver).get(f"/api/v1/referrals/{other.pk}/").status_code == 404


class TestAChainOfTransfers:
    """S has transferred to R, and R to a third agency."""

    @pytest.fixture
    def third(self) -> Actor:
        return a_member(an_agency())

    @pytest.fixture
    def second(self, receiver: Actor, third: Actor, case: Case, moved: Referral) -> Referral:
        del moved
        sent = transfer(receiver, third, case)
        return acceptance_and_outcome.accept(actor=third, referral_id=sent.pk)

    def test_the_first_coming_to_nothing_takes_the_lead_from_nobody(
        self, receiver: Actor, third: Actor, case: Case, moved: Referral, second: Referral
    ) -> None:
        del second
        acceptance_and_outcome.fail(actor=receiver, referral_id=moved.pk, reason="連絡が取れない")
        assert lead_of(case) == third.agency
        assert api(third).get(f"/api/v1/cases/{case.pk}/").status_code == 200

    def test_the_lead_finds_its_way_back_when_both_come_to_nothing(
        self,
        sender: Actor,
        receiver: Actor,
        third: Actor,
        case: Case,
        moved: Referral,
        second: Referral,
    ) -> None:
        acceptance_and_outcome.fail(actor=receiver, referral_id=moved.pk, reason="連絡が取れない")
        acceptance_and_outcome.fail(actor=third, referral_id=second.pk, reason="対象外")
        assert lead_of(case) == sender.agency


def test_a_disclosed_address_runs_out_with_the_case(
    sender: Actor, receiver: Actor, settings: Any
) -> None:
    settings.REFERRAL_VISIBLE_DAYS_AFTER_END = 0
    resident = a_resident(sender, address="大豆戸町1", address_protected=True)
    case = a_case(sender, resident)
    sent = transfer(sender, receiver, case, discloses_address=True)
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    shown = f"/api/v1/residents/{resident.pk}/"
    assert api(receiver).get(shown).json()["address"] == "大豆戸町1"
    api(receiver).post(f"/api/v1/cases/{case.pk}/close/", {"reason": "goal_reached"})
    assert api(receiver).get(shown).json()["address"] is None
