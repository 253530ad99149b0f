"""An open pool among the other verbs: before a claim there is no R, and nothing breaks on that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from carenet.accounts.actions.accounts import disable_account
from carenet.agencies.actions import end_membership
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind, Membership
from carenet.agencies.roles import Role
from carenet.cases.actions.cases import move, restrict
from carenet.cases.models import Case, EndReason
from carenet.cases.states import CaseVerb
from carenet.core.errors import Conflict, Invalid
from carenet.oversight.models import Incident
from carenet.referrals.actions import (
    acceptance_and_outcome,
    loop_closure,
    pools,
    questions_and_pauses,
    reopened_referrals,
    withdrawal,
)
from carenet.referrals.models import NeedMet, Referral
from tests.factories import (
    a_case,
    a_draft,
    a_member,
    a_sent_referral,
    an_agency,
    an_attachment,
    api,
)
from tests.referrals.sweeps import notified, open_chases, sweep

pytestmark = pytest.mark.django_db
POOL = "/api/v1/referral-pool/"


@pytest.fixture
def other(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency(AgencyKind.LIFE_SUPPORT_CENTER))


def offered(sender: Actor, *members: Actor, **fields: Any) -> Referral:
    case = fields.pop("case", None)
    return a_sent_referral(sender, None, case, pool=[each.agency for each in members], **fields)


def post(actor: Actor, referral: Referral, verb: str, **body: Any) -> tuple[int, str]:
    answer = api(actor).post(f"/api/v1/referrals/{referral.pk}/{verb}/", body)
    return answer.status_code, answer.json().get("code", "")


def closed_unclaimed(sender: Actor, *members: Actor) -> Referral:
    sent = offered(sender, *members)
    withdrawal.withdraw(actor=sender, referral_id=sent.pk, reason="状況が変わった")
    return loop_closure.close(
        actor=sender, referral_id=sent.pk, need_met=NeedMet.NO, reason="別の方法で"
    )


def test_a_pool_in_which_nobody_could_claim_is_not_asked(sender: Actor) -> None:
    draft = a_draft(sender, None, pool=[an_agency(), an_agency()], sharing_basis="WITHIN_PURPOSE")
    status, _code = post(sender, draft, "send")
    assert status == 400
    assert Referral.objects.get(pk=draft.pk).status == "draft"


def test_nobody_speaks_for_a_pool(sender: Actor, receiver: Actor, other: Actor) -> None:
    sent = offered(sender, receiver, other)
    for verb in ("receive", "accept"):
        assert post(sender, sent, verb, channel="phone") == (403, "not_claimed")


def test_the_sender_takes_it_back_before_a_claim(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    back = withdrawal.withdraw(actor=sender, referral_id=sent.pk, reason="状況が変わった")
    assert (back.status, back.turn) == ("withdrawn", "S")
    assert open_chases(sent) == {"referral.senders_turn"}
    assert post(receiver, sent, "claim") == (409, "already_claimed")
    assert Referral.objects.get(pk=sent.pk).version == back.version


def test_what_a_pool_did_not_claim_is_sent_on(sender: Actor, receiver: Actor, other: Actor) -> None:
    sent = offered(sender, receiver, other)
    withdrawal.withdraw(actor=sender, referral_id=sent.pk, reason="応答がない")
    status, _code = post(sender, sent, "reroute", receiver=str(receiver.agency.pk))
    assert status == 200
    draft = Referral.objects.get(replaces=sent)
    assert (draft.receiver, draft.to_pool) == (receiver.agency, False)


def test_a_void_before_a_claim_ends_the_pool_and_names_no_receiver(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    api(receiver).get(f"{POOL}{sent.pk}/")
    assert post(sender, sent, "void", reason="別人")[0] == 200
    assert api(receiver).get(f"{POOL}{sent.pk}/").status_code == 404
    incident = Incident.objects.get(referral=sent)
    assert incident.receiver is None
    assert incident.agencies_to_tell == [str(receiver.agency.pk)]


def test_an_incident_without_a_receiver_is_read(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    officer = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.AUDITOR)
    post(sender, offered(sender, receiver, other), "void", reason="別人")
    (shown,) = api(officer).get("/api/v1/incidents/").json()["results"]
    assert shown["receiver"] is None


def test_an_ended_case_settles_what_waits_in_a_pool(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    case = a_case(sender)
    sent = offered(sender, receiver, other, case=case)
    move(actor=sender, case_id=case.pk, verb=CaseVerb.CLOSE, reason=EndReason.GOAL_REACHED)
    found = Referral.objects.get(pk=sent.pk)
    assert (found.status, found.closed_as) == ("closed", "settled")
    assert open_chases(sent) == {"referral.settled"}


@pytest.mark.django_db(transaction=True)
def test_of_a_settled_pool_the_sender_alone_is_told(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    case = a_case(sender)
    sent = offered(sender, receiver, other, case=case)
    move(actor=sender, case_id=case.pk, verb=CaseVerb.CLOSE, reason=EndReason.GOAL_REACHED)
    sweep(timezone.now())
    assert notified(sent, "referral.settled") == [sender.user_id]


def test_the_lead_moves_through_a_pool_with_the_acceptance(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    case = a_case(sender)
    sent = offered(sender, receiver, other, case=case, kind="TRANSFER_OF_LEAD")
    pools.claim(actor=receiver, referral_id=sent.pk)
    assert Case.objects.get(pk=case.pk).lead_agency == sender.agency
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    assert Case.objects.get(pk=case.pk).lead_agency == receiver.agency


def test_a_transfer_that_waits_in_a_pool_is_withdrawn_when_the_lead_moves_elsewhere(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    case, third = a_case(sender), a_member(an_agency())
    waiting = offered(sender, receiver, other, case=case, kind="TRANSFER_OF_LEAD")
    sent = a_sent_referral(sender, third.agency, case, kind="TRANSFER_OF_LEAD")
    acceptance_and_outcome.accept(actor=third, referral_id=sent.pk)
    assert Referral.objects.get(pk=waiting.pk).status == "withdrawn"
    assert api(receiver).get(f"{POOL}{waiting.pk}/").status_code == 404


def test_what_was_closed_unclaimed_asks_its_pool_anew(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    closed = closed_unclaimed(sender, receiver, other)
    again = reopened_referrals.reopen(actor=sender, referral_id=closed.pk, reason="やはり必要")
    assert (again.status, again.turn) == ("sent", "POOL")
    assert api(other).get(f"{POOL}{closed.pk}/").status_code == 200


def test_a_pool_is_not_asked_anew_of_a_case_that_is_restricted_by_now(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    closed = closed_unclaimed(sender, receiver, other)
    restrict(actor=sender, case_id=closed.case_id)
    with pytest.raises(Conflict):
        reopened_referrals.reopen(actor=sender, referral_id=closed.pk, reason="やはり必要")


def test_nor_one_whose_agencies_take_no_part_any_more(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    closed = closed_unclaimed(sender, receiver, other)
    other.agency.active = False
    other.agency.save()
    with pytest.raises(Conflict):
        reopened_referrals.reopen(actor=sender, referral_id=closed.pk, reason="やはり必要")


def test_nothing_is_sent_anew_to_an_agency_that_takes_no_part_any_more(
    sender: Actor, receiver: Actor
) -> None:
    sent = a_sent_referral(sender, receiver.agency)
    withdrawal.withdraw(actor=sender, referral_id=sent.pk, reason="状況が変わった")
    loop_closure.close(actor=sender, referral_id=sent.pk, need_met=NeedMet.NO, reason="別の方法で")
    receiver.agency.active = False
    receiver.agency.save()
    with pytest.raises(Conflict):
        reopened_referrals.reopen(actor=sender, referral_id=sent.pk, reason="やはり必要")


@pytest.mark.django_db(transaction=True)
def test_when_its_case_is_restricted_the_sender_is_chased_at_once(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    restrict(actor=sender, case_id=sent.case_id)
    for days in range(10):
        sweep(timezone.now() + timedelta(days=days))
    assert set(notified(sent)) == {sender.user_id}


def test_a_handover_pack_tells_what_waits_in_a_pool(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    answer = api(sender).get(f"/api/v1/cases/{sent.case_id}/handover/")
    assert answer.status_code == 200
    assert sent.code in answer.content.decode()


def test_a_part_is_made_over_the_api(sender: Actor, receiver: Actor, other: Actor) -> None:
    whole = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=whole.pk)
    answer = api(receiver).post(
        "/api/v1/referrals/",
        {
            "case": str(whole.case_id), "part_of": str(whole.pk), "receiver": str(other.agency.pk),
            "kind": "CO_SUPPORT", "need": "care_service", "reason": "通院の付き添い",
        },
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    assert answer.json()["part_of"]["code"] == whole.code


def test_a_part_goes_to_a_pool_under_the_same_rule(sender: Actor, other: Actor) -> None:
    stranger = a_sent_referral(sender, other.agency)
    with pytest.raises(Invalid) as problem:
        a_draft(sender, None, part_of=stranger, pool=[other.agency, an_agency()])
    assert set(problem.value.fields) == {"part_of"}


def test_a_claim_after_the_deadline_still_counts(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        claimed = pools.claim(actor=other, referral_id=sent.pk)
        assert claimed.due_at
        assert claimed.due_at > timezone.now()


def test_of_two_claims_the_second_changes_nothing(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    first = pools.claim(actor=receiver, referral_id=sent.pk)
    with pytest.raises(Conflict):
        pools.claim(actor=other, referral_id=sent.pk)
    found = Referral.objects.get(pk=sent.pk)
    assert (found.receiver, found.version) == (receiver.agency, first.version)
    assert found.events.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_somebody_claimed_who_leaves_stays_with_the_desk(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    desk = a_member(receiver.agency)
    sent = offered(sender, receiver, other)
    claimed = pools.claim(actor=receiver, referral_id=sent.pk)
    end_membership(actor=None, membership=Membership.objects.get(user=receiver.user))
    assert claimed.due_at
    sweep(claimed.due_at)
    assert notified(sent) == [desk.user_id]


@pytest.mark.django_db(transaction=True)
def test_the_review_of_a_hold_finds_the_desk_when_the_account_was_disabled(
    sender: Actor, receiver: Actor
) -> None:
    desk = a_member(receiver.agency)
    sent = a_sent_referral(sender, receiver.agency)
    acceptance_and_outcome.accept(actor=receiver, referral_id=sent.pk)
    later = timezone.localdate() + timedelta(days=10)
    held = questions_and_pauses.hold(
        actor=receiver, referral_id=sent.pk, reason="入院", review_on=later
    )
    assert receiver.user
    disable_account(user=receiver.user)
    assert Referral.objects.get(pk=sent.pk).person_in_charge is None
    assert held.due_at
    sweep(held.due_at)
    assert notified(sent, "referral.hold_review") == [desk.user_id]


def test_a_file_goes_out_of_sight_at_once_with_a_void(
    sender: Actor, receiver: Actor, other: Actor
) -> None:
    sent = offered(sender, receiver, other)
    file = an_attachment(sender, sent)
    content = f"/api/v1/referrals/{sent.pk}/attachments/{file.pk}/content/"
    assert api(receiver).get(content).status_code == 404
    pools.claim(actor=receiver, referral_id=sent.pk)
    assert api(receiver).get(content).status_code == 200
    assert post(sender, sent, "void", reason="別人")[0] == 200
    assert api(receiver).get(content).status_code == 404
    readers = Incident.objects.get(referral=sent).readers
    assert [reader["agency_id"] for reader in readers] == [str(receiver.agency.pk)]


def test_files_of_a_restricted_case_are_for_its_named_persons(
    sender: Actor, receiver: Actor
) -> None:
    colleague = a_member(receiver.agency)
    case = a_case(sender, confidentiality="restricted")
    sent = a_sent_referral(sender, receiver.agency, case, addressee=receiver.user)
    file = an_attachment(sender, sent)
    content = f"/api/v1/referrals/{sent.pk}/attachments/{file.pk}/content/"
    assert api(receiver).get(content).status_code == 200
    assert api(colleague).get(content).status_code == 404
